using System.Collections.Immutable;

namespace Akka.Cluster;

/// <summary>
/// Who watches whom: all nodes stand in a ring, in an order that has nothing to do with where they run, and each watches those that follow it.
/// Pure.
/// </summary>
internal static class HeartbeatRing
{
    /// <param name="members">All, this node included.</param>
    /// <param name="self">This node.</param>
    /// <param name="unreachable">Watched too where they stand between others, but they don't count.</param>
    /// <param name="count">How many to watch.</param>
    public static ImmutableSortedSet<UniqueAddress> WatchedBy(
        UniqueAddress self, IEnumerable<UniqueAddress> members, ImmutableSortedSet<UniqueAddress> unreachable, int count)
    {
        (ulong Place, UniqueAddress Node)[] ring = [.. members.Select(static node => (StableDigest.Of(node), node)).Order()];
        var watched = ImmutableSortedSet.CreateBuilder<UniqueAddress>();
        var start = Array.FindIndex(ring, place => place.Node == self);
        for (var step = 1; step < ring.Length && count > 0; step++)
        {
            var node = ring[(start + step) % ring.Length].Node;
            watched.Add(node);
            if (!unreachable.Contains(node))
                count--;
        }

        return watched.ToImmutable();
    }
}
