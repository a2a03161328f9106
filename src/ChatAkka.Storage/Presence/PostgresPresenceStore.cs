using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Presence;
using ChatAkka.Storage.Accounts;
using ChatAkka.Storage.Nodes;
using ChatAkka.Storage.PostgreSql;
using Npgsql;

namespace ChatAkka.Storage.Presence;

/// <summary>Presence in PostgreSQL, as a node writes it.</summary>
internal sealed class PostgresPresenceStore(PostgresDatabase database, ReadLane reads, StatementLane writes, NodeLease node)
    : IPresenceStore
{
    // First of all: it locks the users' rows, in one order for all nodes. So the last of these statements sees what another node that was at
    // the same users has made of them.
    private const string Touch =
        """
        INSERT INTO presence (user_id, online, last_active_at)
        SELECT user_id, 0, last_active_at FROM unnest($1, $2) AS given(user_id, last_active_at) ORDER BY user_id
        ON CONFLICT (user_id) DO UPDATE SET last_active_at = greatest(presence.last_active_at, excluded.last_active_at)
        """;

    // So that every node that has somebody online is found there. Nobody's mark: the first that the node makes itself isn't this one.
    private const string Enter = "INSERT INTO alive (node, holder, at) VALUES ($1, '', 0) ON CONFLICT (node) DO NOTHING";

    private const string Come = "INSERT INTO online_at (node, user_id) SELECT $1, unnest($2) ON CONFLICT DO NOTHING";
    private const string Go = "DELETE FROM online_at WHERE node = $1 AND user_id = ANY ($2)";

    private const string Settle =
        """
        UPDATE presence SET online = now.online
        FROM (SELECT user_id, EXISTS (SELECT FROM online_at o WHERE o.user_id = given.user_id)::integer AS online
              FROM unnest($1) AS given(user_id)) now
        WHERE presence.user_id = now.user_id AND presence.online <> now.online
        """;

    private const string MarkAlive =
        """
        WITH marked AS (UPDATE alive SET at = greatest(at, $3) WHERE node = $1 AND holder = $2 RETURNING node),
        begun AS (
          INSERT INTO alive (node, holder, at) SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT FROM marked)
          ON CONFLICT (node) DO UPDATE SET holder = excluded.holder, at = greatest(alive.at, excluded.at))
        SELECT EXISTS (SELECT FROM marked)
        """;

    private const string Select = "SELECT user_id, last_active_at FROM presence WHERE user_id = ANY ($1)";

    /// <inheritdoc/>
    public Task SaveAsync(IReadOnlyCollection<PresenceRecord> records, CancellationToken cancel) =>
        records.Count == 0 ? Task.CompletedTask : writes.WriteAsync([.. Statements(records)], cancel);

    /// <inheritdoc/>
    public Task<bool> MarkAliveAsync(long now, CancellationToken cancel) => database.RunAsync(
        async (connection, token) =>
        {
            await using var command = connection.Statement(
                MarkAlive, Parameter.Of(node.Node), Parameter.Of(node.Holder), Parameter.Of(now));
            return (bool)(await command.ExecuteScalarAsync(token).ConfigureAwait(false))!;
        },
        cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<UserId, long>> LoadAsync(IReadOnlyCollection<UserId> users, CancellationToken cancel)
    {
        Dictionary<UserId, long> found = [];
        await reads.ReadAsync(
            PostgreSql.Statements.Of(Select, Parameter.Of(users.Select(StoredId.Of).ToArray())),
            reader => found[StoredId.User(reader.GetInt64(0))] = reader.GetInt64(1),
            cancel).ConfigureAwait(false);
        return found;
    }

    private IEnumerable<NpgsqlBatchCommand> Statements(IReadOnlyCollection<PresenceRecord> records)
    {
        // Of several for one user, which a statement can't take one after the other, the last says whether they are online.
        var users = records.GroupBy(record => StoredId.Of(record.User))
            .Select(ofUser => (Id: ofUser.Key, ofUser.Last().IsOnline, At: ofUser.Max(record => record.LastActiveAt))).ToArray();
        var ids = Array.ConvertAll(users, user => user.Id);
        if (users.Any(user => user.IsOnline))
        {
            yield return PostgreSql.Statements.Of(Enter, Parameter.Of(node.Node));
        }

        yield return PostgreSql.Statements.Of(Touch, Parameter.Of(ids), Parameter.Of(Array.ConvertAll(users, user => user.At)));
        foreach (var change in users.GroupBy(user => user.IsOnline))
        {
            yield return PostgreSql.Statements.Of(
                change.Key ? Come : Go, Parameter.Of(node.Node), Parameter.Of(change.Select(user => user.Id).ToArray()));
        }

        yield return PostgreSql.Statements.Of(Settle, Parameter.Of(ids));
    }
}
