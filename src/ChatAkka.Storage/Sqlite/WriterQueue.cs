using ChatAkka.Domain.Timelines;

namespace ChatAkka.Storage.Sqlite;

/// <summary>
/// From any thread to the writer thread. Bounded by count and bytes; overflow policy: what doesn't fit is refused at once
/// with <see cref="StorageUnavailableException"/>, so that no caller ever blocks and memory stays bounded when the disk is slow.
/// </summary>
internal sealed class WriterQueue(int maxItems, long maxBytes)
{
    private readonly Lock _gate = new();
    private readonly Queue<WriteItem> _items = new();
    private readonly AutoResetEvent _wake = new(false);
    private long _bytes;
    private bool _idle;
    private bool _woken;
    private bool _closed;

    /// <summary>True if nothing waits and the writer thread has finished all that it took.</summary>
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
    public void Enqueue(WriteItem item)
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
                throw new StorageUnavailableException("Too many writes are waiting for the disk.");
            }

            _items.Enqueue(item);
            _bytes += item.Bytes;
            WakeIfIdle();
        }
    }

    /// <summary>Lets the writer thread come round even if nothing is to be written.</summary>
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
    /// Waits until there is something, then moves all of it to <paramref name="group"/>, up to the given bounds. The group is
    /// empty after a <see cref="Wake"/>. Only the writer thread calls this; it is its place to block.
    /// </summary>
    /// <returns>False when closed and drained.</returns>
    public bool Take(List<WriteItem> group, int groupItems, long groupBytes)
    {
        group.Clear();
        while (true)
        {
            lock (_gate)
            {
                if (_items.Count > 0 || _woken)
                {
                    _woken = false;
                    Move(group, groupItems, groupBytes);
                    return true;
                }

                if (_closed)
                {
                    return false;
                }

                _idle = true;
            }

            _wake.WaitOne();
        }
    }

    private void Move(List<WriteItem> group, int groupItems, long groupBytes)
    {
        var bytes = 0L;
        while (group.Count < groupItems && bytes < groupBytes && _items.TryDequeue(out var item))
        {
            bytes += item.Bytes;
            group.Add(item);
        }

        _bytes -= bytes;
    }

    private void WakeIfIdle()
    {
        if (_idle)
        {
            _idle = false;
            _wake.Set();
        }
    }
}
