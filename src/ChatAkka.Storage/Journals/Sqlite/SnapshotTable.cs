using ChatAkka.Storage.Sqlite;

namespace ChatAkka.Storage.Journals.Sqlite;

/// <summary>The snapshots of all persistence ids.</summary>
internal sealed class SnapshotTable(SqliteStore store, JournalTable journal) : ISnapshotTable
{
    private const string Upsert =
        "INSERT OR REPLACE INTO snapshot (id, taken_at, serializer, manifest, payload) VALUES (?1, ?2, ?3, ?4, ?5)";

    private const string SelectNewest =
        """
        SELECT id, taken_at, serializer, manifest, payload FROM snapshot
        WHERE id BETWEEN ?1 AND ?2 AND taken_at BETWEEN ?3 AND ?4 ORDER BY id DESC LIMIT 1
        """;

    private const string Delete = "DELETE FROM snapshot WHERE id BETWEEN ?1 AND ?2 AND taken_at BETWEEN ?3 AND ?4";

    /// <inheritdoc/>
    public Task SaveAsync(JournalRow row, long takenAt, CancellationToken cancel) => store.WriteAsync(
        session =>
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(row.SequenceNr, RowId.MaxSequenceNr);
            var upsert = session.Prepare(Upsert);
            upsert.Bind(1, RowId.Of(journal.Keys.Intern(session, row.PersistenceId).Key, row.SequenceNr));
            upsert.Bind(2, takenAt);
            upsert.Bind(3, row.SerializerId);
            upsert.Bind(4, row.Manifest);
            upsert.Bind(5, row.Payload);
            upsert.Execute();
            return true;
        },
        cancel);

    /// <inheritdoc/>
    public Task<(JournalRow Row, long TakenAt)?> FindAsync(
        string persistenceId, SnapshotRange range, CancellationToken cancel) => store.ReadAsync(
        session => PersistenceKeys.Find(session, persistenceId) is { } key ? Newest(session, persistenceId, key.Key, range) : null, cancel);

    /// <inheritdoc/>
    public Task DeleteAsync(string persistenceId, SnapshotRange range, CancellationToken cancel) => store.WriteAsync(
        session =>
        {
            if (PersistenceKeys.Find(session, persistenceId) is { } key)
            {
                var delete = session.Prepare(Delete);
                Bind(delete, key.Key, range);
                delete.Execute();
            }

            return true;
        },
        cancel);

    private static (JournalRow Row, long TakenAt)? Newest(SqliteSession session, string persistenceId, long key, SnapshotRange range)
    {
        var select = session.Prepare(SelectNewest);
        try
        {
            Bind(select, key, range);
            return select.Step()
                ? (
                    new JournalRow(
                        persistenceId, RowId.SequenceNr(select.Int64(0)), (int)select.Int64(2), select.Text(3), select.Blob(4)),
                    select.Int64(1))
                : null;
        }
        finally
        {
            select.Reset();
        }
    }

    private static void Bind(SqliteStatement statement, long key, SnapshotRange range)
    {
        statement.Bind(1, RowId.Of(key, RowId.Clamp(range.MinSequenceNr)));
        statement.Bind(2, RowId.Of(key, RowId.Clamp(range.MaxSequenceNr)));
        statement.Bind(3, range.MinTakenAt);
        statement.Bind(4, range.MaxTakenAt);
    }
}
