using System.Text.Json;
using System.Text.Json.Nodes;
using ChatAkka.EndToEnd.Tests.Harness.Processes;
using ChatAkka.EndToEnd.Tests.Harness.Sockets;
using ChatAkka.EndToEnd.Tests.Harness.Waiting;

namespace ChatAkka.EndToEnd.Tests.Harness.Clients;

/// <summary>
/// One socket of one device. It reads all the time; frames are taken by those who wait for them. Everything it received can be checked at
/// the end with <see cref="ShouldHaveSeenEverythingInOrder"/>.
/// </summary>
internal sealed class ChatClient : IChatClient
{
    private readonly RawWebSocket _socket;
    private readonly Requests _requests;
    private readonly Inbox _inbox = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly Task _reading;

    private ChatClient(RawWebSocket socket, ServerLog log)
    {
        _socket = socket;
        _requests = new Requests(log);
        _reading = ReadAsync();
    }

    /// <summary>The answer to hello.</summary>
    public Frame Hello { get; private set; } = null!;

    /// <summary>The <c>sync</c> frames that came before <c>synced</c>.</summary>
    public IReadOnlyList<Frame> Syncs { get; private set; } = [];

    /// <summary>Everything received so far, in order.</summary>
    public IReadOnlyList<Frame> Received => _inbox.All;

    /// <summary>Completes when the connection has ended.</summary>
    public Task<Closing> Closed => _inbox.Closed;

    /// <summary>Opens the WebSocket and says nothing yet.</summary>
    public static async Task<ChatClient> OpenAsync(ServerProcess server) => new(await RawWebSocket.OpenAsync(server.Endpoint), server.Log);

