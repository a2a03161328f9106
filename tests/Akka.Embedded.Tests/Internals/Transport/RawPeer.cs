using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Akka.Embedded.Tests.Internals.Transport;

/// <summary>Somebody at the other end of a connection who says what the test makes him say.</summary>
internal sealed class RawPeer(Socket socket) : IDisposable
{
    public static readonly byte[] Greeting = [0xAC, 0x3E, .. "AKKA"u8, 1];
    public static readonly byte[] Answer = [0xAC, 0xE3, .. "AKKA"u8, 1];
    public static readonly byte[] Goodbye = [0xFF, 0xFF, 0xFF, 0xFF];

    public static async Task<RawPeer> Connect(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        return new RawPeer(socket);
    }

    /// <summary>Connects as a node does: what follows are frames.</summary>
    public static async Task<RawPeer> Greet(int port)
    {
        var peer = await Connect(port);
        await peer.Send(Greeting);
        (await peer.Receive(Answer.Length)).ShouldBe(Answer);
        return peer;
    }

    public static byte[] Frame(byte[] bytes) => [.. Header(bytes.Length), .. bytes];

    public static byte[] Header(int length)
    {
        var header = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(header, length);
        return header;
    }

    public async Task Send(params byte[] bytes) => (await socket.SendAsync(bytes)).ShouldBe(bytes.Length);

    /// <summary>So many bytes, or fewer if it ends before.</summary>
    public async Task<byte[]> Receive(int count)
    {
        var bytes = new byte[count];
        var received = 0;
        while (received < count)
        {
            var receiving = socket.ReceiveAsync(bytes.AsMemory(received)).AsTask();
            if (await Waiting.For(receiving, $"{count - received} more bytes") is var more && more == 0)
                break;
            received += more;
        }

        return bytes[..received];
    }

    /// <summary>How many bytes come before the other side cuts the connection off, in whatever way.</summary>
    public async Task<int> ReceiveToEnd()
    {
        var buffer = new byte[64 * 1024];
        for (var total = 0; ;)
        {
            try
            {
                var received = await Waiting.For(socket.ReceiveAsync(buffer.AsMemory()).AsTask(), "the connection to be cut off");
                if (received == 0)
                    return total;
                total += received;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
            {
                return total;
            }
        }
    }

    /// <summary>Sends nothing more, but stays.</summary>
    public void EndSending() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>Ends the connection as a crash of the machine does.</summary>
    public void Reset() => socket.Close(0);

    public void Dispose() => socket.Dispose();
}
