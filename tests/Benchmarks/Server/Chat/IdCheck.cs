namespace Benchmarks.Server.Chat;

/// <summary>Whether a session saw every id of its channel once: events in ascending order, the answers to its own sends in
/// between.</summary>
internal sealed class IdCheck
{
    private long _lowest = long.MaxValue;
    private long _highest;
    private long _highestEvent;
    private long _count;

    /// <summary>The lowest id among the answers.</summary>
    public long LowestAnswer { get; private set; } = long.MaxValue;

    /// <summary>Events that came after one with a higher id, or again.</summary>
    public long Disorder { get; private set; }

    /// <summary>Ids that never came, less those that came again, be it as an event and an answer.</summary>
    public long Missing => _count == 0 ? 0 : _highest - _lowest + 1 - _count;

    public void AddEvent(long id)
    {
        if (id <= _highestEvent)
        {
            Disorder++;
        }

        _highestEvent = Math.Max(_highestEvent, id);
        Add(id);
    }

    public void AddAnswer(long id)
    {
        LowestAnswer = Math.Min(LowestAnswer, id);
        Add(id);
    }

    private void Add(long id)
    {
        _lowest = Math.Min(_lowest, id);
        _highest = Math.Max(_highest, id);
        _count++;
    }
}
