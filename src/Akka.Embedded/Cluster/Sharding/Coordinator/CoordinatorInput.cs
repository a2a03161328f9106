using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>What a coordinator has to decide upon.</summary>
internal abstract record CoordinatorInput;

/// <summary>A region or proxy makes itself known, to a coordinator that may be new.</summary>
/// <param name="Region">It.</param>
/// <param name="Node">The incarnation of its node, a member.</param>
/// <param name="IsProxy">It runs no shards.</param>
/// <param name="Shards">What it runs at the moment.</param>
internal sealed record RegionRegisters(IActorRef Region, UniqueAddress Node, bool IsProxy, ImmutableList<string> Shards) : CoordinatorInput;

/// <summary>A region or proxy has messages to a shard.</summary>
internal sealed record HomeAsked(string ShardId, IActorRef Requester) : CoordinatorInput;

/// <summary>The answer to <see cref="ChooseRegion"/>; null if there was none.</summary>
internal sealed record RegionChosen(string ShardId, IActorRef? Region) : CoordinatorInput;

/// <summary>It is time to look whether shards should move.</summary>
internal sealed record RebalanceDue : CoordinatorInput;

/// <summary>The answer to <see cref="ChooseShards"/>.</summary>
internal sealed record ShardsChosen(IImmutableSet<string> Shards) : CoordinatorInput;

/// <summary>A region holds the messages to a shard that moves.</summary>
internal sealed record HandOffBegun(string ShardId, long Round, IActorRef Region) : CoordinatorInput;

/// <summary>A region has stopped all entities of a shard.</summary>
internal sealed record ShardHasStopped(string ShardId, long Round) : CoordinatorInput;

/// <summary>A region asks to be rid of its shards, since it is about to stop.</summary>
internal sealed record RegionWantsToLeave(IActorRef Region) : CoordinatorInput;

/// <summary>A region or proxy has stopped.</summary>
internal sealed record RegionDied(IActorRef Region) : CoordinatorInput;

/// <summary>A node isn't a member any more, and nothing of it runs.</summary>
internal sealed record NodeDied(UniqueAddress Node) : CoordinatorInput;

/// <summary>Time for repetitions has come.</summary>
internal sealed record RetryDue : CoordinatorInput;

/// <summary>What follows from a decision, to be done once its events are stored.</summary>
internal abstract record CoordinatorEffect;

internal sealed record TellRegion(IActorRef Region, object Message) : CoordinatorEffect;

/// <summary>Be told when the region stops.</summary>
internal sealed record WatchRegion(IActorRef Region) : CoordinatorEffect;

/// <summary>Have the strategy choose a home for a shard, and decide upon <see cref="RegionChosen"/>.</summary>
internal sealed record ChooseRegion(string ShardId, IActorRef Requester) : CoordinatorEffect;

/// <summary>Have the strategy choose shards that should move, and decide upon <see cref="ShardsChosen"/>.</summary>
internal sealed record ChooseShards : CoordinatorEffect;
