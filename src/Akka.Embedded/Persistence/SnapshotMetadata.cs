namespace Akka.Persistence;

/// <summary>Identifies one snapshot of one persistent actor.</summary>
/// <param name="PersistenceId">The persistent actor that the snapshot was taken of.</param>
/// <param name="SequenceNr">The sequence number of the last event that the snapshot contains.</param>
/// <param name="Timestamp">When it was taken (UTC); <see cref="DateTime.MinValue"/> where it is unknown.</param>
public sealed record SnapshotMetadata(string PersistenceId, long SequenceNr, DateTime Timestamp)
{
    /// <summary>Orders by persistence id, then sequence number, then time.</summary>
    public static IComparer<SnapshotMetadata> Comparer { get; } = Comparer<SnapshotMetadata>.Create(Compare);

    private static int Compare(SnapshotMetadata? x, SnapshotMetadata? y)
    {
        if (x is null || y is null)
            return (x is null ? 0 : 1) - (y is null ? 0 : 1);

        var byId = string.CompareOrdinal(x.PersistenceId, y.PersistenceId);
        if (byId != 0)
            return byId;

        var bySequenceNr = x.SequenceNr.CompareTo(y.SequenceNr);
        return bySequenceNr != 0 ? bySequenceNr : x.Timestamp.CompareTo(y.Timestamp);
    }
}
