using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster;

/// <summary>What one node concludes from what it knows. Immutable.</summary>
internal sealed class MembershipState(Gossip gossip, UniqueAddress self)
{
    private Reachability? _reachability;
    private Member? _leader;
    private bool _leaderIsKnown;
    private ClusterEvent.CurrentClusterState? _view;

    public Gossip Gossip { get; } = gossip;

    public UniqueAddress Self { get; } = self;

    public ImmutableSortedDictionary<UniqueAddress, Member> Members => Gossip.Members;

    /// <summary>This node; null when it isn't a member.</summary>
    public Member? SelfMember => Members.GetValueOrDefault(Self);

    /// <summary>Who does not reach whom, whatever nodes say that are down themselves.</summary>
    public Reachability Reachability => _reachability ??= Gossip.Reachability.WithoutObservers(
        observer => !Members.TryGetValue(observer, out var member) || member.Status == MemberStatus.Down);

    /// <summary>Those that others than themselves can't reach. This node reaches itself, whatever others say.</summary>
    public IEnumerable<Member> UnreachableMembers => Reachability.Unreachable.Where(node => node != Self).Select(node => Members[node]);

    /// <summary>Who acts on behalf of all; null when there is nobody. For the daemon only, as it is remembered.</summary>
    public Member? Leader
    {
        get
        {
            if (!_leaderIsKnown)
                (_leader, _leaderIsKnown) = (LeaderAmong(static _ => true), true);
            return _leader;
        }
    }

    public bool IsLeader => Leader?.UniqueAddress == Self;

    /// <summary>The first member that is up, or at least still works; while there is none, the one that comes closest to it.</summary>
    public Member? LeaderAmong(Predicate<Member> isCandidate) => Members.Values
        .Where(member => isCandidate(member) && member.Status != MemberStatus.Down && (member.UniqueAddress == Self || Reachability.IsReachable(member.UniqueAddress)))
        .MinBy(static member => (member.Status switch
        {
            MemberStatus.Up or MemberStatus.Leaving => 0,
            MemberStatus.Joining => 1,
            _ => 2,
        }, member));

    /// <summary>
    /// Whether all members that count know this version, so that nobody can act on an older one. Who can't be reached prevents it, unless it is
    /// gone for good.
    /// </summary>
    /// <param name="exitingConfirmed">Members that said that they are gone.</param>
    public bool IsConverged(ImmutableSortedSet<UniqueAddress> exitingConfirmed)
    {
        foreach (var member in Members.Values)
        {
            var node = member.UniqueAddress;
            if (exitingConfirmed.Contains(node))
                continue;
            if (member.Status is MemberStatus.Up or MemberStatus.Leaving && !Gossip.Seen.Contains(node))
                return false;
            if (node != Self && member.Status is not (MemberStatus.Down or MemberStatus.Exiting) && !Reachability.IsReachable(node))
                return false;
        }

        return true;
    }

    /// <summary>Whether gossip may be sent to a node: a member that this node reaches.</summary>
    public bool MayGossipTo(UniqueAddress node) => node != Self && Gossip.Reachability.IsReachable(Self, node);

    /// <summary>Whether these are the same members in the same states, the same ones of which can't be reached by somebody.</summary>
    public bool IsSameMembership(MembershipState other)
    {
        if (ReferenceEquals(Members, other.Members) && ReferenceEquals(Gossip.Reachability, other.Gossip.Reachability))
            return true;
        return Members.Count == other.Members.Count
            && Members.Values.Zip(other.Members.Values).All(static pair => pair.First.Equals(pair.Second) && pair.First.Status == pair.Second.Status)
            && Reachability.Unreachable.SetEquals(other.Reachability.Unreachable);
    }

    /// <summary>What the node's own actors see. Thread-safe, unlike the rest.</summary>
    public ClusterEvent.CurrentClusterState View => _view ??= new ClusterEvent.CurrentClusterState(
        [.. Members.Values],
        [.. UnreachableMembers],
        [.. Gossip.Seen.Select(static node => node.Address)],
        LeaderAmong(static _ => true)?.Address,
        Members.Values.SelectMany(static member => member.Roles).Distinct().ToImmutableDictionary(
            static role => role,
            role => LeaderAmong(member => member.HasRole(role))?.Address));
}
