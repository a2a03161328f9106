using ChatAkka.Domain.Identity;

namespace ChatAkka.Storage.Nodes;

/// <summary>From when to when leases are, by the clock of this process.</summary>
internal sealed class LeaseTerm(StorageOptions options, TimeProvider time)
{
    public long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private long End => Now + (options.NodeLeaseSeconds * 1000L);

    /// <exception cref="NoFreeNodeException">The number is above what a Snowflake has room for.</exception>
    public NodeLease Begin(int node, string holder) =>
        node <= Snowflake.MaxNode ? new NodeLease(node, holder, End) : throw new NoFreeNodeException();

    /// <summary>The lease until a later end; never an earlier one, also when the clock was set back.</summary>
    public NodeLease Extend(NodeLease lease) => lease with { ExpiresAt = Math.Max(lease.ExpiresAt, End) };
}
