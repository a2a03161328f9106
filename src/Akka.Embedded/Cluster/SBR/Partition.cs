using System.Collections.Immutable;

namespace Akka.Cluster.SBR;

/// <summary>A cluster some members of which can't be reached, as one node sees it. Immutable.</summary>
/// <param name="Members">All members.</param>
/// <param name="Records">Who does not reach whom, but what nodes say that are down.</param>
/// <param name="Seen">Who is known to know what this node knows: whoever is in it can be reached in some way.</param>
/// <param name="Self">The node that looks.</param>
internal sealed record Partition(
    ImmutableSortedDictionary<UniqueAddress, Member> Members,
    ImmutableArray<(UniqueAddress Observer, UniqueAddress Subject)> Records,
    ImmutableSortedSet<UniqueAddress> Seen,
    UniqueAddress Self)
{
    public static Partition Of(MembershipState state) =>
        new(state.Members, [.. state.Reachability.Records], state.Gossip.Seen, state.Self);

    /// <summary>Members that can't be reached and of which nobody has decided yet what becomes of them.</summary>
    public ImmutableSortedSet<UniqueAddress> Unreachable => UnreachableBut([]);

    /// <summary>
    /// Nodes that others can't reach although they can be reached in another way, and those others: no line can be drawn between them that
    /// has all who reach each other on one side.
    /// </summary>
    public ImmutableSortedSet<UniqueAddress> IndirectlyConnected
    {
        get
        {
            var nodes = ImmutableSortedSet.CreateBuilder<UniqueAddress>();
            foreach (var (observer, subject) in Records)
            {
                if (!IsUndecided(subject) || !(Seen.Contains(subject) || subject == Self))
                    continue;
                nodes.Add(subject);
                if (Seen.Contains(observer) && IsUndecided(observer))
                    nodes.Add(observer);
            }

            return nodes.ToImmutable();
        }
    }

    /// <summary><see cref="Unreachable"/>, whatever these nodes are and say.</summary>
    public ImmutableSortedSet<UniqueAddress> UnreachableBut(ImmutableSortedSet<UniqueAddress> excluded) =>
    [
        .. Records
            .Where(record => record.Subject != Self && IsUndecided(record.Subject)
                && !excluded.Contains(record.Subject) && !excluded.Contains(record.Observer))
            .Select(static record => record.Subject),
    ];

    private bool IsUndecided(UniqueAddress node) =>
        Members.TryGetValue(node, out var member) && member.Status is MemberStatus.Joining or MemberStatus.Up or MemberStatus.Leaving;
}
