namespace ChatAkka.Push.Tests.Support;

/// <summary>A clock that moves when a test says so; its timers fire on the thread that moves it.</summary>
internal sealed class ManualTime : TimeProvider
{
    /// <summary>Where the clock starts, in ms since the Unix epoch.</summary>
    public const long Start = 1_800_000_000_000;

    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly List<(TimeSpan Due, TaskCompletionSource Reached)> _waiting = [];
    private TimeSpan _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Now, in ms since the Unix epoch.</summary>
    public long Ms => GetUtcNow().ToUnixTimeMilliseconds();

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
        var timer = new ManualTimer(this, callback, state);
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

    /// <summary>Moves the clock and fires each timer that is due, once.</summary>
    public void Advance(TimeSpan by)
    {
        ManualTimer[] due;
        lock (_gate)
        {
            _now += by;
            due = [.. _timers.Where(timer => timer.Due <= _now)];
            _timers.RemoveAll(timer => timer.Due <= _now);
        }

        foreach (var timer in due)
        {
            timer.Fire();
        }
    }

    // One-shot: nothing here repeats.
    private sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan Due { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            period.ShouldBe(Timeout.InfiniteTimeSpan);
            lock (time._gate)
            {
                time._timers.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = time._now + dueTime;
                    time._timers.Add(this);
                    time._waiting.FindAll(waiting => waiting.Due == Due).ForEach(waiting => waiting.Reached.TrySetResult());
                }
            }

            return true;
        }

        public void Dispose()
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
