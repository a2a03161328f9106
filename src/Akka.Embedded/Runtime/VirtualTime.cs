namespace Akka.Runtime;

/// <summary>A clock that stands until it is moved. Its timers fire on the thread that moves it, in the order of their due times.</summary>
public sealed class VirtualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<VirtualTimer> _timers = [];
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
        VirtualTimer next;
        lock (_gate)
        {
            next = _timers.Where(timer => timer.Due <= end).MinBy(static timer => (timer.Due, timer.Sequence))!;
            if (next is null)
            {
                Volatile.Write(ref _now, end);
                return false;
            }

            Volatile.Write(ref _now, Math.Max(_now, next.Due));
            next.Next();
        }

        next.Fire();
        return true;
    }

    private sealed class VirtualTimer(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        private long _period;

        public long Due { get; private set; }

        public long Sequence { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                Due = time._now + dueTime.Ticks;
                _period = period > TimeSpan.Zero ? period.Ticks : 0;
                Enqueue();
            }

            return true;
        }

        public void Next()
        {
            time._timers.Remove(this);
            if (_period == 0)
                return;
            Due += _period;
            Enqueue();
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (time._gate)
                time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Enqueue()
        {
            Sequence = time._sequence++;
            time._timers.Add(this);
        }
    }
}
