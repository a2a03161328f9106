using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ChatAkka.EndToEnd.Tests.Harness.Processes;
using ChatAkka.EndToEnd.Tests.Harness.Sockets;
using ChatAkka.EndToEnd.Tests.Harness.Waiting;
using ChatAkka.Tests.Documents;

namespace ChatAkka.EndToEnd.Tests.Harness.Clients;

/// <summary>One session of one device by long poll. It polls all the time; frames are taken by those who wait for them.</summary>
internal sealed class LongPollClient : IChatClient
{
    private readonly HttpClient _http;
    private readonly CancellationTokenSource _gone = new();
    private readonly Inbox _inbox = new();
    private readonly Requests _requests;
    private Task _polling = Task.CompletedTask;
    private string? _poll;

    private LongPollClient(ServerProcess server, string token)
    {
        server.Log.Keep(token);
        _requests = new Requests(server.Log);
        _http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = server.Address };
        _http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + token);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Frame> Syncs { get; private set; } = [];

    /// <inheritdoc/>
    public IReadOnlyList<Frame> Received => _inbox.All;

    /// <summary>Opens a session and takes in what the device missed.</summary>
    public static async Task<LongPollClient> ConnectAsync(ServerProcess server, string token)
    {
        var client = new LongPollClient(server, token);
        try
        {
            // With nothing to sync the first answer comes when its time is over.
            while (client.Received.All(f => f.Op != "synced"))
            {
                (await client.PollAsync(TimeSpan.FromMilliseconds(200))).ShouldBeTrue("the session ended while it was opened");
            }

            (await client.TakeAsync("the ok of hello", f => f.Ref == "0")).ShouldBeOk();
            client.Syncs = [.. client.Received.Where(f => f.Op == "sync")];
            client._polling = client.PollAllAsync();
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<Frame> RequestAsync(object request, TimeSpan? limit = null)
    {
        var (reference, text) = _requests.Prepare(request);
        await SendTextAsync(text);
        return await TakeAsync($"the reply to {reference}", f => f.Op is "ok" or "error" && f.Ref == reference, limit);
    }

    /// <inheritdoc/>
    public async Task SendTextAsync(string text)
    {
        using var body = new StringContent($$"""{"frames":[{{text}}]}""", Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var answer = await Wait.ForAsync("the answer to a post", _http.PostAsync("/v1/sync", body, _gone.Token));
        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    /// <inheritdoc/>
    public Task<Frame> TakeAsync(string what, Func<Frame, bool> wants, TimeSpan? limit = null) => _inbox.TakeAsync(what, wants, limit);

    /// <inheritdoc/>
    public Task<Closing> ClosedAsync(TimeSpan? limit = null) => Wait.ForAsync("the server closes the session", _inbox.Closed, limit);

    /// <inheritdoc/>
    public void Reset() => _gone.Cancel();

    /// <inheritdoc/>
    public void ShouldHaveSeenEverythingInOrder() => _requests.Check(Received, isCut: false);

    /// <inheritdoc/>
    public void ShouldHaveReceivedWhatIsDocumented() => _requests.CheckForms(Received);

    public async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        await _polling;
        _http.Dispose();
        _gone.Dispose();
    }

    private async Task PollAllAsync()
    {
        try
        {
            while (await PollAsync(TimeSpan.FromSeconds(10)))
            {
                // The next one.
            }
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException)
        {
            _inbox.Close(Closing.Abnormal);
        }
    }

    // False if the session has ended.
    private async Task<bool> PollAsync(TimeSpan atMost)
    {
        var name = _poll is null ? "" : $"&poll={_poll}";
        using var answer = await _http.GetAsync($"/v1/sync?timeout_ms={atMost.TotalMilliseconds:0}{name}", _gone.Token);
        var body = await answer.Content.ReadAsStringAsync(_gone.Token);
        if (answer.StatusCode == HttpStatusCode.Unauthorized)
        {
            // The token ended between two polls.
            _inbox.Close(new Closing(4401, "unauthorized"));
            return false;
        }

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, body);
        OpenApi.Published.CheckAnswer(OpenApi.Published.Find("GET", "/v1/sync"), 200, answer.Content.Headers.ContentType?.MediaType, body)
            .ShouldBeEmpty();
        var json = Json.Read(body);
        _poll = json.String("poll");
        foreach (var frame in json.Array("frames").Select(f => new Frame(f.GetRawText())))
        {
            if (frame.Op == "close")
            {
                _inbox.Close(new Closing((int)frame.Json.Number("code"), frame.Json.String("reason")));
                return false;
            }

            _inbox.Add(frame);
        }

        return true;
    }
}
