namespace ChatAkka.Storage.Journals;

/// <summary>
/// The sequence nr is taken: another incarnation of this entity has written it. Nothing of the write is stored, and the writer
/// must stop (promise P6).
/// </summary>
public sealed class JournalConflictException(string persistenceId, long sequenceNr, Exception? inner = null)
    : Exception($"'{persistenceId}' has an event {sequenceNr} already, written by someone else.", inner)
{
    /// <summary>Whose journal it is.</summary>
    public string PersistenceId { get; } = persistenceId;

    /// <summary>The sequence nr that was taken.</summary>
    public long SequenceNr { get; } = sequenceNr;
}
