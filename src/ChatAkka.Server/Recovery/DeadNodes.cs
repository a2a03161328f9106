using ChatAkka.Storage.Nodes;

namespace ChatAkka.Server.Recovery;

/// <summary>Which nodes are dead, as far as leases tell.</summary>
internal static class DeadNodes
{
    /// <summary>At the start of a node, before anybody connects to it.</summary>
    /// <param name="leases">All that there are.</param>
    /// <param name="mine">This node's. Whatever is recorded under its number was left by an earlier holder.</param>
    /// <param name="isAlone">No other node has the store open.</param>
    /// <param name="now">In ms since the Unix epoch.</param>
    /// <param name="graceMs">How long after its end a lease may still be renewed.</param>
    public static IReadOnlyList<NodeLease> AtStart(
        IEnumerable<NodeLease> leases, NodeLease mine, bool isAlone, long now, long graceMs) =>
        [.. leases.Where(lease => isAlone || lease.Node == mine.Node || HasEnded(lease, now, graceMs))];

    /// <summary>While a node runs.</summary>
    /// <param name="leases">All that there are.</param>
    /// <param name="mine">This node's. While it isn't in force, neither may those of living nodes be: the store was out of reach, for
    /// all of them most likely, and the ends of leases mean nothing.</param>
    /// <param name="died">Holders that are known to be dead, whatever their leases say.</param>
    /// <param name="now">In ms since the Unix epoch.</param>
    /// <param name="graceMs">How long after its end a lease may still be renewed.</param>
    public static IReadOnlyList<NodeLease> Among(
        IReadOnlyCollection<NodeLease> leases, NodeLease mine, IReadOnlyCollection<string> died, long now, long graceMs)
    {
        var canTell = leases.Any(lease => lease.Holder == mine.Holder && lease.ExpiresAt > now);
        return
        [
            .. leases.Where(lease => lease.Holder != mine.Holder
                && (died.Contains(lease.Holder) || (canTell && HasEnded(lease, now, graceMs)))),
        ];
    }

    private static bool HasEnded(NodeLease lease, long now, long graceMs) => lease.ExpiresAt + graceMs < now;
}
