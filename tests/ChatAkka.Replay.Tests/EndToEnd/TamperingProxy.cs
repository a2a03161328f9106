using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using ChatAkka.Replay.Server;
using ChatAkka.Tests.Processes;

namespace ChatAkka.Replay.Tests.EndToEnd;

/// <summary>
/// A man in the middle between the replay's clients and a server. It passes bytes on, except what the server says after a WebSocket
/// upgrade: that it passes on frame by frame, through <see cref="Tampering"/>.
/// </summary>
internal sealed class TamperingProxy(IServerHost server, Tampering tampering) : IServerHost
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, Ports.Next());
    private readonly CancellationTokenSource _ended = new();
    private Task _accepting = Task.CompletedTask;

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    public Action<string>? Died
    {
        get => server.Died;
        set => server.Died = value;
    }

    public async Task StartAsync(CancellationToken cancel)
    {
        await server.StartAsync(cancel);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Task KillAsync() => server.KillAsync();

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await server.DisposeAsync();
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptSocketAsync(_ended.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        using (var upstream = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true })
        {
            client.NoDelay = true;
            try
            {
                await upstream.ConnectAsync(server.Address, _ended.Token);
                await Task.WhenAny(RequestsAsync(client, upstream), AnswersAsync(upstream, client));
            }
            catch (Exception e) when (IsEnd(e))
            {
                // Whoever ended it: disposing both sockets ends the other half.
            }
        }
    }

    private static bool IsEnd(Exception e) => e is SocketException or OperationCanceledException or ObjectDisposedException;

    private async Task RequestsAsync(Socket client, Socket upstream)
    {
        try
        {
            var buffer = new byte[1 << 14];
            for (int read; (read = await client.ReceiveAsync(buffer, _ended.Token)) > 0;)
            {
                await SendAllAsync(upstream, buffer.AsMemory(0, read));
            }
        }
        catch (Exception e) when (IsEnd(e))
        {
            return;
        }
    }

    private async Task AnswersAsync(Socket upstream, Socket client)
    {
        try
        {
            var buffer = new byte[1 << 16];
            var length = 0;
            var upgraded = false;
            for (int read; (read = await upstream.ReceiveAsync(buffer.AsMemory(length), _ended.Token)) > 0;)
            {
                length += read;
                var start = 0;
                if (!upgraded && IsUpgrade(buffer.AsSpan(0, length)))
                {
                    var end = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
                    if (end < 0)
                    {
                        continue; // the rest of the header is on its way
                    }

                    upgraded = true;
                    start = end + 4;
                    await SendAllAsync(client, buffer.AsMemory(0, start));
                }

                if (!upgraded)
                {
                    await SendAllAsync(client, buffer.AsMemory(0, length));
                    start = length;
                }

                for (int frame; (frame = FrameLength(buffer.AsSpan(start, length - start))) > 0; start += frame)
                {
                    foreach (var passed in tampering.Pass(client, buffer[start..(start + frame)]))
                    {
                        await SendAllAsync(client, passed);
                    }
                }

                buffer.AsSpan(start, length - start).CopyTo(buffer);
                length -= start;
                if (length == buffer.Length)
                {
                    Array.Resize(ref buffer, buffer.Length * 2);
                }
            }
        }
        catch (Exception e) when (IsEnd(e))
        {
            return;
        }
    }

    private static bool IsUpgrade(ReadOnlySpan<byte> answer) => answer.StartsWith("HTTP/1.1 101"u8);

    /// <summary>Length of the whole frame that the data starts with; 0 while it isn't complete.</summary>
    private static int FrameLength(ReadOnlySpan<byte> data)
    {
        if (data.Length < 2)
        {
            return 0;
        }

        var (header, body) = (data[1] & 0x7f) switch
        {
            126 => (4, data.Length < 4 ? int.MaxValue - 10 : BinaryPrimitives.ReadUInt16BigEndian(data[2..])),
            127 => (10, data.Length < 10 ? int.MaxValue - 10 : (int)BinaryPrimitives.ReadInt64BigEndian(data[2..])),
            var small => (2, small),
        };
        return header + body <= data.Length ? header + body : 0;
    }

    private static async Task SendAllAsync(Socket to, ReadOnlyMemory<byte> data)
    {
        while (data.Length > 0)
        {
            data = data[await to.SendAsync(data)..];
        }
    }
}
