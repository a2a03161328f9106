namespace ChatAkka.Tests;

/// <summary>
/// A clock that moves when a test says so. Its timers fire on the thread that moves it, each at its time, one after another; one that repeats
/// fires as often as its period fits.
/// </summary>
internal sealed class ManualTime : TimeProvider
{
    /// <summary>Where the clock starts, in ms since the Unix epoch.</summary>
    public const long Start = 1_800_000_000_000;

    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly List<(TimeSpan Due, TaskCompletionSource Reached)> _waiting = [];
    private TimeSpan _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Now, in ms since the Unix epoch.</summary>
    public long Ms => GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Timers that will go off.</summary>
    public int Timers
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count;
            }
        }
    }

    public override long GetTimestamp()
    {
        lock (_gate)
        {
            return _now.Ticks;
        }
    }

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Start).AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Ends when a timer waits for the given time from now: whoever set it has nothing to do until then.</summary>
    public Task TimerIn(TimeSpan wait)
    {
        lock (_gate)
        {
            var due = _now + wait;
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_timers.Exists(timer => timer.Due == due))
            {
                reached.SetResult();
            }
            else
            {
                _waiting.Add((due, reached));
            }

            return reached.Task.Within($"a timer that fires in {wait.TotalMilliseconds:F0} ms");
        }
    }

    public void Advance(int milliseconds) => Advance(TimeSpan.FromMilliseconds(milliseconds));

    /// <summary>Moves the clock; back, too, if it is told to, which fires nothing.</summary>
    public void Advance(TimeSpan by)
    {
        TimeSpan end;
        lock (_gate)
        {
            end = _now + by;
        }

        while (TakeDue(end) is { } timer)
        {
            timer.Fire();
        }
    }

    // Moves the clock to the next timer that is due by then; null if it has reached the end.
    private ManualTimer? TakeDue(TimeSpan end)
    {
        lock (_gate)
        {
            var next = _timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
            _now = next?.Due ?? end;
            next?.Take();
            return next;
        }
    }

    private sealed class ManualTimer(ManualTime time, Action callback) : ITimer
    {
        private TimeSpan _period;

        public TimeSpan Due { get; private set; }

        public void Fire() => callback();

        public void Take()
        {
            if (_period > TimeSpan.Zero)
            {
                Due += _period;
            }
            else
            {
                time._timers.Remove(this);
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    (Due, _period) = (time._now + dueTime, period);
                    time._timers.Add(this);
                    time._waiting.FindAll(waiting => waiting.Due == Due).ForEach(waiting => waiting.Reached.TrySetResult());
                }
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
