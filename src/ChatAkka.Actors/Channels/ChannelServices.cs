using Akka.Actor;
using ChatAkka.Domain.Accounts;
using ChatAkka.Domain.Contacts;
using ChatAkka.Domain.Timelines;

namespace ChatAkka.Actors.Channels;

/// <summary>What every channel actor of a node shares.</summary>
/// <param name="Users">The shard region of users.</param>
/// <param name="Deliveries">Null if nobody needs to know after a crash what was delivered.</param>
/// <param name="Relays">Null if there are no other nodes.</param>
/// <param name="Channels">The shard region of channels themselves; null if none of them ever moves.</param>
public sealed record ChannelServices(
    TimeProvider Time, ChatOptions Options, ITimelineReader Timelines, IAccountStore Accounts, IContactStore Contacts,
    IActorRef Users, IDeliveryLog? Deliveries = null, IRelays? Relays = null, IActorRef? Channels = null);
