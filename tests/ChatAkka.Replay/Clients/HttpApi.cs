using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using ChatAkka.Replay.Judging;

namespace ChatAkka.Replay.Clients;

/// <summary>The calls of the HTTP API that a replay needs. An answer other than expected throws, with the call and the answer.</summary>
internal sealed class HttpApi(IPEndPoint server, TimeProvider time) : IDisposable
{
    private const int PageSize = 200;
    private const int Attempts = 50;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _http = new() { BaseAddress = new Uri($"http://{server}/v1/"), Timeout = TimeSpan.FromSeconds(20) };

    public Task SignUpAsync(string username, string password, string displayName, CancellationToken cancel) =>
        CallAsync(HttpMethod.Post, "users", null, new { username, password, display_name = displayName }, cancel);

    /// <summary>A session token for a new device.</summary>
    public async Task<string> LogInAsync(string username, string password, string device, CancellationToken cancel)
    {
        var answer = await CallAsync(HttpMethod.Post, "sessions", null, new { username, password, device = new { name = device, platform = "replay" } }, cancel)
            .ConfigureAwait(false);
        using var json = System.Text.Json.JsonDocument.Parse(answer);
        return json.RootElement.GetProperty("token").GetString()!;
    }

    /// <returns>The channel's id.</returns>
    public async Task<string> CreateGroupAsync(string token, string title, IEnumerable<string> members, CancellationToken cancel) =>
        ChannelOf(await CallAsync(HttpMethod.Post, "channels", token, new { kind = "group", title, members }, cancel).ConfigureAwait(false)).Id;

    /// <returns>The channel's id.</returns>
    public async Task<string> OpenDirectAsync(string token, string userId, CancellationToken cancel) =>
        ChannelOf(await CallAsync(HttpMethod.Post, "channels", token, new { kind = "direct", user_id = userId }, cancel).ConfigureAwait(false)).Id;

    /// <summary>The highest id of a channel.</summary>
    public async Task<long> HeadAsync(string token, string channel, CancellationToken cancel) =>
        ChannelOf(await CallAsync(HttpMethod.Get, $"channels/{channel}", token, null, cancel).ConfigureAwait(false)).Head;

    /// <summary>All messages of a channel, in the order in which the pages show them.</summary>
    /// <param name="backward">Page from the newest to the oldest, as a person scrolls.</param>
    public async Task<IReadOnlyList<TimelineEvent>> HistoryAsync(
        string token, string channel, TimelinePool pool, bool backward, CancellationToken cancel)
    {
        var all = new List<TimelineEvent>();
        var query = backward ? "" : "&after=0";
        while (true)
        {
            var (page, more) = PageOf(
                await CallAsync(HttpMethod.Get, $"channels/{channel}/messages?limit={PageSize}{query}", token, null, cancel).ConfigureAwait(false), pool, backward);
            all.InsertRange(backward ? 0 : all.Count, page);
            if (!more)
            {
                return all;
            }

            if (page.Count == 0)
            {
                throw new InvalidDataException($"an empty history page of channel {channel} says that there is more");
            }

            query = backward ? $"&before={page[0].Id}" : $"&after={page[^1].Id}";
        }
    }

    public void Dispose() => _http.Dispose();

    private static (string Id, long Head) ChannelOf(byte[] answer)
    {
        var frame = ServerFrame.Parse(answer);
        var channel = frame.ChannelObject.Length > 0 ? ServerFrame.Parse(frame.ChannelObject) : frame;
        return (Encoding.UTF8.GetString(channel.IdText), channel.Head);
    }

    private static (List<TimelineEvent> Page, bool More) PageOf(byte[] answer, TimelinePool pool, bool backward)
    {
        var frame = ServerFrame.Parse(answer);
        return (HistoryPage.Read(frame.Items, pool), backward ? frame.HasBefore : frame.HasAfter);
    }

    /// <summary>Comes again while the server is unavailable, or not there: it may be on its way back from a kill.</summary>
    private async Task<byte[]> CallAsync(HttpMethod method, string path, string? token, object? body, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await CallOnceAsync(method, path, token, body, cancel).ConfigureAwait(false);
            }
            catch (HttpRequestException e) when (e.StatusCode is null or HttpStatusCode.ServiceUnavailable && attempt < Attempts)
            {
                await Task.Delay(Pause, time, cancel).ConfigureAwait(false);
            }
        }
    }

    private async Task<byte[]> CallOnceAsync(HttpMethod method, string path, string? token, object? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : JsonContent.Create(body);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var answer = await _http.SendAsync(request, cancel).ConfigureAwait(false);
        var bytes = await answer.Content.ReadAsByteArrayAsync(cancel).ConfigureAwait(false);
        return answer.IsSuccessStatusCode
            ? bytes
            : throw new HttpRequestException($"{method} /v1/{path} was answered with {(int)answer.StatusCode}: {Encoding.UTF8.GetString(bytes)}", null, answer.StatusCode);
    }
}
