namespace ChatAkka.Storage.Journals;

/// <summary>Which snapshots: sequence nr and time (in units of 100 ns since 0001-01-01, UTC), bounds included.</summary>
internal readonly record struct SnapshotRange(long MinSequenceNr, long MaxSequenceNr, long MinTakenAt, long MaxTakenAt);

/// <summary>Where snapshots are kept. Every member throws <see cref="Domain.Timelines.StorageUnavailableException"/> when the store
/// can't do it.</summary>
internal interface ISnapshotTable
{
    /// <summary>Stores a snapshot, in place of one of the same sequence nr.</summary>
    Task SaveAsync(JournalRow row, long takenAt, CancellationToken cancel);

    /// <summary>The snapshot with the highest sequence nr in the range, and when it was taken; null if there is none.</summary>
    Task<(JournalRow Row, long TakenAt)?> FindAsync(string persistenceId, SnapshotRange range, CancellationToken cancel);

    Task DeleteAsync(string persistenceId, SnapshotRange range, CancellationToken cancel);
}
