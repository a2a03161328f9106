using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace ChatAkka.Replay.Clients;

/// <summary>The server answered the upgrade with something other than 101.</summary>
internal sealed class UpgradeRefusedException(int status) : Exception($"the WebSocket upgrade was answered with {status}")
{
    public int Status => status;
}

/// <summary>
/// A client's end of a WebSocket (RFC 6455), small enough to have thousands of: one receive buffer, one send buffer. It can end as badly
/// as real ones do. Reading belongs to one loop; <see cref="Post"/> may be called from anywhere and never waits.
/// </summary>
internal sealed class WebSocketConnection : IDisposable
{
    private const int Continuation = 0, Text = 1, Close = 8, Ping = 9, Pong = 10;
    private const int LargestMessage = 64 << 20;
    private const string Magic = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private readonly Socket _socket;
    private readonly Lock _writing = new();
    private readonly MemoryStream _fragments = new();
    private byte[] _in = new byte[4096];
    private int _start;
    private int _end;
    private byte[] _out = new byte[512];   // frames waiting for the write that is going on
    private byte[] _spare = new byte[512]; // what is being written; the two take turns
    private int _outLength;
    private bool _writes;
    private bool _closeSent;
    private uint _mask = (uint)Random.Shared.Next();

    private WebSocketConnection(Socket socket) => _socket = socket;

    /// <summary>The server's close frame: its code, 1005 when it had none; null while none came.</summary>
    public int? CloseCode { get; private set; }

    /// <summary>The close frame's reason.</summary>
    public string CloseReason { get; private set; } = "";

