using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>
/// Where a shard lives, as its region sees it. On a single node that is always a <see cref="LocalShard"/>; a cluster adds homes on
/// other nodes, and ones that are not known yet.
/// </summary>
internal abstract class ShardHome
{
    /// <summary>Delivers a message to an entity of the shard, on the sender's thread and in the sender's order.</summary>
    public abstract void Deliver(string entityId, object message, IActorRef? sender);
}
