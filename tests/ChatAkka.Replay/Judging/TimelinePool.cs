using System.Text;

namespace ChatAkka.Replay.Judging;

/// <summary>The first object for each id of one channel; whoever sees the same event later gets that object. Thread-safe.</summary>
internal sealed class TimelinePool
{
    private readonly Lock _lock = new();
    private readonly List<TimelineEvent?> _first = [];

    /// <summary>The shared object for this event, or a new one when this sight of the id differs from the first.</summary>
    public TimelineEvent Intern(long id, long n, ReadOnlySpan<byte> from, ReadOnlySpan<byte> type, ReadOnlySpan<byte> text)
    {
        TimelineEvent.RequireId(id);
        var first = Find(id);
        if (first is not null && first.N == n && Ascii.Equals(from, first.From) && Ascii.Equals(type, first.Type) && text.SequenceEqual(first.Text.Span))
        {
            return first;
        }

        return Intern(new TimelineEvent(id, n, Encoding.UTF8.GetString(from), Encoding.UTF8.GetString(type), text.ToArray()));
    }

    /// <inheritdoc cref="Intern(long, long, ReadOnlySpan{byte}, ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
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
            return first.Equals(e) ? first : e;
        }
    }

    private TimelineEvent? Find(long id)
    {
        lock (_lock)
        {
            return id < _first.Count ? _first[(int)id] : null;
        }
    }
}
