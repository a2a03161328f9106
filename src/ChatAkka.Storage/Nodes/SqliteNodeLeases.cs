using ChatAkka.Storage.Sqlite;
using Dapper;

namespace ChatAkka.Storage.Nodes;

/// <summary>
/// Node leases in the embedded store, for which the processes that share it contend, and the traces of earlier ones: these are respected
/// like those of living ones, since ids must not repeat either way. Who takes one has the file's write lock for that moment.
/// A row stays after its lease: it says until when its number was in use.
/// </summary>
internal sealed class SqliteNodeLeases(SqliteStore store, LeaseTerm term) : INodeLeases
{
    /// <inheritdoc/>
    public Task<NodeLease> AcquireAsync(string holder, CancellationToken cancel) =>
        store.WriteAsync(session => Acquire(session, holder), cancel);

    /// <inheritdoc/>
    public Task<NodeLease?> RenewAsync(NodeLease lease, CancellationToken cancel) => store.WriteAsync(
        session =>
        {
            var renewed = term.Extend(lease);
            return session.Connection.Execute(
                "UPDATE node_lease SET expires_at = @ExpiresAt WHERE node = @Node AND holder = @Holder", renewed) == 1
                ? renewed
                : null;
        },
        cancel);

    /// <inheritdoc/>
    public Task ReleaseAsync(NodeLease lease, CancellationToken cancel) => store.WriteAsync(
        session => session.Connection.Execute(
            "UPDATE node_lease SET expires_at = min(expires_at, @now) WHERE node = @Node AND holder = @Holder",
            new { lease.Node, lease.Holder, now = term.Now }),
        cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<NodeLease>> ListAsync(CancellationToken cancel) => store.ReadAsync<IReadOnlyList<NodeLease>>(
        session => [.. session.Connection.Query<LeaseRow>($"SELECT node AS Node, {LeaseRow.SelectRest}").Select(row => row.ToLease())], cancel);

    private NodeLease Acquire(SqliteSession session, string holder)
    {
        var node = session.Connection.QueryFirstOrDefault<int?>("SELECT node FROM node_lease WHERE holder = @holder", new { holder })
            ?? session.Connection.QueryFirstOrDefault<int?>(
                "SELECT node FROM node_lease WHERE expires_at < @now ORDER BY expires_at LIMIT 1", new { now = term.Now })
            ?? session.Connection.QuerySingle<int>("SELECT coalesce(max(node) + 1, 0) FROM node_lease");
        var lease = term.Begin(node, holder);
        session.Connection.Execute(
            "INSERT OR REPLACE INTO node_lease (node, holder, expires_at) VALUES (@Node, @Holder, @ExpiresAt)", lease);
        return lease;
    }
}
