using System.Diagnostics;

namespace Akka.Actor;

/// <summary>Something that waits in the <see cref="TimerQueue"/>; the object is its own entry there.</summary>
internal abstract class ScheduledEntry
{
    /// <summary>The place in the heap, -1 when not queued. Guarded by the queue.</summary>
    internal int HeapIndex = -1;

    /// <summary>The timestamp when it is due. Guarded by the queue.</summary>
    internal long Due;

    /// <summary>Keeps entries that are due together in the order of their adding.</summary>
    internal long Sequence;

    /// <summary>Runs, out of the queue's lock, when due. The entry is no longer queued and may be added again. Must not throw.</summary>
    public abstract void Fire(TimerQueue timers);
}

/// <summary>
/// All that waits for a time in one system: an indexed binary heap on one timer of the <see cref="TimeProvider"/>.
/// </summary>
/// <remarks>
/// A heap rather than a hashed wheel, because removing an entry really removes it (every <c>Ask</c> has a time-out that
/// nearly never fires), because nothing ticks while nothing is due, and because virtual time then fires exactly in the
/// order of due times.
/// </remarks>
internal sealed class TimerQueue : IDisposable
{
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private ScheduledEntry[] _heap = new ScheduledEntry[16];
    private int _count;
    private long _sequence;
    private long _armedFor = long.MaxValue;
    private ITimer? _timer;
    private bool _disposed;
    private bool _firing;

    public TimerQueue(TimeProvider time) => _time = time;

    /// <summary>A timestamp of the system's clock.</summary>
    public long Now => _time.GetTimestamp();

    public TimeProvider Time => _time;

    public int Count
    {
        get
        {
            lock (_gate)
                return _count;
        }
    }

    public TimeSpan Elapsed(long since) => _time.GetElapsedTime(since);

    /// <summary>Queues an entry that is not queued. After <see cref="Dispose"/> it is dropped.</summary>
    public void Add(ScheduledEntry entry, TimeSpan delay) => AddAt(entry, Now + ToTimestamp(delay));

    /// <inheritdoc cref="Add"/>
    public void AddAt(ScheduledEntry entry, long due)
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            Debug.Assert(entry.HeapIndex < 0, "an entry is queued once");
            entry.Due = due;
            entry.Sequence = _sequence++;
            if (_count == _heap.Length)
                Array.Resize(ref _heap, _count * 2);
            SiftUp(_count++, entry);
            Arm();
        }
    }

    /// <summary>False when the entry was not queued: it has fired, is firing now, or was never added.</summary>
    public bool Remove(ScheduledEntry entry)
    {
        lock (_gate)
        {
            if (_disposed || entry.HeapIndex < 0)
                return false; // what was queued at the end still believes that it is
            RemoveAt(entry.HeapIndex);
            return true;
        }
    }

    public long ToTimestamp(TimeSpan delay) =>
        delay <= TimeSpan.Zero ? 0 : (long)(delay.Ticks * ((double)_time.TimestampFrequency / TimeSpan.TicksPerSecond));

    public void Dispose()
    {
        ITimer? timer;
        lock (_gate)
        {
            _disposed = true;
            _count = 0;
            _heap = [];
            timer = _timer;
        }

        timer?.Dispose();
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            _armedFor = long.MaxValue;
            // One thread at a time, so that what is due earlier also happens earlier.
            if (_firing)
                return;
            _firing = true;
        }

        while (TakeDue() is { } entry)
            entry.Fire(this);
    }

    private ScheduledEntry? TakeDue()
    {
        lock (_gate)
        {
            if (_count > 0 && _heap[0].Due <= Now)
                return RemoveAt(0);
            _firing = false;
            Arm();
            return null;
        }
    }

    // An entry that leaves does not disarm: firing for nothing once is cheaper than changing the timer each time.
    private void Arm()
    {
        if (_disposed || _firing || _count == 0 || _heap[0].Due >= _armedFor)
            return;
        _armedFor = _heap[0].Due;
        var wait = TimeSpan.FromSeconds(Math.Max(0, _armedFor - Now) / (double)_time.TimestampFrequency);
        // Timers count whole milliseconds: rounded down, one would fire early and again at once.
        wait = TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));
        if (_timer is null)
            _timer = _time.CreateTimer(static queue => ((TimerQueue)queue!).OnTimer(), this, wait, Timeout.InfiniteTimeSpan);
        else
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private ScheduledEntry RemoveAt(int index)
    {
        var removed = _heap[index];
        removed.HeapIndex = -1;
        var last = _heap[--_count];
        _heap[_count] = null!;
        if (index < _count)
        {
            SiftDown(index, last);
            if (last.HeapIndex == index)
                SiftUp(index, last);
        }

        return removed;
    }

    private void SiftUp(int index, ScheduledEntry entry)
    {
        while (index > 0)
        {
            var parent = (index - 1) / 2;
            if (!IsBefore(entry, _heap[parent]))
                break;
            Place(index, _heap[parent]);
            index = parent;
        }

        Place(index, entry);
    }

    private void SiftDown(int index, ScheduledEntry entry)
    {
        while (true)
        {
            var child = 2 * index + 1;
            if (child >= _count)
                break;
            if (child + 1 < _count && IsBefore(_heap[child + 1], _heap[child]))
                child++;
            if (!IsBefore(_heap[child], entry))
                break;
            Place(index, _heap[child]);
            index = child;
        }

        Place(index, entry);
    }

    private void Place(int index, ScheduledEntry entry)
    {
        _heap[index] = entry;
        entry.HeapIndex = index;
    }

    private static bool IsBefore(ScheduledEntry left, ScheduledEntry right) =>
        left.Due < right.Due || (left.Due == right.Due && left.Sequence < right.Sequence);
}
