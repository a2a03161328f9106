using System.Net.WebSockets;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace ChatAkka.Replay.Tests.EndToEnd;

/// <summary>One socket of the <see cref="FakeServer"/>: frames in, frames out, in order.</summary>
internal sealed class FakeConnection(WebSocket socket)
{
    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Channel<byte[]> _out = Channel.CreateUnbounded<byte[]>();

    public string? User { get; set; }

    public string? Device { get; set; }

    public void Post(JsonObject frame) => _out.Writer.TryWrite(Encoding.UTF8.GetBytes(frame.ToJsonString(Unescaped)));

    /// <summary>Ends it without a word.</summary>
    public void Cut()
    {
        _out.Writer.TryComplete();
        socket.Abort();
    }

    /// <summary>Serves the socket to its end.</summary>
    public async Task RunAsync(Action<JsonObject> take)
    {
        var writing = WriteAsync();
        try
        {
            var buffer = new byte[1 << 16];
            for (ValueWebSocketReceiveResult read; (read = await socket.ReceiveAsync(buffer.AsMemory(), default)).MessageType != WebSocketMessageType.Close;)
            {
                take(JsonNode.Parse(buffer.AsSpan(0, read.Count))!.AsObject());
            }

            _out.Writer.TryComplete();
            await writing;
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            _out.Writer.TryComplete(); // clients of a replay end connections badly, on purpose
            await writing;
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var frame in _out.Reader.ReadAllAsync())
            {
                await socket.SendAsync(frame, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            _out.Writer.TryComplete();
        }
    }
}