    /// <exception cref="SocketException">Nobody listens, or the connection broke.</exception>
    /// <exception cref="IOException">The server ended the connection during the upgrade.</exception>
    /// <exception cref="UpgradeRefusedException">The server doesn't want to.</exception>
    public static async Task<WebSocketConnection> ConnectAsync(IPEndPoint server, string path, string subProtocol, CancellationToken cancel)
    {
        var connection = new WebSocketConnection(new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
        try
        {
            await connection._socket.ConnectAsync(server, cancel).ConfigureAwait(false);
            await connection.UpgradeAsync(server, path, subProtocol, cancel).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Waits for more bytes; false when the connection is over, whichever way.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken cancel)
    {
        if (_start > 0)
        {
            _in.AsSpan(_start, _end - _start).CopyTo(_in);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _in.Length)
        {
            Array.Resize(ref _in, _in.Length * 4);
        }

        try
        {
            var read = await _socket.ReceiveAsync(_in.AsMemory(_end), SocketFlags.None, cancel).ConfigureAwait(false);
            _end += read;
            return read > 0;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Takes the next whole text message that is here already; valid until the next call of anything.</summary>
    /// <exception cref="FormatException">The server broke the framing rules.</exception>
    public bool TryRead(out ReadOnlySpan<byte> message)
    {
        while (TryReadFrame(out var opcode, out var final, out var payload))
        {
            switch (opcode)
            {
                case Text when final:
                    message = payload;
                    return true;
                case Text or Continuation:
                    _fragments.Write(payload);
                    if (final)
                    {
                        message = _fragments.GetBuffer().AsSpan(0, (int)_fragments.Length);
                        _fragments.SetLength(0);
                        return true;
                    }

                    break;
                case Ping:
                    Post(Pong, payload);
                    break;
                case Pong:
                    break;
                case Close:
                    CloseCode = payload.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(payload) : 1005;
                    CloseReason = payload.Length > 2 ? Encoding.UTF8.GetString(payload[2..]) : "";
                    SayGoodBye();
                    break;
                default:
                    throw new FormatException($"the server sent a frame with opcode {opcode}");
            }
        }

        message = default;
        return false;
    }

    /// <summary>Sends a text message as soon as what was posted before it is out. A broken connection is the reader's to notice.</summary>
    /// <returns>False after the good-bye: nothing may follow a close frame.</returns>
    public bool Post(ReadOnlySpan<byte> text) => Post(Text, text);

    /// <summary>Sends a close frame, once. The server's answer ends the connection.</summary>
    public void SayGoodBye()
    {
        lock (_writing)
        {
            if (_closeSent)
            {
                return;
            }
        }

        Post(Close, [0x03, 0xe8]);
        lock (_writing)
        {
            _closeSent = true;
        }
    }

    /// <summary>Ends the TCP connection without a close frame.</summary>
    /// <param name="reset">With RST, as a crashed phone's network does, instead of FIN.</param>
    public void Abort(bool reset)
    {
        if (reset)
        {
            try
            {
                _socket.LingerState = new LingerOption(true, 0);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // It is over already; the point was to end it.
            }
        }

        _socket.Dispose();
    }

    public void Dispose()
    {
        _socket.Dispose();
        _fragments.Dispose();
    }

    private async Task UpgradeAsync(IPEndPoint server, string path, string subProtocol, CancellationToken cancel)
    {
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        var request = $"GET {path} HTTP/1.1\r\nHost: {server}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" +
            $"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Protocol: {subProtocol}\r\n\r\n";
        await _socket.SendAsync(Encoding.ASCII.GetBytes(request), SocketFlags.None, cancel).ConfigureAwait(false);
        int length;
        while ((length = _in.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (!await FillAsync(cancel).ConfigureAwait(false))
            {
                throw new IOException("the connection ended during the WebSocket upgrade");
            }
        }

        var lines = Encoding.Latin1.GetString(_in, _start, length).Split("\r\n");
        _start += length + 4;
        var status = lines[0].Split(' ') is [_, var code, ..] && int.TryParse(code, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var headers = lines.Skip(1).Select(l => l.Split(':', 2)).Where(h => h.Length == 2)
            .ToLookup(h => h[0].Trim(), h => h[1].Trim(), StringComparer.OrdinalIgnoreCase);
        if (status != 101)
        {
            throw new UpgradeRefusedException(status);
        }

#pragma warning disable CA5350 // RFC 6455 prescribes SHA-1 here; nothing secret depends on it.
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Magic)));
#pragma warning restore CA5350
        if (headers["Sec-WebSocket-Accept"].SingleOrDefault() != accept || headers["Sec-WebSocket-Protocol"].SingleOrDefault() != subProtocol)
        {
            throw new FormatException("the server's WebSocket upgrade has a wrong accept key or sub-protocol");
        }
    }

    private bool TryReadFrame(out int opcode, out bool final, out ReadOnlySpan<byte> payload)
    {
        opcode = 0;
        final = false;
        payload = default;
        var data = _in.AsSpan(_start, _end - _start);
        if (data.Length < 2)
        {
            return false;
        }

        var header = (data[1] & 0x7f) switch { 126 => 4, 127 => 10, _ => 2 };
        if (data.Length < header)
        {
            return false;
        }

        var length = header switch
        {
            4 => BinaryPrimitives.ReadUInt16BigEndian(data[2..]),
            10 => BinaryPrimitives.ReadInt64BigEndian(data[2..]),
            _ => data[1] & 0x7f,
        };
        if (length is < 0 or > LargestMessage || (data[1] & 0x80) != 0 || (data[0] & 0x70) != 0)
        {
            throw new FormatException("the server broke the WebSocket framing");
        }

        if (data.Length < header + length)
        {
            return false;
        }

        opcode = data[0] & 0x0f;
        final = (data[0] & 0x80) != 0;
        payload = data.Slice(header, (int)length);
        _start += header + (int)length;
        return true;
    }

    private bool Post(int opcode, ReadOnlySpan<byte> payload)
    {
        lock (_writing)
        {
            if (_closeSent)
            {
                return false;
            }

            Append(opcode, payload);
            if (!_writes)
            {
                _writes = true;
                _ = WriteAsync();
            }

            return true;
        }
    }

    private void Append(int opcode, ReadOnlySpan<byte> payload)
    {
        if (_out.Length - _outLength < payload.Length + 14)
        {
            Array.Resize(ref _out, Math.Max(_out.Length * 2, _outLength + payload.Length + 14));
        }

        var frame = _out.AsSpan(_outLength);
        frame[0] = (byte)(0x80 | opcode);
        var header = 2;
        switch (payload.Length)
        {
            case < 126:
                frame[1] = (byte)(0x80 | payload.Length);
                break;
            case <= ushort.MaxValue:
                frame[1] = 0x80 | 126;
                BinaryPrimitives.WriteUInt16BigEndian(frame[2..], (ushort)payload.Length);
                header = 4;
                break;
            default:
                frame[1] = 0x80 | 127;
                BinaryPrimitives.WriteInt64BigEndian(frame[2..], payload.Length);
                header = 10;
                break;
        }

        _mask = (_mask * 1664525) + 1013904223;
        BinaryPrimitives.WriteUInt32BigEndian(frame[header..], _mask);
        var key = frame.Slice(header, 4);
        var body = frame[(header + 4)..];
        for (var i = 0; i < payload.Length; i++)
        {
            body[i] = (byte)(payload[i] ^ key[i & 3]);
        }

        _outLength += header + 4 + payload.Length;
    }

    /// <summary>Writes until nothing waits.</summary>
    private async Task WriteAsync()
    {
        while (true)
        {
            int length;
            lock (_writing)
            {
                length = _outLength;
                if (length == 0)
                {
                    _writes = false;
                    return;
                }

                (_out, _spare, _outLength) = (_spare, _out, 0);
            }

            try
            {
                for (var sent = 0; sent < length;)
                {
                    sent += await _socket.SendAsync(_spare.AsMemory(sent, length - sent), SocketFlags.None).ConfigureAwait(false);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The receive loop sees the end of the connection, too, and acts on it; _writes stays set so that nothing more is tried.
                return;
            }
        }
    }
}
