using ChatAkka.Storage.Journals;

namespace ChatAkka.Storage.InMemory;

/// <summary>The snapshots of each persistence id, by sequence nr.</summary>
internal sealed class SnapshotData : Dictionary<string, SortedDictionary<long, (JournalRow Row, long TakenAt)>>;

/// <summary>The snapshots of a store in memory.</summary>
internal sealed class InMemorySnapshots(InMemoryStore store, SnapshotData data) : ISnapshotTable
{
    /// <inheritdoc/>
    public Task SaveAsync(JournalRow row, long takenAt, CancellationToken cancel) => store.UseAsync(
        data,
        snapshots =>
        {
            if (!snapshots.TryGetValue(row.PersistenceId, out var saved))
            {
                snapshots[row.PersistenceId] = saved = [];
            }

            saved[row.SequenceNr] = (row, takenAt);
        },
        cancel);

    /// <inheritdoc/>
    public Task<(JournalRow Row, long TakenAt)?> FindAsync(string persistenceId, SnapshotRange range, CancellationToken cancel) =>
        store.UseAsync(data, snapshots => InRange(snapshots, persistenceId, range).LastOrDefault(), cancel);

    /// <inheritdoc/>
    public Task DeleteAsync(string persistenceId, SnapshotRange range, CancellationToken cancel) => store.UseAsync(
        data,
        snapshots =>
        {
            foreach (var snapshot in InRange(snapshots, persistenceId, range).ToArray())
            {
                snapshots[persistenceId].Remove(snapshot!.Value.Row.SequenceNr);
            }
        },
        cancel);

    private static IEnumerable<(JournalRow Row, long TakenAt)?> InRange(
        SnapshotData snapshots, string persistenceId, SnapshotRange range) =>
        snapshots.TryGetValue(persistenceId, out var saved)
            ? saved.Values
                .Where(snapshot => snapshot.Row.SequenceNr >= range.MinSequenceNr && snapshot.Row.SequenceNr <= range.MaxSequenceNr
                    && snapshot.TakenAt >= range.MinTakenAt && snapshot.TakenAt <= range.MaxTakenAt)
                .Select(snapshot => ((JournalRow, long)?)snapshot)
            : [];
}
