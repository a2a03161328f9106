namespace Akka.Runtime;

/// <summary>A clock that stands until it is moved. Its timers fire on the thread that moves it, in the order of their due times.</summary>
public sealed class VirtualTime : TimeProvider
{
    private readonly Lock _gate = new();

    // A timer that is changed or disposed leaves its old place here until its turn comes.
    private readonly PriorityQueue<(VirtualTimer Timer, long Version), (long Due, long Sequence)> _queue = new();
    private long _now;
    private long _sequence;

    /// <summary>The time at timestamp 0.</summary>
    public DateTimeOffset Start { get; init; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long GetTimestamp() => Volatile.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => Start.AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock, firing what becomes due on the way.</summary>
    public void Advance(TimeSpan duration)
    {
        var end = GetTimestamp() + duration.Ticks;
        while (FireNext(end))
        {
        }
    }

    /// <summary>Moves the clock to the next timer that is due by <paramref name="end"/> and fires it, or to the end and returns
    /// false.</summary>
    internal bool FireNext(long end)
    {
        VirtualTimer? next;
        lock (_gate)
        {
            next = TakeNext(end);
            if (next is null)
            {
                Volatile.Write(ref _now, end);
                return false;
            }
        }

        next.Fire();
        return true;
    }

    private VirtualTimer? TakeNext(long end)
    {
        while (_queue.TryPeek(out var first, out var place) && place.Due <= end)
        {
            _queue.Dequeue();
            if (first.Version != first.Timer.Version)
                continue;
            Volatile.Write(ref _now, Math.Max(_now, place.Due));
            first.Timer.Taken(place.Due);
            return first.Timer;
        }

        return null;
    }

    private sealed class VirtualTimer(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        private long _period;

        /// <summary>Of the place in the queue that counts.</summary>
        public long Version { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                Version++;
                _period = period > TimeSpan.Zero ? period.Ticks : 0;
                if (dueTime != Timeout.InfiniteTimeSpan)
                    Enqueue(time._now + dueTime.Ticks);
            }

            return true;
        }

        public void Taken(long due)
        {
            Version++;
            if (_period > 0)
                Enqueue(due + _period);
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (time._gate)
                Version++;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Enqueue(long due) => time._queue.Enqueue((this, Version), (due, time._sequence++));
    }
}
