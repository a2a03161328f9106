namespace ChatAkka.Storage.Nodes;

/// <summary>The right to use a node number until a time.</summary>
/// <param name="Node">0 to 1,023, the node part of a Snowflake.</param>
/// <param name="Holder">Who holds it: one incarnation of one process.</param>
/// <param name="ExpiresAt">Ms since the Unix epoch. Its holder makes no id at or after it, unless it has renewed.</param>
public sealed record NodeLease(int Node, string Holder, long ExpiresAt);

/// <summary>Every node number is leased to another holder.</summary>
public sealed class NoFreeNodeException(
    ) : Exception("All node numbers are leased; one becomes free when its holder stops or its lease expires.");

/// <summary>
/// Leases node numbers so that no two live nodes share one. A number is given again only after the end of its last lease by the
/// new holder's own clock, so that also its ids don't repeat, even if a clock was set back.
/// Every member throws <see cref="Domain.Timelines.StorageUnavailableException"/> when the store can't answer.
/// </summary>
public interface INodeLeases
{
    /// <summary>Leases a number, or extends the lease that the holder has.</summary>
    /// <exception cref="NoFreeNodeException">None is free.</exception>
    Task<NodeLease> AcquireAsync(string holder, CancellationToken cancel);

    /// <summary>The extended lease; null if it has been given to someone else.</summary>
    Task<NodeLease?> RenewAsync(NodeLease lease, CancellationToken cancel);

    /// <summary>Ends the lease now. Does nothing if it has been given to someone else.</summary>
    Task ReleaseAsync(NodeLease lease, CancellationToken cancel);

    /// <summary>The last lease of every number that was ever given, those that have ended included.</summary>
    Task<IReadOnlyList<NodeLease>> ListAsync(CancellationToken cancel);
}
