namespace ChatAkka.Storage.Journals.Sqlite;

/// <summary>
/// The row id of an event: the interned persistence id in the upper 31 bits, the sequence nr in the lower 32. It orders rows by
/// (persistence id, sequence nr) in one B-tree with one integer compare, and saves a second index.
/// The limits that follow: 2 G persistence ids a file, 4 G events each.
/// </summary>
internal static class RowId
{
    public const long MaxSequenceNr = uint.MaxValue;

    public static long Of(long key, long sequenceNr) => (key << 32) | sequenceNr;

    public static long SequenceNr(long rowId) => rowId & MaxSequenceNr;

    /// <summary>A bound given by a caller, who may mean "no bound" by it.</summary>
    public static long Clamp(long sequenceNr) => Math.Clamp(sequenceNr, 0, MaxSequenceNr);
}
