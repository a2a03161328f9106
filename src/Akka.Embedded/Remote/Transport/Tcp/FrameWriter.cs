namespace Akka.Remote.Transport.Tcp;

/// <summary>
/// Sends what any thread gives it. The first frame that finds nobody sending gets a thread of the pool to it, which takes all that waits,
/// hands it to the channel, and looks again: the busier the link, the more frames go in one call, and a sender only ever copies.
/// </summary>
/// <param name="channel">Where to.</param>
/// <param name="failed">Told when sending has failed; nothing is accepted any more.</param>
internal sealed class FrameWriter(ByteChannel channel, Action<Exception> failed) : IThreadPoolWorkItem
{
    // Then others get the thread.
    private const int BatchesPerTurn = 16;

    private readonly Lock _gate = new();
    private readonly FrameQueue _queue = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isSending;
    private bool _isFinished;

    // Bytes so far, headers included. The first is written under the gate, the second by who sends: neither needs to be interlocked.
    private long _accepted;
    private long _sent;

    public int PendingBytes
    {
        get
        {
            var sent = Volatile.Read(ref _sent);
            return (int)Math.Min(int.MaxValue, Volatile.Read(ref _accepted) - sent);
        }
    }

    /// <summary>Nothing is sent any more and the channel isn't used. Comes after <see cref="Finish"/>, <see cref="Abandon"/> or a failure;
    /// never fails itself.</summary>
    public Task Ended => _ended.Task;

    /// <inheritdoc cref="ILink.TrySend"/>
    public bool TrySend(ReadOnlySpan<byte> frame, int limit)
    {
        if (frame.Length > FrameQueue.MaxSmallFrame)
            return TrySendLarge(frame, limit);
        lock (_gate)
        {
            if (!Accepts(limit))
                return false;
            _queue.Add(frame);
            if (!Begin(frame.Length))
                return true;
        }

        Schedule();
        return true;
    }

    /// <summary>Accepts nothing more, sends what waits, and says goodbye.</summary>
    public void Finish()
    {
        lock (_gate)
        {
            if (_isFinished)
                return;
            _isFinished = true;
            _queue.AddGoodbye();
            if (!Begin(0))
                return;
        }

        Schedule();
    }

    /// <summary>Accepts nothing more, and drops what waits. The channel has been disposed.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            _isFinished = true;
            if (_isSending)
                return; // which fails
            Drop();
        }

        _ended.TrySetResult();
    }

    void IThreadPoolWorkItem.Execute() => _ = SendAsync();

    private bool TrySendLarge(ReadOnlySpan<byte> frame, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frame.Length, Frames.MaxLength);
        if (PendingBytes > limit)
            return false;
        var segments = FrameQueue.Split(frame);
        var begins = false;
        lock (_gate)
        {
            if (Accepts(limit))
            {
                _queue.Add(segments);
                segments = null;
                begins = Begin(frame.Length);
            }
        }

        segments?.ForEach(FrameQueue.GiveBack);
        if (begins)
            Schedule();
        return segments is null;
    }

    private bool Accepts(int limit) => !_isFinished && _accepted - Volatile.Read(ref _sent) <= limit;

    // True for who must see to it that what was added is sent.
    private bool Begin(int frameLength)
    {
        Volatile.Write(ref _accepted, _accepted + FrameFormat.HeaderLength + frameLength);
        var begins = !_isSending;
        _isSending = true;
        return begins;
    }

    private void Schedule() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    private async Task SendAsync()
    {
        try
        {
            for (var batches = 0; TakeAll() is { } segments; batches++)
            {
                if (batches == BatchesPerTurn)
                    await Task.Yield();
                await SendAsync(segments).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            failed(e);
            lock (_gate)
            {
                _isFinished = true;
                Drop();
            }

            _ended.TrySetResult();
        }
    }

    private async ValueTask SendAsync(List<ArraySegment<byte>> segments)
    {
        var sent = 0;
        try
        {
            while (sent < segments.Count)
            {
                await channel.SendAsync(segments[sent]).ConfigureAwait(false);
                Volatile.Write(ref _sent, _sent + segments[sent].Count);
                FrameQueue.GiveBack(segments[sent++]);
            }
        }
        finally
        {
            while (sent < segments.Count)
                FrameQueue.GiveBack(segments[sent++]);
        }
    }

    // Null when there is nothing more to do for now.
    private List<ArraySegment<byte>>? TakeAll()
    {
        lock (_gate)
        {
            if (!_queue.IsEmpty)
                return _queue.TakeAll();
            _isSending = false;
            if (!_isFinished)
                return null;
        }

        channel.FinishSending();
        _ended.TrySetResult();
        return null;
    }

    private void Drop()
    {
        if (!_queue.IsEmpty)
            _queue.TakeAll().ForEach(FrameQueue.GiveBack);
        Volatile.Write(ref _sent, _accepted);
    }
}
