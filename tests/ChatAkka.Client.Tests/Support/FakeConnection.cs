using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using ChatAkka.Client.Sockets;
using ChatAkka.Protocol;

namespace ChatAkka.Client.Tests.Support;

/// <summary>One connection, from the server's side and, as a socket, from the client's.</summary>
internal sealed class FakeConnection : IChatSocket
{
    private readonly Channel<ReceivedMessage> _toClient = Channel.CreateUnbounded<ReceivedMessage>();
    private readonly Channel<JsonElement> _toServer = Channel.CreateUnbounded<JsonElement>();
    private int _read;

    /// <summary>What the client said hello with.</summary>
    public JsonElement Hello { get; private set; }

    /// <summary>The client has said good-bye.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>A client that closes gets no answer.</summary>
    public bool IgnoresClose { get; set; }

    /// <summary>Messages that the client has read.</summary>
    public int Read => Volatile.Read(ref _read);

    // ---- the server's side

    /// <summary>Answers the hello.</summary>
    public async Task WelcomeAsync(params string[] syncs)
    {
        Hello = await TakeAsync("hello");
        Send("""{"op":"ok","ref":"REF","user_id":"42","device_id":"43","node":"a","time":7,"heartbeat_ms":5000,"timeout_ms":30000,"max_text":100000}"""
            .Replace("REF", Hello.GetProperty("ref").GetString(), StringComparison.Ordinal));
        foreach (var sync in syncs)
        {
            Send(sync);
        }

        Send("""{"op":"synced"}""");
    }

    /// <summary>The next frame of an operation; others are passed over.</summary>
    public async Task<JsonElement> TakeAsync(string op)
    {
        while (true)
        {
            var frame = await _toServer.Reader.ReadAsync().AsTask().Within($"a frame {op}");
            if (frame.GetProperty("op").GetString() == op)
            {
                return frame;
            }
        }
    }

    /// <summary>What the client has said and nobody has taken.</summary>
    public IReadOnlyList<JsonElement> Untaken()
    {
        List<JsonElement> frames = [];
        while (_toServer.Reader.TryRead(out var frame))
        {
            frames.Add(frame);
        }

        return frames;
    }

    public void Send(string json) => _toClient.Writer.TryWrite(new ReceivedMessage(Encoding.UTF8.GetBytes(json), null));

    /// <summary>Answers a send.</summary>
    public void SendOk(JsonElement send, long id, string channel = "5", bool duplicate = false) => Send(
        $$"""{"op":"ok","ref":"{{send.GetProperty("ref").GetString()}}","channel":"{{channel}}","id":"{{id}}","n":{{id}},"at":99{{(duplicate ? ",\"duplicate\":true" : "")}}}""");

    /// <summary>Answers a request with an error.</summary>
    public void SendError(JsonElement request, string code, int retryMs = 0) => Send(
        $$"""{"op":"error","ref":"{{request.GetProperty("ref").GetString()}}","code":"{{code}}","message":"no"{{(retryMs > 0 ? $",\"retry_ms\":{retryMs}" : "")}}}""");

    /// <summary>A live message of somebody else.</summary>
    public void SendEvent(long id, string channel = "5") => Send(Frames.Event(id, channel));

    public void Close(CloseCode code) => _toClient.Writer.TryWrite(new ReceivedMessage(default, code));

    // ---- the client's side

    public async ValueTask<ReceivedMessage> ReceiveAsync(CancellationToken cancel)
    {
        var message = await _toClient.Reader.ReadAsync(cancel);
        Interlocked.Increment(ref _read);
        return message;
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> text, CancellationToken cancel)
    {
        _toServer.Writer.TryWrite(JsonDocument.Parse(text).RootElement);
        return ValueTask.CompletedTask;
    }

    public ValueTask SendCloseAsync(CancellationToken cancel)
    {
        IsClosed = true;
        if (!IgnoresClose)
        {
            Close(CloseCode.Normal);
        }

        return ValueTask.CompletedTask;
    }

    public void Dispose()
    {
    }
}
