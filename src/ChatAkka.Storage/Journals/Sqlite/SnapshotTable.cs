using ChatAkka.Storage.Sqlite;

namespace ChatAkka.Storage.Journals.Sqlite;

/// <summary>Which snapshots: sequence nr and time (in units of 100 ns since 0001-01-01, UTC), bounds included.</summary>
internal readonly record struct SnapshotRange(long MinSequenceNr, long MaxSequenceNr, long MinTakenAt, long MaxTakenAt);

/// <summary>
/// The snapshots of all persistence ids. Every member throws <see cref="Domain.Timelines.StorageUnavailableException"/> when the
/// store can't do it.
/// </summary>
internal sealed class SnapshotTable(SqliteStore store, JournalTable journal)
{
    private const string Upsert = "INSERT OR REPLACE INTO snapshot (id, taken_at, serializer, manifest, payload) VALUES (?1, ?2, ?3, ?4, ?5)";

    private const string SelectNewest =
        """
        SELECT id, taken_at, serializer, manifest, payload FROM snapshot
        WHERE id BETWEEN ?1 AND ?2 AND taken_at BETWEEN ?3 AND ?4 ORDER BY id DESC LIMIT 1
        """;

    private const string Delete = "DELETE FROM snapshot WHERE id BETWEEN ?1 AND ?2 AND taken_at BETWEEN ?3 AND ?4";

    /// <summary>Stores a snapshot, in place of one of the same sequence nr.</summary>
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

    /// <summary>The snapshot with the highest sequence nr in the range, and when it was taken; null if there is none.</summary>
    public Task<(JournalRow Row, long TakenAt)?> FindAsync(string persistenceId, SnapshotRange range, CancellationToken cancel) => store.ReadAsync(
        session => PersistenceKeys.Find(session, persistenceId) is { } key ? Newest(session, persistenceId, key.Key, range) : null, cancel);

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
                ? (new JournalRow(persistenceId, RowId.SequenceNr(select.Int64(0)), (int)select.Int64(2), select.Text(3), select.Blob(4)), select.Int64(1))
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
