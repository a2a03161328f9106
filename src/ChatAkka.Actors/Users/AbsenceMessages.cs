using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Users;

/// <summary>Mutes a channel, or ends that: a muted one makes no push. Answered by <see cref="MuteSet"/> when it is stored.</summary>
public sealed record SetMute(UserId User, ChannelId Channel, bool IsMuted) : IUserMessage;

/// <summary>The answer to <see cref="SetMute"/>.</summary>
/// <param name="IsMember">False: the user isn't a member of the channel, and nothing was done.</param>
public sealed record MuteSet(bool IsMember) : INodeMessage;

/// <summary>
/// The user's node, or the user's actor, ended while they were online. If no device is back by now, and none has a socket over which its
/// session comes back, what didn't reach one is pushed. Answered by <see cref="AbsenceSeenTo"/>, if there is a sender.
/// </summary>
public sealed record ReviewAbsence(UserId User) : IUserMessage;

/// <summary>The answer to <see cref="ReviewAbsence"/>: what is owed is stored, or the user is back. Who doesn't get it asks again.</summary>
public sealed record AbsenceSeenTo(UserId User) : INodeMessage;

/// <summary>What absences tell themselves through the user actor: outcomes of what runs beside it, and timers.</summary>
internal interface IAbsenceSignal;

/// <summary>The presence is to be asked again whether the user has a socket.</summary>
internal sealed class SocketsDue : IAbsenceSignal
{
    public static readonly SocketsDue Instance = new();
}

/// <summary>How far the channels of an absent user are; null if the store didn't say.</summary>
internal sealed record AbsenceHeads(IReadOnlyDictionary<ChannelId, ChannelEvent>? Heads) : IAbsenceSignal;

/// <summary>The heads of the channels are to be asked for again.</summary>
internal sealed class AbsenceHeadsDue : IAbsenceSignal
{
    public static readonly AbsenceHeadsDue Instance = new();
}

/// <summary>Looked at a channel of an absent user up to an event.</summary>
/// <param name="Absence">The absence that looked; it may be over.</param>
/// <param name="IsOwed">There is something to push, and that is stored.</param>
internal sealed record AbsenceReviewed(Absence Absence, ChannelId Channel, long To, bool IsOwed) : IAbsenceSignal;

/// <summary>That could not be done; it is tried again.</summary>
internal sealed record AbsenceReviewFailed(ChannelId Channel) : IAbsenceSignal;

/// <summary>What could not be done is due again.</summary>
internal sealed class AbsenceReviewDue : IAbsenceSignal
{
    public static readonly AbsenceReviewDue Instance = new();
}

/// <summary>What was owed has gone from the outbox, or has not.</summary>
internal sealed record OutboxCleared(bool Succeeded) : IAbsenceSignal
{
    public static readonly OutboxCleared Yes = new(true);
    public static readonly OutboxCleared No = new(false);
}

/// <summary>It is to be tried again.</summary>
internal sealed class OutboxClearDue : IAbsenceSignal
{
    public static readonly OutboxClearDue Instance = new();
}
