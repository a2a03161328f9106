using System.Runtime.CompilerServices;
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
/// What the device has to say with <c>delivered</c> and <c>read</c>, merged by maximum. Neither is answered, and what was said on a connection
/// that has ended may be lost, however long ago: a server that stands still takes frames for half a minute. So <c>read</c> is said again on
/// each connection until the server has told it, and <c>delivered</c>, which a hello says too, unless the server was heard long after it.
/// Guarded by its client. Bounded by the number of channels.
/// </summary>
internal sealed class Marks
{
    // A server that is alive stores what it is told within a second or so.
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

            mark = new Mark(id, IsDue: true, IsKnown: false, default);
        }
    }

    /// <summary>The server says that the user has read a channel up to an id, and tells only what it has stored.</summary>
    public void Confirm(string channel, long id)
    {
        ref var mark = ref CollectionsMarshal.GetValueRefOrNullRef(_marks, (MarkKind.Read, channel));
        if (!Unsafe.IsNullRef(ref mark) && mark.Id <= id)
        {
            mark = mark with { IsDue = false, IsKnown = true };
        }
    }

    /// <summary>The user isn't a member any more.</summary>
    public void Forget(string channel)
    {
        _marks.Remove((MarkKind.Delivered, channel));
        _marks.Remove((MarkKind.Read, channel));
    }

    /// <summary>The connection is gone: what the server may not have is due again.</summary>
    /// <param name="heardAt">When something came from the server the last time.</param>
    public void ConnectionEnded(TimeSpan heardAt)
    {
        foreach (var (key, mark) in _marks)
        {
            if (mark is { IsDue: false, IsKnown: false } && (key.Kind == MarkKind.Read || heardAt - mark.SaidAt < StoredWithin))
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

    private readonly record struct Mark(long Id, bool IsDue, bool IsKnown, TimeSpan SaidAt);
}
