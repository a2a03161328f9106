using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ChatAkka.EndToEnd.Tests.Harness.Waiting;

namespace ChatAkka.EndToEnd.Tests.Harness.Sockets;

/// <summary>
/// A client that has every byte in its hand: it can say anything, at any pace, or nothing, and can vanish. It answers nothing by itself.
/// One caller may send while another receives.
/// </summary>
internal sealed class RawWebSocket : IDisposable
{
    private const int LargestFromServer = 64 * 1024 * 1024;

    private readonly Socket _socket;
    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    private RawWebSocket(Socket socket) => _socket = socket;

    /// <summary>Opens the TCP connection and says nothing yet.</summary>
    /// <param name="receiveBuffer">Of the kernel, in bytes; a small one makes a client that doesn't read felt sooner.</param>
    public static async Task<RawWebSocket> ConnectAsync(IPEndPoint server, int? receiveBuffer = null, TimeSpan? limit = null)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer is { } bytes)
        {
            socket.ReceiveBufferSize = bytes;
        }

        try
        {
            await Wait.ForAsync($"a TCP connection to {server}", socket.ConnectAsync(server), limit);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return new RawWebSocket(socket);
    }

    /// <summary>Opens the TCP connection and the WebSocket.</summary>
    public static async Task<RawWebSocket> OpenAsync(IPEndPoint server, int? receiveBuffer = null)
    {
        var socket = await ConnectAsync(server, receiveBuffer);
        var answer = await socket.UpgradeAsync(new UpgradeHeaders(server));
        answer.Status.ShouldBe(101, answer.Body);
        return socket;
    }

    /// <summary>Asks for the WebSocket and returns the answer, whatever it is.</summary>
    public async Task<HttpHead> UpgradeAsync(UpgradeHeaders request)
    {
        await SendAsync(Encoding.ASCII.GetBytes(request.ToString()));
        return await ReadHeadAsync();
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, TimeSpan? limit = null)
    {
        using var cancel = new CancellationTokenSource(limit ?? Wait.Soon);
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes, cancel.Token)..];
        }
    }

    public Task SendAsync(RawFrame frame) => SendAsync(frame.Encode());

    /// <summary>False once the server has closed the connection.</summary>
    public async Task<bool> TrySendAsync(ReadOnlyMemory<byte> bytes, TimeSpan? limit = null)
    {
        try
        {
            await SendAsync(bytes, limit);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>The next frame; null if the connection ended without one.</summary>
    public async Task<ServerMessage?> ReceiveAsync(CancellationToken cancel = default)
    {
        if (!await FillAsync(2, cancel))
        {
            return null;
        }

        var (first, second) = (_buffer[_start], _buffer[_start + 1]);
        (first & 0xF0).ShouldBe(0x80, "the server fragments or sets reserved bits");
        (second & 0x80).ShouldBe(0, "the server masks");
        var lengthBytes = second switch { 126 => 2, 127 => 8, _ => 0 };
        if (!await FillAsync(2 + lengthBytes, cancel))
        {
            return null;
        }

        var length = lengthBytes switch
        {
            0 => second,
            2 => BinaryPrimitives.ReadUInt16BigEndian(_buffer.AsSpan(_start + 2)),
            _ => (long)BinaryPrimitives.ReadUInt64BigEndian(_buffer.AsSpan(_start + 2)),
        };
        length.ShouldBeInRange(0, LargestFromServer);
        var whole = 2 + lengthBytes + (int)length;
        if (!await FillAsync(whole, cancel))
        {
            return null;
        }

        var payload = _buffer.AsSpan(_start + 2 + lengthBytes, (int)length).ToArray();
        _start += whole;
        return new ServerMessage(first & 0x0F, payload);
    }

    /// <summary>Waits for any byte; false if the connection ends instead.</summary>
    public Task<bool> ReceiveAnyAsync() => Wait.ForAsync("an answer or the end", FillAsync(_end - _start + 1));

    /// <summary>Reads on, whatever comes, until the connection ends.</summary>
    public async Task<Closing> ReadToEndAsync(TimeSpan? limit = null)
    {
        return await Wait.ForAsync("the server closes the connection", ReadAsync(), limit);

        async Task<Closing> ReadAsync()
        {
            while (await ReceiveAsync() is { } message)
            {
                if (message.OpCode == RawFrame.CloseCode)
                {
                    return message.Closing;
                }
            }

            return Closing.Abnormal;
        }
    }

    /// <summary>Waits for the answer to an HTTP request.</summary>
    public Task<HttpHead> ReadHeadAsync(TimeSpan? limit = null)
    {
        return Wait.ForAsync("the answer to the upgrade", ReadAsync(), limit);

        async Task<HttpHead> ReadAsync()
        {
            int end;
            while ((end = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8)) < 0)
            {
                (await FillAsync(_end - _start + 1)).ShouldBeTrue("the server closed the connection instead of answering");
            }

            var head = Encoding.ASCII.GetString(_buffer, _start, end);
            _start += end + 4;
            var answer = HttpHead.Parse(head, "");
            if (answer.Headers.TryGetValue("Content-Length", out var length))
            {
                return answer with { Body = await ReadTextAsync(int.Parse(length)) };
            }

            return answer.Headers.ContainsKey("Transfer-Encoding") ? answer with { Body = await ReadChunksAsync() } : answer;
        }
    }

    /// <summary>Vanishes with a TCP reset.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();

    private async Task<string> ReadChunksAsync()
    {
        var body = new StringBuilder();
        while (true)
        {
            var size = await ReadLineAsync();
            var chunk = await ReadTextAsync(Convert.ToInt32(size, 16));
            await ReadLineAsync();
            if (chunk == "")
            {
                return body.ToString();
            }

            body.Append(chunk);
        }
    }

    private async Task<string> ReadLineAsync()
    {
        int end;
        while ((end = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8)) < 0)
        {
            (await FillAsync(_end - _start + 1)).ShouldBeTrue("the answer ends within a line");
        }

        var line = Encoding.ASCII.GetString(_buffer, _start, end);
        _start += end + 2;
        return line;
    }

    private async Task<string> ReadTextAsync(int bytes)
    {
        (await FillAsync(bytes)).ShouldBeTrue("the answer is shorter than it says");
        var text = Encoding.UTF8.GetString(_buffer, _start, bytes);
        _start += bytes;
        return text;
    }

    // False if the connection ends, in whichever way, before so many bytes are there.
    private async Task<bool> FillAsync(int count, CancellationToken cancel = default)
    {
        if (_buffer.Length - _start < count)
        {
            var larger = _buffer.Length < count ? new byte[Math.Max(count, _buffer.Length * 2)] : _buffer;
            Buffer.BlockCopy(_buffer, _start, larger, 0, _end - _start);
            (_buffer, _start, _end) = (larger, 0, _end - _start);
        }

        while (_end - _start < count)
        {
            int read;
            try
            {
                read = await _socket.ReceiveAsync(_buffer.AsMemory(_end), cancel);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return false;
            }

            if (read == 0)
            {
                return false;
            }

            _end += read;
        }

        return true;
    }
}
