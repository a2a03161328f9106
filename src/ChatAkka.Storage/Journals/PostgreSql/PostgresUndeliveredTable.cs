using ChatAkka.Domain.Timelines;
using ChatAkka.Storage.PostgreSql;

namespace ChatAkka.Storage.Journals.PostgreSql;

/// <summary>The undelivered timelines of a PostgreSQL store.</summary>
internal sealed class PostgresUndeliveredTable(PostgresDatabase database, StatementLane writes) : IUndeliveredTable
{
    private const string Delete = "DELETE FROM undelivered WHERE key = (SELECT key FROM persistence WHERE id = $1) AND head <= $2";

    // What is locked is being written, or taken up by another node.
    private const string TakeUp =
        """
        WITH next AS (SELECT key FROM undelivered WHERE at <= $1 ORDER BY at, key LIMIT $3 FOR UPDATE SKIP LOCKED),
        taken AS (UPDATE undelivered u SET at = $2 FROM next WHERE u.key = next.key RETURNING u.key)
        SELECT p.id FROM taken JOIN persistence p ON p.key = taken.key
        """;

    /// <inheritdoc/>
    public Task SettledAsync(string persistenceId, long head, CancellationToken cancel) =>
        writes.WriteAsync(Statements.Of(Delete, Parameter.Of(persistenceId), Parameter.Of(head)), cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> TakeUpAsync(
        long before, long now, int limit, CancellationToken cancel) => database.RunAsync<IReadOnlyList<string>>(
        async (connection, token) =>
        {
            List<string> ids = [];
            await using var command = connection.Statement(TakeUp, Parameter.Of(before), Parameter.Of(now), Parameter.Of(limit));
            await command.ForEachAsync(reader => ids.Add(reader.GetString(0)), token).ConfigureAwait(false);
            return ids;
        },
        cancel);
}
