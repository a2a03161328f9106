using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Akka.Actor;
using ChatAkka.Gateway.Auth;
using ChatAkka.Gateway.Connections;
using ChatAkka.Gateway.Discovery;
using ChatAkka.Gateway.Limits;
using ChatAkka.Gateway.Timelines;
using ChatAkka.Gateway.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChatAkka.Gateway.Tests.Support;

/// <summary>
/// The client's end of a connection whose server end is the real read loop and the real actor, over pipes in memory. Waiting for
/// something is bounded, and says what was awaited.
/// </summary>
internal sealed class Socket
{
    private readonly Pipe _toServer = new(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
    private readonly Pipe _toClient;
    private int _aborts;

    public Socket(ActorSystem system, ConnectionServices services, int outputBytes = 64 * 1024)
    {
        _toClient = new Pipe(new PipeOptions(pauseWriterThreshold: outputBytes, resumeWriterThreshold: outputBytes / 2, useSynchronizationContext: false));
        var transport = new PipeTransport(_toServer.Reader, _toClient.Writer, Abort);
        Connection = new Connection(transport, services);
        Actor = system.ActorOf(ConnectionActor.Props(Connection));
        Ended = transport.Closed;
        Connection.Start(Actor);
    }

    public Connection Connection { get; }

    public IActorRef Actor { get; }

    /// <summary>Done when the server gave the transport back.</summary>
    public Task Ended { get; }

    public int Aborts => Volatile.Read(ref _aborts);

    public static ConnectionServices Services(
        IActorRef channels, IActorRef users, IAuthenticator authenticator, FakeTimeline timeline, LimitsOptions limits, TimeProvider time,
        IActorRef? presence = null, bool isClustered = false) => new(
        channels, users, presence ?? ActorRefs.Nobody, authenticator, new HistoryReader(timeline), new AccountLimits(limits, time), limits,
        new GatewayOptions(), new Servers(new GatewayOptions()), time, NullLogger.Instance)
        {
            IsClustered = isClustered,
        };

    public void Send(string json) => SendBytes(ClientBytes.Text(json));

    public void SendBytes(params byte[] bytes)
    {
        _toServer.Writer.Write(bytes);
        _toServer.Writer.FlushAsync().IsCompletedSuccessfully.ShouldBeTrue();
    }

    /// <summary>The client is gone without a word.</summary>
    public void HangUp() => _toServer.Writer.Complete();

    /// <summary>The next frame: its text, or <c>ping/pong/close …</c>.</summary>
    public async Task<string> ReadAsync(string awaited = "a frame")
    {
        while (true)
        {
            var result = await _toClient.Reader.ReadAsync().AsTask().Within(awaited);
            if (TryTake(result.Buffer, out var frame, out var consumed))
            {
                _toClient.Reader.AdvanceTo(consumed);
                return frame;
            }

            _toClient.Reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            result.IsCompleted.ShouldBeFalse($"the server ended the connection before {awaited}");
        }
    }

    public async Task<JsonElement> ReadJsonAsync(string awaited = "a frame") => JsonDocument.Parse(await ReadAsync(awaited)).RootElement;

    /// <summary>What one read brings: the frames that were flushed together.</summary>
    public async Task<List<string>> ReadFlushAsync()
    {
        var result = await _toClient.Reader.ReadAsync().AsTask().Within("a flush");
        List<string> frames = [];
        var rest = result.Buffer;
        while (TryTake(rest, out var frame, out var consumed))
        {
            frames.Add(frame);
            rest = rest.Slice(consumed);
        }

        _toClient.Reader.AdvanceTo(rest.Start);
        return frames;
    }

    /// <summary>Reads up to the close frame, answers it as a client does, and waits for the end.</summary>
    public async Task<int> ReadCloseAsync() => (await ReadClosingAsync()).Code;

    /// <summary>As <see cref="ReadCloseAsync"/>, with the reason.</summary>
    public async Task<(int Code, string Reason)> ReadClosingAsync()
    {
        string frame;
        do
        {
            frame = await ReadAsync("a close frame");
        }
        while (!frame.StartsWith("close ", StringComparison.Ordinal));
        var closing = (int.Parse(frame.AsSpan(6, 4)), frame[11..]);
        SendBytes(ClientBytes.Close(1000));
        HangUp();
        await Ended.Within("the end of the connection");
        return closing;
    }

    private static bool TryTake(ReadOnlySequence<byte> buffer, out string frame, out SequencePosition consumed)
    {
        frame = "";
        consumed = buffer.Start;
        var bytes = buffer.ToArray();
        if (bytes.Length < 2)
        {
            return false;
        }

        var (header, length) = (bytes[1] & 0x7F) switch
        {
            126 when bytes.Length >= 4 => (4, bytes[2] << 8 | bytes[3]),
            127 when bytes.Length >= 10 => (10, bytes[6] << 24 | bytes[7] << 16 | bytes[8] << 8 | bytes[9]),
            var small and < 126 => (2, small),
            _ => (bytes.Length, 1),
        };
        if (bytes.Length < header + length)
        {
            return false;
        }

        (bytes[1] & 0x80).ShouldBe(0, "a server doesn't mask");
        var payload = bytes.AsSpan(header, length);
        frame = bytes[0] switch
        {
            0x81 => Encoding.UTF8.GetString(payload),
            0x88 => length == 0 ? "close" : $"close {payload[0] << 8 | payload[1]} {Encoding.UTF8.GetString(payload[2..])}",
            0x8A => $"pong {Encoding.UTF8.GetString(payload)}",
            var first => throw new InvalidOperationException($"unexpected first byte {first:x2}"),
        };
        consumed = buffer.GetPosition(header + length);
        return true;
    }

    private void Abort()
    {
        Interlocked.Increment(ref _aborts);
        _toServer.Reader.CancelPendingRead();
        _toServer.Writer.Complete();
        _toClient.Reader.Complete();
    }
}
