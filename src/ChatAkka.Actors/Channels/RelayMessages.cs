using System.Collections.Immutable;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Channels;

// What a channel tells the relay of another node for all of its members who live there: one frame a node, not one a member. Each is one of
// the messages to members, with whom it is for; the relay tells each of them.
//
//   channel                     relay of a node                      users
//     │ ── RelayEvents ───────────▶ │ ── DeliverEvents ──────────────▶ │
//     │ ── RelayReceipts ─────────▶ │ ── DeliverReceipts ────────────▶ │
//     │ ── RelayTyping ───────────▶ │ ── TypingNotice ───────────────▶ │
//     │ ── RelayProbe ────────────▶ │ ── ProbeDelivery ──────────────▶ │
//     │ ◀──── MembersAcknowledged ─ │ ◀──────── DeliveryAcknowledged ─ │

/// <summary>Newly committed events.</summary>
public sealed record RelayEvents(ImmutableArray<UserId> Users, Delivery Delivery) : INodeMessage;

/// <summary>Members got further. Those who it says nothing to aren't told.</summary>
public sealed record RelayReceipts(ImmutableArray<UserId> Users, ReceiptChanges Receipts) : INodeMessage;

/// <summary>A member is writing. That one isn't told.</summary>
public sealed record RelayTyping(ImmutableArray<UserId> Users, ChannelId Channel, UserId By) : INodeMessage;

/// <summary>Have you everything up to <paramref name="Head"/>? Answered by <see cref="MembersAcknowledged"/>, by
/// <see cref="DeliveryAcknowledged"/> of some, or by both.</summary>
public sealed record RelayProbe(ImmutableArray<UserId> Users, ChannelId Channel, long Head) : INodeMessage;

/// <summary>These users have, or have queued the repair of, everything up to <paramref name="Head"/>.</summary>
public sealed record MembersAcknowledged(ChannelId Channel, ImmutableArray<UserId> Users, long Head) : IChannelMessage;
