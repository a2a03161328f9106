using Akka.Actor;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Users;

// How a channel's events reach its members.
//
//   channel                                   user
//     │ ── DeliverEvents (each commit) ────────▶ │   no answer: the next probe asks for all of them at once
//     │ ── ProbeDelivery (head, while behind) ─▶ │   the cumulative acknowledgement's request; a large group asks its last
//     │                                          │   member at once, and delivers on when it answers
//     │ ◀──────── DeliveryAcknowledged (head) ── │
//     │ ◀──────── MembershipUnknown ──────────── │   the user lost, or never got, its membership: it is told again
//     │ ── RecordMembership ───────────────────▶ │
//     │ ◀──────── MembershipRecorded ─────────── │   persisted by the user, too
//
// A user that sees a gap in the ids reads it from the journal; so a lost message costs time, never an event.

/// <summary>Newly committed events, for one member.</summary>
public sealed record DeliverEvents(UserId User, Delivery Delivery) : IUserMessage;

/// <summary>Have you everything up to <paramref name="Head"/>? Answered by <see cref="DeliveryAcknowledged"/>.</summary>
public sealed record ProbeDelivery(UserId User, ChannelId Channel, long Head) : IUserMessage;

/// <summary>The user has, or has queued the repair of, everything up to <paramref name="Head"/>.</summary>
public sealed record DeliveryAcknowledged(ChannelId Channel, UserId User, long Head) : IChannelMessage;

/// <summary>The user was sent something of a channel that it doesn't know to be a member of.</summary>
public sealed record MembershipUnknown(ChannelId Channel, UserId User) : IChannelMessage;

/// <summary>Since event <paramref name="ChangeId"/> the user is (<paramref name="View"/> given) or isn't (null) a member.</summary>
public sealed record RecordMembership(UserId User, ChannelId Channel, long ChangeId, MemberView? View) : IUserMessage;

/// <summary>The user has persisted the membership change.</summary>
public sealed record MembershipRecorded(ChannelId Channel, UserId User, long ChangeId) : IChannelMessage;

/// <summary>The user got further, and the store has it. Passed on to the members, never answered.</summary>
/// <param name="Delivered">0 if that hasn't changed.</param>
/// <param name="Read">0 if that hasn't changed.</param>
public sealed record ReceiptMoved(ChannelId Channel, UserId User, long Delivered, long Read) : IChannelMessage, INotInfluenceReceiveTimeout;

/// <summary>Members of one of the user's channels got further.</summary>
public sealed record DeliverReceipts(UserId User, ReceiptChanges Receipts) : IUserMessage, INotInfluenceReceiveTimeout;

/// <summary>A user is writing. Passed on to the other members at most once, never stored, never answered.</summary>
public sealed record UserTyping(ChannelId Channel, UserId By) : IChannelMessage, INotInfluenceReceiveTimeout;

/// <summary>A member of one of the user's channels is writing.</summary>
public sealed record TypingNotice(UserId User, ChannelId Channel, UserId By)
    : IUserMessage, ISessionMessage, INotInfluenceReceiveTimeout;

/// <summary>
/// One of a direct channel's two users has blocked or unblocked the other: what the channel knows of it is outdated. Answered by
/// <see cref="BlocksForgotten"/>; every command that comes later is judged by what the store says now.
/// </summary>
public sealed record ForgetBlocks(ChannelId Channel) : IChannelMessage, INotInfluenceReceiveTimeout;

/// <summary>The channel will look again.</summary>
public sealed class BlocksForgotten : INodeMessage
{
    /// <summary>The only one.</summary>
    public static readonly BlocksForgotten Instance = new();
}

/// <summary>
/// The program has started again, and this channel had something to deliver when it ended: being told anything makes the channel recover
/// and ask its members. Answered by <see cref="DeliveryResumed"/>.
/// </summary>
public sealed record ResumeDelivery(ChannelId Channel) : IChannelMessage;

/// <summary>The channel has recovered.</summary>
public sealed class DeliveryResumed : INodeMessage
{
    /// <summary>The only one.</summary>
    public static readonly DeliveryResumed Instance = new();
}
