namespace Akka.Actor;

/// <summary>
/// A cell's receive timeout. A message only sets a flag, and a batch with such a message reads the clock once; the
/// scheduler has a single entry per cell, which on firing looks how long ago that was and re-arms for the rest.
/// </summary>
internal sealed class ReceiveTimeoutClock : ScheduledEntry
{
    private readonly ActorCell _cell;
    private long _lastMessage;
    private bool _touched;

    private ReceiveTimeoutClock(ActorCell cell, TimeSpan duration)
    {
        _cell = cell;
        Duration = duration;
        // The message that sets the timeout counts as one.
        _touched = true;
    }

    public TimeSpan Duration { get; }

    public static ReceiveTimeoutClock Start(ActorCell cell, TimeSpan duration)
    {
        if (duration <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(duration), duration, "A receive timeout must be positive");
        var clock = new ReceiveTimeoutClock(cell, duration);
        clock._lastMessage = cell.SystemImpl.Timers.Now;
        cell.SystemImpl.Timers.Add(clock, duration);
        return clock;
    }

    public void Cancel() => _cell.SystemImpl.Timers.Remove(this);

    public void Touch() => _touched = true;

    public void BatchDone()
    {
        if (!_touched)
            return;
        _touched = false;
        _lastMessage = _cell.SystemImpl.Timers.Now;
    }

    public override void Fire(TimerQueue timers) => _cell.SendSystemMessage(new Check(this));

    private sealed class Check(ReceiveTimeoutClock clock) : SystemMessage
    {
        public override void Invoke(ActorCell cell)
        {
            if (cell.ExtrasOrNull?.Timeout != clock)
                return;
            var timers = cell.SystemImpl.Timers;
            var rest = clock.Duration - timers.Elapsed(clock._lastMessage);
            if (rest > TimeSpan.Zero)
            {
                timers.Add(clock, rest);
                return;
            }

            // Handling the timeout counts as a message, so the next one is a whole duration away.
            cell.Tell(ReceiveTimeout.Instance, cell);
            clock._lastMessage = timers.Now;
            timers.Add(clock, clock.Duration);
        }
    }
}
