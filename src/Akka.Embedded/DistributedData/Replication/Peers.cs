using Akka.Actor;
using Akka.Cluster;

namespace Akka.DistributedData.Replication;

/// <summary>The other nodes' replicators.</summary>
internal sealed class Peers(Replica replica, IReplicaGroup group, Random random, IActorRef self)
{
    private readonly Dictionary<UniqueAddress, IActorRef> _replicators = [];

    public void Send(UniqueAddress node, object message) => Of(node).Tell(message, self);

    public void Forget(UniqueAddress node) => _replicators.Remove(node);

    /// <summary>Divides the nodes that are up into those that are asked first, which are reachable ones if there are enough, and the
    /// others.</summary>
    /// <param name="needed">How many are asked first.</param>
    /// <param name="first">What those are told.</param>
    /// <param name="later">What the others are told, if it comes to that.</param>
    public (List<Destination> Primary, List<Destination> Secondary) Choose(int needed, Func<UniqueAddress, object> first, object later)
    {
        var nodes = replica.Replicas.OldestFirst().ToArray();
        if (!replica.Settings.PreferOldest)
            random.Shuffle(nodes);
        var ordered = nodes.OrderBy(node => replica.Replicas.IsReachable(node) ? 0 : 1).ToList();
        return (
            ordered.Take(needed).Select(node => new Destination(node, Of(node), first(node))).ToList(),
            ordered.Skip(needed).Select(node => new Destination(node, Of(node), later)).ToList());
    }

    private IActorRef Of(UniqueAddress node)
    {
        if (_replicators.TryGetValue(node, out var replicator))
            return replicator;
        replicator = group.ReplicatorOf(node);
        // Only of members: who isn't one is never removed from here.
        if (replica.Replicas.Knows(node))
            _replicators[node] = replicator;
        return replicator;
    }
}
