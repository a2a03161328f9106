using ChatAkka.Storage.Sqlite;

namespace ChatAkka.Storage.Nodes;

/// <summary>What nodes have recorded of themselves in the embedded store.</summary>
internal sealed class SqliteNodeRecords(SqliteStore store) : INodeRecords
{
    private const string IsDead = "SELECT 1 FROM node_lease WHERE node = ?1 AND holder = ?2 AND expires_at = ?3";

    // The node hears of it, if it isn't dead after all, when it says next that it is alive.
    private const string Disown = "UPDATE alive SET holder = '' WHERE node = ?1 AND holder <> ''";
    private const string SelectAlive = "SELECT at FROM alive WHERE node = ?1";
    private const string SelectOnline = "SELECT user_id FROM online_at WHERE node = ?1 ORDER BY user_id LIMIT ?2";
    private const string Take = "DELETE FROM online_at WHERE node = ?1 AND user_id = ?2";

    private const string Settle =
        """
        UPDATE presence SET online = EXISTS (SELECT 1 FROM online_at WHERE user_id = ?1), last_active_at = max(last_active_at, ?2)
        WHERE user_id = ?1 RETURNING online
        """;

    private const string Review =
        "INSERT INTO absence_review (user_id, due_at) VALUES (?1, ?2) ON CONFLICT (user_id) DO UPDATE SET due_at = excluded.due_at";

    private const string Forget =
        "DELETE FROM alive WHERE node = ?1 AND holder = '' AND NOT EXISTS (SELECT 1 FROM online_at WHERE node = ?1)";

    // By the index of what is due: it has few rows beside the table.
    private const string Unclaim =
        """
        UPDATE push_outbox SET claimed_by = NULL, claimed_until = NULL
        WHERE id IN (SELECT id FROM push_outbox INDEXED BY push_outbox_due WHERE next_attempt_at IS NOT NULL AND claimed_by = ?1)
        """;

    private const string SelectAll = "SELECT node FROM alive";

    /// <inheritdoc/>
    public Task<IReadOnlySet<int>> ListAsync(CancellationToken cancel) => store.ReadAsync<IReadOnlySet<int>>(
        session => Numbers(session, SelectAll).Select(node => (int)node).ToHashSet(), cancel);

    /// <inheritdoc/>
    public async Task<int> RecoverAsync(IReadOnlyCollection<NodeLease> dead, long? reviewAt, CancellationToken cancel)
    {
        var offline = 0;
        foreach (var node in dead.Append(NodeRecords.Before))
        {
            Piece piece;
            do
            {
                piece = await store.WriteAsync(session => Recover(session, node, reviewAt), cancel).ConfigureAwait(false);
                offline += piece.Offline;
            }
            while (!piece.IsLast);
        }

        return offline;
    }

    private static Piece Recover(SqliteSession session, NodeLease node, long? reviewAt)
    {
        if (node.Node != NodeRecords.Nobody && !Dead(session, node))
        {
            return new Piece(0, IsLast: true);
        }

        Execute(session, Disown, node.Node);
        var lastAlive = Numbers(session, SelectAlive, node.Node).FirstOrDefault();
        var users = Numbers(session, SelectOnline, node.Node, NodeRecords.UsersAtOnce);
        var offline = 0;
        foreach (var user in users)
        {
            Execute(session, Take, node.Node, user);
            if (Numbers(session, Settle, user, lastAlive) is not [1])
            {
                offline++;
                if (reviewAt is { } at)
                {
                    Execute(session, Review, user, at);
                }
            }
        }

        if (users.Count == NodeRecords.UsersAtOnce)
        {
            return new Piece(offline, IsLast: false);
        }

        Execute(session, Forget, node.Node);
        var unclaim = session.Prepare(Unclaim);
        unclaim.Bind(1, node.Holder);
        unclaim.Execute();
        return new Piece(offline, IsLast: true);
    }

    private static bool Dead(SqliteSession session, NodeLease node)
    {
        var select = session.Prepare(IsDead);
        select.Bind(1, node.Node);
        select.Bind(2, node.Holder);
        select.Bind(3, node.ExpiresAt);
        return select.Any();
    }

    private static List<long> Numbers(SqliteSession session, string sql, params ReadOnlySpan<long> parameters)
    {
        var statement = Bind(session, sql, parameters);
        try
        {
            List<long> numbers = [];
            while (statement.Step())
            {
                numbers.Add(statement.Int64(0));
            }

            return numbers;
        }
        finally
        {
            statement.Reset();
        }
    }

    private static void Execute(SqliteSession session, string sql, params ReadOnlySpan<long> parameters) =>
        Bind(session, sql, parameters).Execute();

    private static SqliteStatement Bind(SqliteSession session, string sql, ReadOnlySpan<long> parameters)
    {
        var statement = session.Prepare(sql);
        for (var i = 0; i < parameters.Length; i++)
        {
            statement.Bind(i + 1, parameters[i]);
        }

        return statement;
    }

    /// <summary>What one transaction has done for a node.</summary>
    /// <param name="Offline">Users who are online nowhere now.</param>
    private readonly record struct Piece(int Offline, bool IsLast);
}
