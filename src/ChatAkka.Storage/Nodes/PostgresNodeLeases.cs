using ChatAkka.Storage.PostgreSql;
using Dapper;
using Npgsql;

namespace ChatAkka.Storage.Nodes;

/// <summary>
/// Node leases in PostgreSQL, where several nodes contend for them: who takes one holds the table's lock for that moment. Clocks needn't
/// agree: a number is given again after the end of its lease by the new holder's clock, and its former holder made no id at or after that
/// end by its own, so their ids differ whatever the clocks say. A row stays after its lease: it says until when its number was in use.
/// </summary>
internal sealed class PostgresNodeLeases(PostgresDatabase database, LeaseTerm term) : INodeLeases
{
    private const string Lock = "LOCK TABLE node_lease IN EXCLUSIVE MODE";
    private const string SelectOfHolder = "SELECT node FROM node_lease WHERE holder = @holder";
    private const string SelectEnded = "SELECT node FROM node_lease WHERE expires_at < @now ORDER BY expires_at LIMIT 1";
    private const string SelectNew = "SELECT coalesce(max(node) + 1, 0) FROM node_lease";

    private const string SelectAll = $"SELECT node::bigint AS Node, {LeaseRow.SelectRest}";

    private const string Take =
        """
        INSERT INTO node_lease (node, holder, expires_at) VALUES (@Node, @Holder, @ExpiresAt)
        ON CONFLICT (node) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
        """;

    private const string Renew = "UPDATE node_lease SET expires_at = @ExpiresAt WHERE node = @Node AND holder = @Holder";
    private const string Release = "UPDATE node_lease SET expires_at = least(expires_at, @now) WHERE node = @Node AND holder = @Holder";

    /// <inheritdoc/>
    public Task<NodeLease> AcquireAsync(string holder, CancellationToken cancel) => database.TransactAsync(
        async (connection, token) =>
        {
            await connection.ExecuteAsync(new CommandDefinition(Lock, cancellationToken: token)).ConfigureAwait(false);
            var node = await FindAsync(connection, SelectOfHolder, new { holder }, token).ConfigureAwait(false)
                ?? await FindAsync(connection, SelectEnded, new { now = term.Now }, token).ConfigureAwait(false)
                ?? await connection.QuerySingleAsync<int>(new CommandDefinition(SelectNew, cancellationToken: token)).ConfigureAwait(false);
            var lease = term.Begin(node, holder);
            await connection.ExecuteAsync(new CommandDefinition(Take, lease, cancellationToken: token)).ConfigureAwait(false);
            return lease;
        },
        cancel);

    /// <inheritdoc/>
    public Task<NodeLease?> RenewAsync(NodeLease lease, CancellationToken cancel)
    {
        var renewed = term.Extend(lease);
        return database.RunAsync(
            async (connection, token) =>
                await connection.ExecuteAsync(
                    new CommandDefinition(Renew, renewed, cancellationToken: token)).ConfigureAwait(false) == 1
                    ? renewed
                    : null,
            cancel);
    }

    /// <inheritdoc/>
    public Task ReleaseAsync(NodeLease lease, CancellationToken cancel) => database.RunAsync(
        (connection, token) =>
            connection.ExecuteAsync(new CommandDefinition(
                Release, new { lease.Node, lease.Holder, now = term.Now }, cancellationToken: token)),
        cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<NodeLease>> ListAsync(CancellationToken cancel) =>
        [.. (await database.QueryAsync<LeaseRow>(SelectAll, new { }, cancel).ConfigureAwait(false)).Select(row => row.ToLease())];

    private static Task<int?> FindAsync(NpgsqlConnection connection, string sql, object parameters, CancellationToken cancel) =>
        connection.QueryFirstOrDefaultAsync<int?>(new CommandDefinition(sql, parameters, cancellationToken: cancel));
}
