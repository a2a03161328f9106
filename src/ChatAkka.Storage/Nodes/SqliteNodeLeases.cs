using ChatAkka.Domain.Identity;
using ChatAkka.Storage.Sqlite;
using Dapper;

namespace ChatAkka.Storage.Nodes;

/// <summary>
/// Node leases in the embedded store. One process at a time has it open, so a lease is contended only by the traces of
/// earlier processes; these are respected like those of living ones, since ids must not repeat either way.
/// A row stays after its lease: it says until when its number was in use.
/// </summary>
public sealed class SqliteNodeLeases(SqliteStore store, StorageOptions options, TimeProvider time) : INodeLeases
{
    /// <inheritdoc/>
    public Task<NodeLease> AcquireAsync(string holder, CancellationToken cancel) =>
        store.WriteAsync(session => Acquire(session, holder), cancel);

    /// <inheritdoc/>
    public Task<NodeLease?> RenewAsync(NodeLease lease, CancellationToken cancel) => store.WriteAsync(
        session =>
        {
            var renewed = lease with { ExpiresAt = Math.Max(lease.ExpiresAt, End()) };
            return session.Connection.Execute("UPDATE node_lease SET expires_at = @ExpiresAt WHERE node = @Node AND holder = @Holder", renewed) == 1 ? renewed : null;
        },
        cancel);

    /// <inheritdoc/>
    public Task ReleaseAsync(NodeLease lease, CancellationToken cancel) => store.WriteAsync(
        session => session.Connection.Execute(
            "UPDATE node_lease SET expires_at = min(expires_at, @now) WHERE node = @Node AND holder = @Holder",
            new { lease.Node, lease.Holder, now = Now() }),
        cancel);

    private NodeLease Acquire(SqliteSession session, string holder)
    {
        var node = session.Connection.QueryFirstOrDefault<int?>("SELECT node FROM node_lease WHERE holder = @holder", new { holder })
            ?? session.Connection.QueryFirstOrDefault<int?>(
                "SELECT node FROM node_lease WHERE expires_at < @now ORDER BY expires_at LIMIT 1", new { now = Now() })
            ?? session.Connection.QuerySingle<int>("SELECT coalesce(max(node) + 1, 0) FROM node_lease");
        if (node > Snowflake.MaxNode)
        {
            throw new NoFreeNodeException();
        }

        var lease = new NodeLease(node, holder, End());
        session.Connection.Execute("INSERT OR REPLACE INTO node_lease (node, holder, expires_at) VALUES (@Node, @Holder, @ExpiresAt)", lease);
        return lease;
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    private long End() => Now() + (options.NodeLeaseSeconds * 1000L);
}
