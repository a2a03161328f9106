using System.Buffers;
using System.Net.Sockets;
using System.Net.WebSockets;
using ChatAkka.Protocol;

namespace ChatAkka.Client.Sockets;

/// <summary>The framework's WebSocket. While nothing comes it holds no buffer of ours: thousands of idle ones cost little.</summary>
internal sealed class ClientSocket(WebSocket socket) : IChatSocket
{
    private const int FirstBytes = 4096;

    // Pages of history are larger than a frame may be that a client sends; still there is an end.
    private const int MaxBytes = 16 * ProtocolLimits.MaxFrameBytes;

    private byte[]? _buffer;

    public async ValueTask<ReceivedMessage> ReceiveAsync(CancellationToken cancel)
    {
        Return();
        try
        {
            // Waits without a buffer until there is something to read.
            var result = await socket.ReceiveAsync(Memory<byte>.Empty, cancel).ConfigureAwait(false);
            var length = 0;
            while (result.MessageType != WebSocketMessageType.Close && !result.EndOfMessage)
            {
                if (!TryGrow(length))
                {
                    return End(CloseCode.FrameTooLarge);
                }

                result = await socket.ReceiveAsync(_buffer.AsMemory(length), cancel).ConfigureAwait(false);
                length += result.Count;
            }

            return result.MessageType == WebSocketMessageType.Close
                ? End(socket.CloseStatus is { } status and not WebSocketCloseStatus.Empty ? (CloseCode)status : CloseCode.Abnormal)
                : new ReceivedMessage(_buffer.AsMemory(0, length), null);
        }
        catch (Exception e) when (IsLoss(e, cancel))
        {
            return End(CloseCode.Abnormal);
        }
        catch (Exception e) when (cancel.IsCancellationRequested && e is not OperationCanceledException)
        {
            throw new OperationCanceledException(null, e, cancel);
        }
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> text, CancellationToken cancel)
    {
        try
        {
            await socket.SendAsync(text, WebSocketMessageType.Text, endOfMessage: true, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (IsLoss(e, cancel))
        {
            throw new IOException("the connection is gone", e);
        }
    }

    public async ValueTask SendCloseAsync(CancellationToken cancel)
    {
        try
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (IsLoss(e, cancel))
        {
            throw new IOException("the connection is gone", e);
        }
    }

    public void Dispose()
    {
        socket.Dispose();
        Return();
    }

    // A socket that was aborted says that it was canceled, whoever was.
    private static bool IsLoss(Exception e, CancellationToken cancel) => !cancel.IsCancellationRequested && e
        is WebSocketException or IOException or InvalidOperationException or OperationCanceledException or SocketException;

    private ReceivedMessage End(CloseCode code)
    {
        Return();
        return new ReceivedMessage(default, code);
    }

    private bool TryGrow(int used)
    {
        if (_buffer is null)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
        }
        else if (used == _buffer.Length)
        {
            if (used >= MaxBytes)
            {
                return false;
            }

            var larger = ArrayPool<byte>.Shared.Rent(used * 2);
            _buffer.AsSpan(0, used).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return true;
    }

    private void Return()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
