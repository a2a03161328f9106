using ChatAkka.Domain.Channels;

namespace ChatAkka.Actors.Users;

/// <summary>How far a user has got in one of their channels since this incarnation of the actor began. Volatile.</summary>
internal sealed class ChannelPosition
{
    /// <summary>Everything up to here was forwarded to the live sessions; -1 while unknown (no event and no read of the store yet).</summary>
    public long Head { get; private set; } = -1;

    /// <summary>Messages up to <see cref="Head"/>.</summary>
    public long N { get; private set; }

    /// <summary>When the event at <see cref="Head"/> happened, in ms since the Unix epoch.</summary>
    public long LastAt { get; private set; }

    /// <summary>The highest id heard of; above <see cref="Head"/> while the gap between them is read from the journal.</summary>
    public long Target { get; private set; } = -1;

    public bool IsKnown => Head >= 0;

    public bool HasGap => Target > Head;

    /// <summary>The user joined just now: what they are sent begins after this id.</summary>
    public static ChannelPosition At(long id)
    {
        var position = new ChannelPosition();
        position.Head = position.Target = id;
        return position;
    }

    public void AdvanceTo(ChannelEvent e)
    {
        (Head, N, LastAt) = (e.Id, e.N, e.At);
        Target = Math.Max(Target, Head);
    }

    /// <summary>There is something up to <paramref name="id"/>.</summary>
    public void HearOf(long id) => Target = Math.Max(Target, id);
}
