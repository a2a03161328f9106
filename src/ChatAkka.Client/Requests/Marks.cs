using System.Runtime.InteropServices;

namespace ChatAkka.Client.Requests;

/// <summary>What a mark says.</summary>
internal enum MarkKind
{
    /// <summary>The device has it.</summary>
    Delivered,

    /// <summary>The user has read it.</summary>
    Read,
}

/// <summary>
/// What the device has to say with <c>delivered</c> and <c>read</c>, merged by maximum. Neither is answered: what was said on a connection
/// that has ended may be lost, so what wasn't said long before the end is said again on the next. Guarded by its client. Bounded by the
/// number of channels.
/// </summary>
internal sealed class Marks
{
    // A server stores what it is told within a second or so; if it does that and crashes, nothing is lost.
    private static readonly TimeSpan StoredWithin = TimeSpan.FromSeconds(5);

    private readonly Dictionary<(MarkKind Kind, string Channel), Mark> _marks = [];
    private readonly Queue<(MarkKind Kind, string Channel)> _due = new();

    /// <summary>Says what is due: a kind, a channel and an id. False if there is no room for it now.</summary>
    internal delegate bool Say(MarkKind kind, string channel, long id);

    /// <summary>Something is to be said; what is lower than what was said already isn't news.</summary>
    public void Raise(MarkKind kind, string channel, long id)
    {
        ref var mark = ref CollectionsMarshal.GetValueRefOrAddDefault(_marks, (kind, channel), out _);
        if (id > mark.Id)
        {
            if (!mark.IsDue)
            {
                _due.Enqueue((kind, channel));
            }

            mark = new Mark(id, IsDue: true, default);
        }
    }

    /// <summary>The user isn't a member any more.</summary>
    public void Forget(string channel)
    {
        _marks.Remove((MarkKind.Delivered, channel));
        _marks.Remove((MarkKind.Read, channel));
    }

    /// <summary>The connection is gone: what was said lately is due again.</summary>
    public void ConnectionEnded(TimeSpan now)
    {
        foreach (var (key, mark) in _marks)
        {
            if (!mark.IsDue && now - mark.SaidAt < StoredWithin)
            {
                _marks[key] = mark with { IsDue = true };
                _due.Enqueue(key);
            }
        }
    }

    /// <summary>Says what is due; false if <paramref name="say"/> had no room for all of it.</summary>
    public bool Flush(Say say, TimeSpan now)
    {
        while (_due.TryPeek(out var key))
        {
            if (_marks.TryGetValue(key, out var mark) && mark.IsDue)
            {
                if (!say(key.Kind, key.Channel, mark.Id))
                {
                    return false;
                }

                _marks[key] = mark with { IsDue = false, SaidAt = now };
            }

            _due.Dequeue();
        }

        return true;
    }

    private readonly record struct Mark(long Id, bool IsDue, TimeSpan SaidAt);
}
