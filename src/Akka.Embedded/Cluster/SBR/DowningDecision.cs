using System.Collections.Immutable;

namespace Akka.Cluster.SBR;

/// <summary>Which side is downed.</summary>
internal enum Side
{
    /// <summary>Those that can't be reached from here: this side goes on.</summary>
    Unreachable,

    /// <summary>This side.</summary>
    Reachable,
}

/// <summary>Which members are to be downed, and why. Pure: two nodes that see the same decide the same.</summary>
/// <param name="Nodes">The leader downs them.</param>
/// <param name="IsThisSide">They are all that can be reached from here, and each downs itself: the leader may be slow, or another one.</param>
/// <param name="Reason">For the log.</param>
internal sealed record DowningDecision(ImmutableSortedSet<UniqueAddress> Nodes, bool IsThisSide, string Reason)
{
    /// <param name="strategy">Decides between sides.</param>
    /// <param name="partition">Some member of it is unreachable.</param>
    public static DowningDecision Of(SplitBrainStrategy strategy, Partition partition)
    {
        var indirect = partition.IndirectlyConnected;
        var unreachable = partition.UnreachableBut(indirect);
        if (unreachable.IsEmpty)
            return new DowningDecision(indirect, false, "they are connected to each other only indirectly");
        var (side, reason) = strategy.Decide(partition.Members.Values.Where(member => !indirect.Contains(member.UniqueAddress)), unreachable);
        return side == Side.Unreachable
            ? new DowningDecision(unreachable.Union(indirect), false, reason)
            : new DowningDecision(Living(partition).Except(unreachable), true, reason);
    }

    /// <summary>All members: nothing can be decided.</summary>
    public static DowningDecision All(Partition partition, string reason) => new(Living(partition), true, reason);

    private static ImmutableSortedSet<UniqueAddress> Living(Partition partition) =>
    [
        .. partition.Members.Values.Where(static member => member.Status != MemberStatus.Down).Select(static member => member.UniqueAddress),
    ];
}
