using Akka.Persistence;
using Akka.Persistence.Snapshot;

namespace ChatAkka.Storage.Journals;

/// <summary>The snapshot store plugin of every store, which it finds through <see cref="ChatStoreExtension"/>.</summary>
public sealed class ChatSnapshotStore : SnapshotStore
{
    private readonly PayloadSerialization _payloads = new(Context.System);
    private readonly ISnapshotTable _snapshots = ChatStoreExtension.Of(Context.System).Snapshots;

    /// <inheritdoc/>
    protected override async Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria) =>
        await _snapshots.FindAsync(persistenceId, Range(criteria), CancellationToken.None).ConfigureAwait(false) is (var row, var takenAt)
            ? new SelectedSnapshot(
                new SnapshotMetadata(persistenceId, row.SequenceNr, new DateTime(takenAt, DateTimeKind.Utc)), _payloads.FromRow(row))
            : null;

    /// <inheritdoc/>
    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot) =>
        _snapshots.SaveAsync(
            _payloads.ToRow(metadata.PersistenceId, metadata.SequenceNr, snapshot), metadata.Timestamp.Ticks, CancellationToken.None);

    /// <inheritdoc/>
    protected override Task DeleteAsync(SnapshotMetadata metadata)
    {
        var (from, to) = metadata.Timestamp == DateTime.MinValue
            ? (0, long.MaxValue)
            : (metadata.Timestamp.Ticks, metadata.Timestamp.Ticks);
        return _snapshots.DeleteAsync(
            metadata.PersistenceId, new SnapshotRange(metadata.SequenceNr, metadata.SequenceNr, from, to), CancellationToken.None);
    }

    /// <inheritdoc/>
    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria) =>
        _snapshots.DeleteAsync(persistenceId, Range(criteria), CancellationToken.None);

    private static SnapshotRange Range(SnapshotSelectionCriteria criteria) =>
        new(criteria.MinSequenceNr, criteria.MaxSequenceNr, criteria.MinTimestamp?.Ticks ?? 0, criteria.MaxTimeStamp.Ticks);
}
