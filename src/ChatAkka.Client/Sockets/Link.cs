using ChatAkka.Protocol;

namespace ChatAkka.Client.Sockets;

/// <summary>
/// One connection's way out: frames are queued under the client's lock and written one after the other by whoever finds nobody writing.
/// Bounded: whoever has something that can wait asks <see cref="AskRoom"/> first, and is called when there is room again; of the rest
/// (a hello, heartbeats) there is no more than one at a time.
/// </summary>
/// <remarks>The reader is the connection loop. It alone disposes of the link.</remarks>
internal sealed class Link : IDisposable
{
    private const int MaxQueued = 256;

    private readonly IChatSocket _socket;
    private readonly Lock _lock;
    private readonly Action _onRoom;
    private readonly CancellationTokenSource _cancel;
    private readonly TimeSpan _closeTimeout;
    private readonly Queue<byte[]> _queue = new();
    private bool _isWriting;
    private bool _isRoomWanted;

    /// <param name="gate">The client's lock.</param>
    /// <param name="cancel">Ends the connection; its time-out runs until the server's welcome.</param>
    /// <param name="onRoom">Called under the lock.</param>
    public Link(IChatSocket socket, Lock gate, CancellationTokenSource cancel, TimeSpan closeTimeout, Action onRoom) =>
        (_socket, _lock, _cancel, _closeTimeout, _onRoom) = (socket, gate, cancel, closeTimeout, onRoom);

    /// <summary>The queue is empty, or soon will be.</summary>
    public bool HasRoom => !IsClosing && _queue.Count < MaxQueued;

    /// <summary>The client has ended the connection, or is about to.</summary>
    public bool IsClosing { get; private set; }

    /// <summary>Why the client took the server for dead; null if it didn't.</summary>
    public CloseCode? Verdict { get; private set; }

    /// <summary>The next message, or the end.</summary>
    public ValueTask<ReceivedMessage> ReceiveAsync() => _socket.ReceiveAsync(_cancel.Token);

    /// <summary>What can wait may be posted; if not, the client is called when it may. Under the lock.</summary>
    public bool AskRoom()
    {
        _isRoomWanted |= !HasRoom;
        return HasRoom;
    }

    /// <summary>The server has welcomed the device: the time-out is over.</summary>
    public void Welcomed() => _cancel.CancelAfter(Timeout.InfiniteTimeSpan);

    /// <summary>Queues a frame. Under the lock.</summary>
    public void Post(ReadOnlySpan<byte> frame)
    {
        if (!IsClosing)
        {
            _queue.Enqueue(frame.ToArray());
            Write();
        }
    }

    /// <summary>Says good-bye after all that was posted; the server's answer ends the connection, or the time-out does. Under the
    /// lock.</summary>
    public void Close()
    {
        if (!IsClosing)
        {
            IsClosing = true;
            _cancel.CancelAfter(_closeTimeout);
            Write();
        }
    }

    /// <summary>Ends the connection at once. Under the lock.</summary>
    public void Abort(CloseCode verdict)
    {
        Verdict ??= verdict;
        IsClosing = true;
        _ = _cancel.CancelAsync(); // on another thread: nobody's continuation runs under the lock
    }

    public void Dispose()
    {
        lock (_lock)
        {
            IsClosing = true;
        }

        _socket.Dispose();
        _cancel.Dispose();
    }

    private void Write()
    {
        if (!_isWriting)
        {
            _isWriting = true;
            _ = WriteAsync();
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            while (Next() is { } frame)
            {
                await _socket.SendAsync(frame, CancellationToken.None).ConfigureAwait(false);
            }

            if (IsClosing)
            {
                await _socket.SendCloseAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (IOException)
        {
            // The reader sees the end of the connection, too, and acts on it; _isWriting stays set so that nothing more is tried.
        }
    }

    private byte[]? Next()
    {
        lock (_lock)
        {
            if (_queue.Count == 0 && !IsClosing && _isRoomWanted)
            {
                _isRoomWanted = false;
                _onRoom();
            }

            if (_queue.TryDequeue(out var frame))
            {
                return frame;
            }

            _isWriting = IsClosing; // the close frame is the last
            return null;
        }
    }
}
