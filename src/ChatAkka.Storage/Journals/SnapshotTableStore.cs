using Akka.Persistence;
using Akka.Persistence.Snapshot;

namespace ChatAkka.Storage.Journals;

/// <summary>The snapshot store plugin over an <see cref="ISnapshotTable"/>.</summary>
public abstract class SnapshotTableStore : SnapshotStore
{
    private readonly PayloadSerialization _payloads = new(Context.System);

    internal abstract ISnapshotTable Snapshots { get; }

    /// <inheritdoc/>
    protected sealed override async Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria) =>
        await Snapshots.FindAsync(persistenceId, Range(criteria), CancellationToken.None).ConfigureAwait(false) is (var row, var takenAt)
            ? new SelectedSnapshot(new SnapshotMetadata(persistenceId, row.SequenceNr, new DateTime(takenAt, DateTimeKind.Utc)), _payloads.FromRow(row))
            : null;

    /// <inheritdoc/>
    protected sealed override Task SaveAsync(SnapshotMetadata metadata, object snapshot) =>
        Snapshots.SaveAsync(_payloads.ToRow(metadata.PersistenceId, metadata.SequenceNr, snapshot), metadata.Timestamp.Ticks, CancellationToken.None);

    /// <inheritdoc/>
    protected sealed override Task DeleteAsync(SnapshotMetadata metadata)
    {
        var (from, to) = metadata.Timestamp == DateTime.MinValue ? (0, long.MaxValue) : (metadata.Timestamp.Ticks, metadata.Timestamp.Ticks);
        return Snapshots.DeleteAsync(metadata.PersistenceId, new SnapshotRange(metadata.SequenceNr, metadata.SequenceNr, from, to), CancellationToken.None);
    }

    /// <inheritdoc/>
    protected sealed override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria) =>
        Snapshots.DeleteAsync(persistenceId, Range(criteria), CancellationToken.None);

    private static SnapshotRange Range(SnapshotSelectionCriteria criteria) =>
        new(criteria.MinSequenceNr, criteria.MaxSequenceNr, criteria.MinTimestamp?.Ticks ?? 0, criteria.MaxTimeStamp.Ticks);
}
