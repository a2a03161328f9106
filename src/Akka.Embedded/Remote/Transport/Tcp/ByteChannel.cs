using System.Net.Security;
using System.Net.Sockets;

namespace Akka.Remote.Transport.Tcp;

/// <summary>Bytes in both directions: one may receive while one other sends. Disposing it makes both fail, from any thread.</summary>
internal abstract class ByteChannel : IDisposable
{
    /// <summary>0 at the end. The result may be there at once.</summary>
    public abstract ValueTask<int> ReceiveAsync(Memory<byte> buffer);

    /// <summary>Completes when all of it has been handed to the system.</summary>
    public abstract ValueTask SendAsync(ReadOnlyMemory<byte> bytes);

    /// <summary>
    /// Nothing is sent any more. From now on disposing leaves it to the system to deliver what it was given; before, that is thrown away.
    /// </summary>
    public abstract void FinishSending();

    public abstract void Dispose();
}

internal sealed class SocketChannel(Socket socket) : ByteChannel
{
    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer) => socket.ReceiveAsync(buffer, SocketFlags.None);

    public override ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        var sending = socket.SendAsync(bytes, SocketFlags.None);
        if (!sending.IsCompletedSuccessfully)
            return SendRestAsync(sending, bytes);
        var sent = sending.GetAwaiter().GetResult();
        return sent == bytes.Length ? default : SendRestAsync(new ValueTask<int>(sent), bytes);
    }

    public override void FinishSending() => socket.Shutdown(SocketShutdown.Send);

    public override void Dispose() => socket.Dispose();

    private async ValueTask SendRestAsync(ValueTask<int> sending, ReadOnlyMemory<byte> bytes)
    {
        bytes = bytes[await sending.ConfigureAwait(false)..];
        while (!bytes.IsEmpty)
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None).ConfigureAwait(false)..];
    }
}

internal sealed class TlsChannel(Socket socket, SslStream stream) : ByteChannel
{
    public override async ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        // Waits without a buffer: the stream's own is as large as a record, and would be held by every idle link.
        await stream.ReadAsync(Memory<byte>.Empty).ConfigureAwait(false);
        return await stream.ReadAsync(buffer).ConfigureAwait(false);
    }

    public override ValueTask SendAsync(ReadOnlyMemory<byte> bytes) => stream.WriteAsync(bytes);

    public override void FinishSending() => socket.Shutdown(SocketShutdown.Send);

    public override void Dispose()
    {
        socket.Dispose();
        stream.Dispose();
    }
}
