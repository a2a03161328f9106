using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Sharding;

// ---- between regions

/// <summary>A message that has come to a region that isn't its shard's home, and goes on to the one that seems to be.</summary>
/// <param name="Hops">How often it has been sent on.</param>
/// <param name="Message">What the first region was told.</param>
internal sealed record Forwarded(int Hops, object Message) : IClusterShardingSerializable, IWrappedMessage;

/// <summary>
/// Sent to the region that was a shard's home behind the last message that goes there: it passes the acknowledgement on, which thus tells
/// that those messages have been taken.
/// </summary>
internal sealed record LastOfShard(IActorRef Coordinator, BeginHandOffAck Acknowledgement) : IClusterShardingSerializable;

// ---- from regions, and proxies, to their coordinator

/// <summary>A region makes itself known. Repeated until <see cref="RegisterAck"/> comes; no loss where there is no coordinator.</summary>
/// <param name="Region">The region.</param>
/// <param name="Node">Its node.</param>
/// <param name="IsProxy">It runs no shards.</param>
/// <param name="Shards">What it runs at the moment.</param>
internal sealed record RegisterRegion(IActorRef Region, UniqueAddress Node, bool IsProxy, ImmutableList<string> Shards)
    : IClusterShardingSerializable, IDeadLetterSuppression;

/// <summary>Asks for the home of a shard. Repeated until <see cref="ShardLivesAt"/> comes.</summary>
internal sealed record GetShardHome(string ShardId, IActorRef Region) : IClusterShardingSerializable, IDeadLetterSuppression;

/// <summary>The region sends no more messages to the home of the shard, and none is on its way there.</summary>
/// <param name="ShardId">The shard.</param>
/// <param name="Round">Of the <see cref="BeginHandOff"/> that this answers.</param>
/// <param name="Region">Who says so; the message may come by way of another region.</param>
internal sealed record BeginHandOffAck(string ShardId, long Round, IActorRef Region)
    : IClusterShardingSerializable, IDeadLetterSuppression;

/// <summary>All entities of the shard have stopped, or it wasn't there.</summary>
/// <param name="ShardId">The shard.</param>
/// <param name="Round">Of the <see cref="HandOff"/> that this answers.</param>
internal sealed record ShardStopped(string ShardId, long Round) : IClusterShardingSerializable, IDeadLetterSuppression;

/// <summary>The region wants to stop and has its shards handed off. Repeated until <see cref="RegionIsEmpty"/> comes.</summary>
internal sealed record RegionLeaves(IActorRef Region) : IClusterShardingSerializable, IDeadLetterSuppression;

// ---- from the coordinator

/// <summary>The sender is the coordinator, and knows the region.</summary>
internal sealed record RegisterAck : IShardRegionCommand, IClusterShardingSerializable;

/// <summary>The home of a shard, as it is stored. The home itself starts the shard on it.</summary>
internal sealed record ShardLivesAt(string ShardId, IActorRef Region) : IShardRegionCommand, IClusterShardingSerializable;

/// <summary>A shard leaves its home: hold its messages until there is another one.</summary>
/// <param name="ShardId">The shard.</param>
/// <param name="Round">Tells this hand-off from others: an answer that comes late isn't taken for that of a later one.</param>
internal sealed record BeginHandOff(string ShardId, long Round) : IShardRegionCommand, IClusterShardingSerializable;

/// <summary>Nobody sends messages for the shard any more: stop its entities.</summary>
/// <inheritdoc cref="BeginHandOff"/>
internal sealed record HandOff(string ShardId, long Round) : IShardRegionCommand, IClusterShardingSerializable;

/// <summary>No shard has this region as its home, and none will get it: it may stop.</summary>
internal sealed record RegionIsEmpty : IShardRegionCommand, IClusterShardingSerializable;