    /// <summary>Opens the session and takes in what the device missed.</summary>
    public static async Task<ChatClient> ConnectAsync(
        ServerProcess server, string token, IReadOnlyDictionary<string, string>? cursors = null)
    {
        var client = await OpenAsync(server);
        try
        {
            object hello = cursors is null ? new { op = "hello", @ref = "hello", token }
                : new { op = "hello", @ref = "hello", token, cursors };
            client.Hello = (await client.RequestAsync(hello)).ShouldBeOk();
            await client.TakeAsync("synced", f => f.Op == "synced");
            client.Syncs = [.. client.Received.Where(f => f.Op == "sync")];
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends an object, with a ref of its own unless it has one, and waits for the one reply.</summary>
    public async Task<Frame> RequestAsync(object request, TimeSpan? limit = null)
    {
        var (reference, text) = _requests.Prepare(request);
        await SendTextAsync(text);
        return await ReplyAsync(reference, limit);
    }

    /// <summary>Sends an object and doesn't wait; <see cref="ReplyAsync"/> does.</summary>
    public async Task<string> BeginAsync(object request)
    {
        var (reference, text) = _requests.Prepare(request);
        await SendTextAsync(text);
        return reference;
    }

    /// <summary>The one reply to a request.</summary>
    public Task<Frame> ReplyAsync(string reference, TimeSpan? limit = null) =>
        TakeAsync($"the reply to {reference}", f => f.Op is "ok" or "error" && f.Ref == reference, limit);

    /// <summary>Sends a message and waits for its ok.</summary>
    public async Task<Frame> PostAsync(string channel, string clientId, string text) =>
        (await TryPostAsync(channel, clientId, text)).ShouldBeOk();

    /// <summary>Sends a message and waits for whatever is answered.</summary>
    public Task<Frame> TryPostAsync(string channel, string clientId, string text) =>
        RequestAsync(new { op = "send", channel, client_id = clientId, text });

    /// <summary>Sends a message and doesn't wait.</summary>
    public Task<string> BeginPostAsync(string channel, string clientId, string text) =>
        BeginAsync(new { op = "send", channel, client_id = clientId, text });

    /// <summary>Sends a message to a user's direct channel and waits for its ok.</summary>
    public async Task<Frame> PostToAsync(string user, string clientId, string text) =>
        (await TryPostToAsync(user, clientId, text)).ShouldBeOk();

    /// <summary>Sends a message to a user's direct channel and waits for whatever is answered.</summary>
    public Task<Frame> TryPostToAsync(string user, string clientId, string text) =>
        RequestAsync(new { op = "send", to = user, client_id = clientId, text });

    /// <summary>Sends a frame as it is.</summary>
    public Task WriteAsync(JsonObject frame) => SendTextAsync(_requests.Note(frame));

    /// <summary>Sends a text frame as it is.</summary>
    public Task SendTextAsync(string text) => SendAsync(RawFrame.Text(text));

    public Task SendAsync(RawFrame frame) => SendBytesAsync(frame.Encode());

    /// <summary>Sends bytes as they are.</summary>
    public async Task SendBytesAsync(ReadOnlyMemory<byte> bytes)
    {
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(bytes);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Moves the device's cursor. Nothing answers; that it was done shows a later request on the same socket.</summary>
    public async Task DeliveredAsync(string channel, long id)
    {
        await SendTextAsync(Json.Write(new { op = "delivered", channel, id = id.ToString() }));
        await RequestAsync(new { op = "heartbeat" });
    }

    /// <summary>Takes the first frame of a kind, now or when it comes.</summary>
    public Task<Frame> TakeAsync(string what, Func<Frame, bool> wants, TimeSpan? limit = null) => _inbox.TakeAsync(what, wants, limit);

    public Task<Frame> TakeMessageAsync(string channel, string text) => TakeAsync($"the message “{text}”", f => f.IsMessage(channel, text));

    public Task<Frame> TakeEventAsync(string channel, string type) => TakeAsync($"the event {type}", f => f.IsEvent(channel, type));

    /// <summary>Waits for the end and returns the code that it came with.</summary>
    public async Task<Closing> ClosedAsync(TimeSpan? limit = null) => await Wait.ForAsync("the server closes the socket", Closed, limit);

    /// <summary>A round trip: whatever the server had to say to this socket before is in <see cref="Received"/> afterwards.</summary>
    public Task SettleAsync() => RequestAsync(new { op = "heartbeat" });

    /// <summary>Messages that came as live events, in order.</summary>
    public IReadOnlyList<JsonElement> Events(string channel) =>
        [.. Received.Where(f => f.Op == "event" && f.Json.String("channel") == channel).Select(f => f.Json)];

    /// <summary>Messages that came with the opening sync, in order.</summary>
    public IEnumerable<string> SyncedTexts(string channel) =>
        Syncs.Where(s => s.Json.Member("channel").String("id") == channel).SelectMany(s => s.Json.Array("events"))
            .Where(e => e.String("type") == "message").Select(e => e.String("text"));

    public void ShouldHaveSeenEverythingInOrder() =>
        _requests.Check(Received, isCut: Closed is { IsCompletedSuccessfully: true, Result: var closing } && closing == Closing.Abnormal);

    /// <inheritdoc/>
    public void ShouldHaveReceivedWhatIsDocumented() => _requests.CheckForms(Received);

    /// <summary>The ops of the requests that had the frame's ref; empty if there was none that is known.</summary>
    public IReadOnlyCollection<string> RequestsOf(Frame frame) => _requests.Of(frame);

    /// <summary>Vanishes with a TCP reset.</summary>
    public void Reset() => _socket.Reset();

    /// <summary>Says goodbye and waits for the server's.</summary>
    public async Task<Closing> CloseAsync()
    {
        await SendAsync(RawFrame.Close(1000));
        return await ClosedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _reading;
        _sending.Dispose();
    }

    // The server may have gone without waiting for it.
    private async Task TryAnswerCloseAsync(ServerMessage close)
    {
        await _sending.WaitAsync();
        try
        {
            await _socket.TrySendAsync(new RawFrame(RawFrame.CloseCode, close.Payload).Encode());
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task ReadAsync()
    {
        var closing = Closing.Abnormal;
        try
        {
            while (await _socket.ReceiveAsync() is { } message)
            {
                switch (message.OpCode)
                {
                    case RawFrame.TextCode:
                        _inbox.Add(new Frame(message.Text));
                        break;
                    case RawFrame.PingCode:
                        await SendAsync(new RawFrame(RawFrame.PongCode, message.Payload));
                        break;
                    case RawFrame.CloseCode:
                        closing = message.Closing;
                        await TryAnswerCloseAsync(message);
                        return;
                }
            }
        }
        finally
        {
            _inbox.Close(closing);
        }
    }
}
