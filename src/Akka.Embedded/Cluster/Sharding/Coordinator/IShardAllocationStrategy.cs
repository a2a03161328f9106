using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>Decides where shards live. Asked by the coordinator, on its thread.</summary>
public interface IShardAllocationStrategy : INoSerializationVerificationNeeded
{
    /// <summary>Chooses a home for a shard.</summary>
    /// <param name="requester">The region that has a message to the shard.</param>
    /// <param name="shardId">The shard.</param>
    /// <param name="currentShardAllocations">The regions, with the shards that they have, in the order in which they got them.</param>
    /// <returns>One of the regions.</returns>
    Task<IActorRef> AllocateShard(
        IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations);

    /// <summary>Chooses shards that should get another home. Asked at regular times.</summary>
    /// <param name="currentShardAllocations">See <see cref="AllocateShard"/>.</param>
    /// <param name="rebalanceInProgress">The shards that are moving already.</param>
    /// <returns>None, if all may stay where they are for now.</returns>
    Task<IImmutableSet<string>> Rebalance(
        IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress);
}

/// <summary>A strategy that is told before it is first asked.</summary>
public interface IStartableAllocationStrategy : IShardAllocationStrategy
{
    void Start();
}

/// <inheritdoc cref="IStartableAllocationStrategy"/>
public interface IActorSystemDependentAllocationStrategy : IShardAllocationStrategy
{
    void Start(ActorSystem system);
}

/// <summary>The strategies there are.</summary>
public static class ShardAllocationStrategy
{
    /// <summary>
    /// A new shard goes to the region that has the fewest, and shards move from those that have most, one round of moves at a time, until no
    /// region has two more than another one. Nodes that are leaving are avoided; nothing moves while nodes are joining or can't be
    /// reached.
    /// </summary>
    /// <param name="absoluteLimit">How many shards move in one round at most.</param>
    /// <param name="relativeLimit">What part of all shards moves in one round at most; but always one.</param>
    public static IShardAllocationStrategy LeastShardAllocationStrategy(int absoluteLimit, double relativeLimit) =>
        new LeastShardAllocationStrategy(absoluteLimit, relativeLimit);
}
