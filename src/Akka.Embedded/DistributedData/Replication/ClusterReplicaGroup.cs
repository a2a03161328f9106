using Akka.Actor;
using Akka.Cluster;

namespace Akka.DistributedData.Replication;

/// <summary>The members of the cluster that have a role.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="role">Null for all members.</param>
/// <param name="name">Of the replicator's actor.</param>
internal sealed class ClusterReplicaGroup(Cluster.Cluster cluster, string? role, string name) : IReplicaGroup
{
    public UniqueAddress Self => cluster.SelfUniqueAddress;

    public void Subscribe(IActorRef replicator) => cluster.Subscribe(
        replicator,
        ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
        typeof(ClusterEvent.IMemberEvent),
        typeof(ClusterEvent.IReachabilityEvent));

    public void Unsubscribe(IActorRef replicator) => cluster.Unsubscribe(replicator);

    public bool Knows(object message) => message is ClusterEvent.IClusterDomainEvent;

    public MembershipChange? Translate(object message) => message switch
    {
        ClusterEvent.MemberRemoved removed when Counts(removed.Member) => new MembershipChange.Removed(removed.Member.UniqueAddress),
        ClusterEvent.IMemberEvent changed when Counts(changed.Member) => OfMember(changed.Member),
        ClusterEvent.UnreachableMember unreachable when Counts(unreachable.Member) =>
            new MembershipChange.Unreachable(unreachable.Member.UniqueAddress),
        ClusterEvent.ReachableMember reachable when Counts(reachable.Member) =>
            new MembershipChange.Reachable(reachable.Member.UniqueAddress),
        _ => null,
    };

    public IActorRef ReplicatorOf(UniqueAddress node) =>
        cluster.System.Provider.ResolveActorRef(new RootActorPath(node.Address) / "system" / name);

    // Whoever has been up stays one of those that majorities are made of until it is removed: it may have what others have not.
    private static MembershipChange OfMember(Member member) => member.UpNumber == Member.NoUpNumber
        ? new MembershipChange.Joining(member.UniqueAddress)
        : new MembershipChange.Up(member.UniqueAddress, member.UpNumber);

    private bool Counts(Member member) => role is null || member.HasRole(role);
}
