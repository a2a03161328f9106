using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Users;

/// <summary>Mutes a channel, or ends that: a muted one makes no push. Answered by <see cref="MuteSet"/> when it is stored.</summary>
public sealed record SetMute(UserId User, ChannelId Channel, bool IsMuted) : IUserMessage;

/// <summary>The answer to <see cref="SetMute"/>.</summary>
/// <param name="IsMember">False: the user isn't a member of the channel, and nothing was done.</param>
public sealed record MuteSet(bool IsMember);

/// <summary>
/// The program ended while this user was online. If no device is back by now, what didn't reach one is pushed. Never answered.
/// </summary>
public sealed record ReviewAbsence(UserId User) : IUserMessage;

/// <summary>How far the channels of an absent user are; null if the store didn't say.</summary>
internal sealed record AbsenceHeads(IReadOnlyDictionary<ChannelId, ChannelEvent>? Heads);

/// <summary>Looked at a channel of an absent user up to an event.</summary>
/// <param name="Absence">The absence that looked; it may be over.</param>
/// <param name="IsOwed">There is something to push, and that is stored.</param>
internal sealed record AbsenceReviewed(Absence Absence, ChannelId Channel, long To, bool IsOwed);

/// <summary>That could not be done; it is tried again.</summary>
internal sealed record AbsenceReviewFailed(ChannelId Channel);

/// <summary>What could not be done is due again.</summary>
internal sealed class AbsenceReviewDue
{
    public static readonly AbsenceReviewDue Instance = new();
}
