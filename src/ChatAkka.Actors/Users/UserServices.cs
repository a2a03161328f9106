using Akka.Actor;
using ChatAkka.Domain.Contacts;
using ChatAkka.Domain.Push;
using ChatAkka.Domain.Timelines;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Users;

/// <summary>What every user actor of a node shares.</summary>
/// <param name="Channels">The shard region of channels.</param>
/// <param name="Users">The shard region of users themselves.</param>
/// <param name="Pushes">Null if absent users are told nothing.</param>
/// <param name="Presence">Knows who is connected; null if nobody can tell.</param>
/// <param name="IsClustered">The node is one of several.</param>
public sealed record UserServices(
    ChatOptions Options, ITimelineReader Timelines, ICursorStore Cursors, IReceiptStore Receipts, IContactStore Contacts,
    IActorRef Channels, IActorRef Users, IPushOutbox? Pushes = null, IActorRef? Presence = null, bool IsClustered = false);
