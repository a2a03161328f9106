namespace ChatAkka.Replay.Faults;

/// <summary>
/// Holds the talk back while a fault passes, so that there is something left to say at the next one: to so many texts a second, and to a
/// trickle when the fault has used up its part of the scenario. Thread-safe.
/// </summary>
/// <param name="perSecond">0 holds nothing back.</param>
internal sealed class Pace(FaultPlan faults, int perSecond, TimeProvider time)
{
    private const int Trickle = 2;

    private readonly Lock _lock = new();
    private FaultRecord? _fault;
    private long _next;
    private int _used;

    /// <summary>Waits for the turn of the next text.</summary>
    public Task TurnAsync() => perSecond > 0 && faults.Passing is { IsCompleted: false } passing
        ? Task.WhenAny(Task.Delay(Wait(), time), passing)
        : Task.CompletedTask;

    private TimeSpan Wait()
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            if (_fault != faults.Current)
            {
                (_fault, _next, _used) = (faults.Current, now, 0);
            }

            var rate = _used++ < faults.SendsEach ? perSecond : Math.Min(perSecond, Trickle);
            _next = Math.Max(_next, now) + (time.TimestampFrequency / rate);
            return time.GetElapsedTime(now, _next);
        }
    }
}
