namespace ChatAkka.Replay.Judging;

/// <summary>The first object for each id of one channel; whoever sees the same event later gets that object. Thread-safe.</summary>
internal sealed class TimelinePool
{
    private readonly Lock _lock = new();
    private readonly List<TimelineEvent?> _first = [];

    /// <summary>The shared object for this event; the event itself when this sight of the id differs from the first.</summary>
    public TimelineEvent Intern(TimelineEvent e)
    {
        TimelineEvent.RequireId(e.Id);
        lock (_lock)
        {
            while (_first.Count <= e.Id)
            {
                _first.Add(null);
            }

            var first = _first[(int)e.Id] ??= e;
            return first == e ? first : e;
        }
    }
}
