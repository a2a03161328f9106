using ChatAkka.Storage.PostgreSql;

namespace ChatAkka.Storage.Journals.PostgreSql;

/// <summary>The snapshots of all persistence ids.</summary>
internal sealed class PostgresSnapshots(PostgresDatabase database, ReadLane reads) : ISnapshotTable
{
    private const string Upsert =
        """
        INSERT INTO snapshot (key, sequence_nr, taken_at, serializer, manifest, payload) VALUES (persistence_key($1), $2, $3, $4, $5, $6)
        ON CONFLICT (key, sequence_nr) DO UPDATE SET
          taken_at = excluded.taken_at, serializer = excluded.serializer, manifest = excluded.manifest, payload = excluded.payload
        """;

    private const string SelectNewest =
        """
        SELECT sequence_nr, serializer, manifest, payload, taken_at FROM snapshot
        WHERE key = (SELECT key FROM persistence WHERE id = $1) AND sequence_nr BETWEEN $2 AND $3 AND taken_at BETWEEN $4 AND $5
        ORDER BY sequence_nr DESC LIMIT 1
        """;

    private const string Delete =
        """
        DELETE FROM snapshot
        WHERE key = (SELECT key FROM persistence WHERE id = $1) AND sequence_nr BETWEEN $2 AND $3 AND taken_at BETWEEN $4 AND $5
        """;

    /// <inheritdoc/>
    public Task SaveAsync(JournalRow row, long takenAt, CancellationToken cancel) => database.RunAsync(
        async (connection, token) =>
        {
            await using var command = connection.Statement(
                Upsert,
                Parameter.Of(row.PersistenceId),
                Parameter.Of(row.SequenceNr),
                Parameter.Of(takenAt),
                Parameter.Of(row.SerializerId),
                Parameter.Of(row.Manifest),
                Parameter.Of(row.Payload));
            return await command.ExecuteNonQueryAsync(token).ConfigureAwait(false);
        },
        cancel);

    /// <inheritdoc/>
    public async Task<(JournalRow Row, long TakenAt)?> FindAsync(string persistenceId, SnapshotRange range, CancellationToken cancel)
    {
        (JournalRow, long)? found = null;
        await reads.ReadAsync(
            Statements.Of(SelectNewest, [Parameter.Of(persistenceId), .. Bounds(range)]),
            reader => found = (PostgresJournal.Row(reader, persistenceId, 0), reader.GetInt64(4)),
            cancel).ConfigureAwait(false);
        return found;
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string persistenceId, SnapshotRange range, CancellationToken cancel) => database.RunAsync(
        async (connection, token) =>
        {
            await using var command = connection.Statement(Delete, [Parameter.Of(persistenceId), .. Bounds(range)]);
            return await command.ExecuteNonQueryAsync(token).ConfigureAwait(false);
        },
        cancel);

    private static Npgsql.NpgsqlParameter[] Bounds(SnapshotRange range) =>
    [
        Parameter.Of(range.MinSequenceNr),
        Parameter.Of(range.MaxSequenceNr),
        Parameter.Of(range.MinTakenAt),
        Parameter.Of(range.MaxTakenAt),
    ];
}
