using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Benchmarks.Server.Load;

/// <summary>
/// One WebSocket of the load generator, driven by its <see cref="LoadLoop"/>: nothing here waits, and nothing is allocated once its
/// buffers have grown. Output gathers until the loop's round ends.
/// </summary>
internal abstract class ClientSocket(LoadLoop loop, string path, string subProtocol) : IDisposable
{
    private byte[] _output = new byte[512];
    private int _outputLength;
    private byte[] _rest = [];
    private int _restLength;
    private bool _upgraded;
    private bool _waitsForRoom;

    public Socket Socket { get; } = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public SafeSocketHandle Handle => Socket.SafeHandle;

    /// <summary>Where the loop keeps it.</summary>
    public int Slot { get; internal set; }

    /// <summary>Why it is closed; null while it is open.</summary>
    public string? Failure { get; private set; }

    /// <summary>The loop will write its output when the round ends.</summary>
    internal bool IsTouched { get; set; }

    protected LoadLoop Loop => loop;

    /// <summary>Connects and asks for the WebSocket.</summary>
    /// <exception cref="SocketException">Nobody listens.</exception>
    internal void Open(IPEndPoint server)
    {
        Socket.Connect(server);
        Socket.Blocking = false;
        var request = Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: {server}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + $"Sec-WebSocket-Key: {Convert.ToBase64String(Guid.NewGuid().ToByteArray())}\r\nSec-WebSocket-Protocol: {subProtocol}\r\n\r\n");
        request.CopyTo(Reserve(request.Length));
        Commit(request.Length);
    }

    /// <summary>Reads once what is there and handles every whole frame of it.</summary>
    internal void Receive(byte[] buffer)
    {
        _rest.AsSpan(0, _restLength).CopyTo(buffer);
        var received = Socket.Receive(buffer.AsSpan(_restLength), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
        {
            return;
        }

        if (error != SocketError.Success || received == 0)
        {
            Fail(error == SocketError.Success ? "the server ended the connection" : error.ToString());
            return;
        }

        loop.Tick();
        var input = buffer.AsSpan(0, _restLength + received);
        var rest = input[Consume(input)..];
        if (rest.Length == buffer.Length)
        {
            Fail($"a frame of more than {buffer.Length:N0} bytes");
            return;
        }

        if (rest.Length > _rest.Length)
        {
            _rest = new byte[Math.Max(512, rest.Length * 2)];
        }

        rest.CopyTo(_rest);
        _restLength = rest.Length;
        OnBurst();
    }

    /// <summary>Writes as much of the output as the socket takes.</summary>
    internal void Flush()
    {
        if (_outputLength == 0 || Failure is not null)
        {
            return;
        }

        var sent = Socket.Send(_output.AsSpan(0, _outputLength), SocketFlags.None, out var error);
        if (error is not (SocketError.Success or SocketError.WouldBlock))
        {
            Fail(error.ToString());
            return;
        }

        sent = error == SocketError.Success ? sent : 0;
        _output.AsSpan(sent, _outputLength - sent).CopyTo(_output);
        _outputLength -= sent;
        if (_waitsForRoom != _outputLength > 0)
        {
            _waitsForRoom = _outputLength > 0;
            loop.WatchOutput(this, _waitsForRoom);
        }
    }

    public void Dispose() => Socket.Dispose();

    /// <summary>Asks the server to end the session.</summary>
    internal void Close()
    {
        if (Failure is null && _upgraded)
        {
            BinaryPrimitives.WriteUInt16BigEndian(BeginFrame(2), 1000);
            EndFrame(2, WebSocketFrame.Close);
        }
    }

    protected abstract void OnOpened();

    protected abstract void OnFrame(ReadOnlySpan<byte> payload);

    /// <summary>All that one read brought has been handled.</summary>
    protected abstract void OnBurst();

    protected void Fail(string why)
    {
        if (Failure is null)
        {
            Failure = why;
            loop.Forget(this);
            Socket.Close();
        }
    }

    /// <summary>Room for a payload; valid until <see cref="EndFrame"/>.</summary>
    protected Span<byte> BeginFrame(int maxPayload) => Reserve(WebSocketFrame.MaxHeader + maxPayload)[WebSocketFrame.MaxHeader..];

    protected void EndFrame(int payload, byte opcode = WebSocketFrame.Text) =>
        Commit(WebSocketFrame.Complete(_output.AsSpan(_outputLength), payload, opcode));

    /// <summary>Room for a frame that the caller writes with its header; <see cref="Commit"/> makes it output.</summary>
    protected Span<byte> Reserve(int length)
    {
        if (_output.Length - _outputLength < length)
        {
            Array.Resize(ref _output, (_outputLength + length) * 2);
        }

        return _output.AsSpan(_outputLength);
    }

    protected void Commit(int length)
    {
        _outputLength += length;
        loop.Touch(this);
    }

    private int Consume(ReadOnlySpan<byte> input)
    {
        var used = 0;
        if (!_upgraded)
        {
            var end = input.IndexOf("\r\n\r\n"u8);
            if (end < 0)
            {
                return 0;
            }

            if (!input.StartsWith("HTTP/1.1 101 "u8))
            {
                Fail(Encoding.ASCII.GetString(input[..input.IndexOf((byte)'\r')]));
                return input.Length;
            }

            _upgraded = true;
            used = end + 4;
            OnOpened();
        }

        while (Failure is null && WebSocketFrame.TryRead(input[used..], out var opcode, out var payload, out var length))
        {
            used += length;
            switch (opcode)
            {
                case WebSocketFrame.Text:
                    OnFrame(payload);
                    break;
                case WebSocketFrame.Ping:
                    payload.CopyTo(BeginFrame(payload.Length));
                    EndFrame(payload.Length, WebSocketFrame.Pong);
                    break;
                case WebSocketFrame.Close:
                    Fail(payload.Length < 2 ? "closed without a code" : "closed with " + CloseReason(payload));
                    break;
                default:
                    Fail($"a frame with the opcode {opcode}");
                    break;
            }
        }

        return Failure is null ? used : input.Length;
    }

    private static string CloseReason(ReadOnlySpan<byte> payload) =>
        $"{BinaryPrimitives.ReadUInt16BigEndian(payload)} {Encoding.UTF8.GetString(payload[2..])}";
}
