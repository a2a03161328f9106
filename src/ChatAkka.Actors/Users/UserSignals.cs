using Akka.Actor;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Users;

// What a user actor tells itself: outcomes of what runs beside it, and its timers.

/// <summary>The session has attached: the stores are to be asked, unless what came in with it has ended it.</summary>
internal sealed record SessionDue(Session Session, AttachSession Attach);

/// <summary>The stores have said where the session's device stands, and how far the user's channels are.</summary>
internal sealed record SessionLoaded(Session Session, LoadedCursors Cursors, IReadOnlyDictionary<ChannelId, ChannelEvent> Heads);

/// <summary>A part of what the session lacked was read.</summary>
/// <param name="Messages">What it is to be told now, in order.</param>
/// <param name="Rest">What is to be read then; empty if the round ends with this.</param>
internal sealed record SessionRead(Session Session, IReadOnlyList<object> Messages, IReadOnlyList<Stretch> Rest);

/// <summary>A store or a channel did not answer the session.</summary>
internal sealed record SessionFailed(Session Session, Exception Cause);

/// <summary>What the journal has of a gap, from its beginning; empty if it could not be read.</summary>
internal sealed record GapRead(ChannelId Channel, IReadOnlyList<ChannelEvent> Events);

/// <summary>A gap that could not be read is to be read again.</summary>
internal sealed record GapReadDue(ChannelId Channel);

/// <summary>It is known whom a session may watch, or that this can't be known now.</summary>
internal sealed record WatchFiltered(IActorRef Asker, WatchAllowed Answer);

/// <summary>A save of cursors has ended.</summary>
/// <param name="Moves">What was to be saved.</param>
/// <param name="Receipts">What the store has now; if it failed, what it may have all the same.</param>
internal sealed record CursorsSaved(bool Succeeded, IReadOnlyCollection<DeviceCursor> Moves, IReadOnlyList<Receipt> Receipts)
{
    /// <summary>What the store had before, if this incarnation hadn't read it yet.</summary>
    public IReadOnlyList<Receipt> Stored { get; init; } = [];
}

/// <summary>Where the user stands in their channels, though no device has attached; null if the store didn't say.</summary>
internal sealed record PositionsRead(IReadOnlyDictionary<ChannelId, ChannelEvent>? Heads, IReadOnlyList<Receipt> Receipts);

/// <summary>That is to be read again.</summary>
internal sealed class PositionsDue
{
    public static readonly PositionsDue Instance = new();
}

/// <summary>Cursors were moved a while ago.</summary>
internal sealed class SaveCursors : INotInfluenceReceiveTimeout
{
    public static readonly SaveCursors Instance = new();
}

/// <summary>The shard lets the user leave memory, and keeps what comes from now on for the next incarnation.</summary>
internal sealed class Passivated
{
    public static readonly Passivated Instance = new();
}
