using ChatAkka.Domain.Timelines;

namespace ChatAkka.Storage.Writing;

/// <summary>What a <see cref="WriteQueue{T}"/> had.</summary>
internal enum Taken
{
    /// <summary>Writes; none if it was only woken.</summary>
    Some,

    /// <summary>Nothing; the queue wakes its writer when there is something.</summary>
    Nothing,

    /// <summary>Nothing, for good.</summary>
    Closed,
}

/// <summary>
/// From any thread to the one that writes. Bounded by count and bytes; overflow policy: what doesn't fit is refused at once
/// with <see cref="StorageUnavailableException"/>, so that no caller ever blocks and memory stays bounded when the store is slow.
/// </summary>
/// <param name="wake">Called, at most once, after <see cref="TryTake"/> has answered <see cref="Taken.Nothing"/>, on whatever thread has
/// brought something; under a lock, so it must be brief.</param>
internal sealed class WriteQueue<T>(int maxItems, long maxBytes, Action wake)
    where T : PendingWrite
{
    private readonly Lock _gate = new();
    private readonly Queue<T> _items = new();
    private long _bytes;
    private bool _idle;
    private bool _woken;
    private bool _closed;

    /// <summary>True if nothing waits and the writer has finished all that it took.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return _idle;
            }
        }
    }

    /// <exception cref="StorageUnavailableException">The queue is full or closed; the item will not be executed.</exception>
    public void Enqueue(T item)
    {
        lock (_gate)
        {
            if (_closed)
            {
                throw new StorageUnavailableException("The store is closed.");
            }

            // An item above the limit by itself is let in alone, or it could never be written.
            if (_items.Count >= maxItems || (_bytes + item.Bytes > maxBytes && _items.Count > 0))
            {
                throw new StorageUnavailableException("Too many writes are waiting for the store.");
            }

            _items.Enqueue(item);
            _bytes += item.Bytes;
            WakeIfIdle();
        }
    }

    /// <summary>Lets the writer come round even if nothing is to be written.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            _woken = true;
            WakeIfIdle();
        }
    }

    /// <summary>Refuses further items. Those that wait are still handed out.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            WakeIfIdle();
        }
    }

    /// <summary>
    /// Moves all that waits to <paramref name="group"/>, up to the given bounds; cancelled items get their outcome instead. Only the writer
    /// calls this, and everything that it took before counts as finished.
    /// </summary>
    public Taken TryTake(List<T> group, int groupItems, long groupBytes)
    {
        group.Clear();
        lock (_gate)
        {
            if (_items.Count > 0 || _woken)
            {
                _woken = false;
                Move(group, groupItems, groupBytes);
                return Taken.Some;
            }

            if (_closed)
            {
                return Taken.Closed;
            }

            _idle = true;
            return Taken.Nothing;
        }
    }

    private void Move(List<T> group, int groupItems, long groupBytes)
    {
        var bytes = 0L;
        while (group.Count < groupItems && bytes < groupBytes && _items.TryDequeue(out var item))
        {
            _bytes -= item.Bytes;
            if (item.IsCanceled)
            {
                item.Cancel();
                continue;
            }

            bytes += item.Bytes;
            group.Add(item);
        }
    }

    private void WakeIfIdle()
    {
        if (_idle)
        {
            _idle = false;
            wake();
        }
    }
}
