using System.Globalization;
using ChatAkka.Storage.PostgreSql;
using Npgsql;

namespace ChatAkka.Storage.Nodes;

/// <summary>What nodes have recorded of themselves in PostgreSQL.</summary>
internal sealed class PostgresNodeRecords(PostgresDatabase database) : INodeRecords
{
    // Locked: who renews the lease or takes the number waits until it is clear whose the records are.
    private const string IsDead = "SELECT 1 FROM node_lease WHERE node = $1 AND holder = $2 AND expires_at = $3 FOR SHARE";

    // The node hears of it, if it isn't dead after all, when it says next that it is alive. Two who recover it take turns here.
    private const string Disown = "UPDATE alive SET holder = '' WHERE node = $1 RETURNING at";

    private const string Take =
        """
        WITH next AS (SELECT user_id FROM online_at WHERE node = $1 ORDER BY user_id LIMIT $2 FOR UPDATE)
        DELETE FROM online_at USING next WHERE online_at.node = $1 AND online_at.user_id = next.user_id RETURNING next.user_id
        """;

    // As when a node saves them: whoever is at the same users comes before or after, so that the next statement sees what they did.
    private const string Lock = "SELECT 1 FROM presence WHERE user_id = ANY ($1) ORDER BY user_id FOR UPDATE";

    private const string Settle =
        """
        UPDATE presence SET
          online = EXISTS (SELECT FROM online_at o WHERE o.user_id = presence.user_id)::integer, last_active_at = greatest(last_active_at, $2)
        WHERE user_id = ANY ($1) RETURNING user_id, online
        """;

    private const string Review =
        "INSERT INTO absence_review (user_id, due_at) SELECT unnest($1), $2 ON CONFLICT (user_id) DO UPDATE SET due_at = excluded.due_at";

    private const string Forget =
        "DELETE FROM alive WHERE node = $1 AND holder = '' AND NOT EXISTS (SELECT FROM online_at WHERE node = $1)";

    private const string Unclaim =
        "UPDATE push_outbox SET claimed_by = NULL, claimed_until = NULL WHERE next_attempt_at IS NOT NULL AND claimed_by = $1";

    private const string SelectAll = "SELECT node FROM alive";

    /// <inheritdoc/>
    public Task<IReadOnlySet<int>> ListAsync(CancellationToken cancel) => database.RunAsync<IReadOnlySet<int>>(
        async (connection, token) =>
            (await ReadAsync(connection, SelectAll, token).ConfigureAwait(false)).Select(node => (int)node).ToHashSet(),
        cancel);

    /// <inheritdoc/>
    public async Task<int> RecoverAsync(IReadOnlyCollection<NodeLease> dead, long? reviewAt, CancellationToken cancel)
    {
        var offline = 0;
        foreach (var node in dead.Append(NodeRecords.Before))
        {
            Piece piece;
            do
            {
                piece = await database.TransactAsync(
                    (connection, token) => RecoverAsync(connection, node, reviewAt, token), cancel).ConfigureAwait(false);
                offline += piece.Offline;
            }
            while (!piece.IsLast);
        }

        return offline;
    }

    private static async Task<Piece> RecoverAsync(NpgsqlConnection connection, NodeLease node, long? reviewAt, CancellationToken cancel)
    {
        if (node.Node != NodeRecords.Nobody && !await IsDeadAsync(connection, node, cancel).ConfigureAwait(false))
        {
            return new Piece(0, IsLast: true);
        }

        var lastAlive = (await ReadAsync(connection, Disown, cancel, Parameter.Of(node.Node)).ConfigureAwait(false)).FirstOrDefault();
        long[] users =
        [
            .. await ReadAsync(
                connection, Take, cancel, Parameter.Of(node.Node), Parameter.Of(NodeRecords.UsersAtOnce)).ConfigureAwait(false),
        ];
        if (users.Length > 0)
        {
            var offline = await SettleAsync(connection, users, lastAlive, reviewAt, cancel).ConfigureAwait(false);
            return new Piece(offline, IsLast: false);
        }

        await ExecuteAsync(connection, Forget, cancel, Parameter.Of(node.Node)).ConfigureAwait(false);
        await ExecuteAsync(connection, Unclaim, cancel, Parameter.Of(node.Holder)).ConfigureAwait(false);
        return new Piece(0, IsLast: true);
    }

    private static async Task<bool> IsDeadAsync(NpgsqlConnection connection, NodeLease node, CancellationToken cancel) =>
        (await ReadAsync(
            connection, IsDead, cancel, Parameter.Of(node.Node), Parameter.Of(node.Holder), Parameter.Of(node.ExpiresAt))
            .ConfigureAwait(false)).Count > 0;

    private static async Task<int> SettleAsync(
        NpgsqlConnection connection, long[] users, long lastAlive, long? reviewAt, CancellationToken cancel)
    {
        await ExecuteAsync(connection, Lock, cancel, Parameter.Of(users)).ConfigureAwait(false);
        HashSet<long> offline = [.. users];
        await using (var settle = connection.Statement(Settle, Parameter.Of(users), Parameter.Of(lastAlive)))
        {
            await settle.ForEachAsync(
                reader =>
                {
                    if (reader.GetInt64(1) == 1)
                    {
                        offline.Remove(reader.GetInt64(0));
                    }
                },
                cancel).ConfigureAwait(false);
        }

        if (reviewAt is { } at && offline.Count > 0)
        {
            long[] reviewed = [.. offline.Order()];
            await ExecuteAsync(connection, Review, cancel, Parameter.Of(reviewed), Parameter.Of(at)).ConfigureAwait(false);
        }

        return offline.Count;
    }

    private static async Task<List<long>> ReadAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancel, params NpgsqlParameter[] parameters)
    {
        List<long> numbers = [];
        await using var command = connection.Statement(sql, parameters);
        await command.ForEachAsync(
            reader => numbers.Add(Convert.ToInt64(reader.GetValue(0), CultureInfo.InvariantCulture)), cancel).ConfigureAwait(false);
        return numbers;
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancel, params NpgsqlParameter[] parameters)
    {
        await using var command = connection.Statement(sql, parameters);
        await command.ExecuteNonQueryAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>What one transaction has done for a node.</summary>
    /// <param name="Offline">Users who are online nowhere now.</param>
    private readonly record struct Piece(int Offline, bool IsLast);
}
