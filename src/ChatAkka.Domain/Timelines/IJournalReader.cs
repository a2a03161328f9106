namespace ChatAkka.Domain.Timelines;

/// <summary>A row of the journal as it is stored: decoding it is the business of whoever knows the manifest.</summary>
public readonly record struct StoredEvent(string PersistenceId, long SequenceNr, string Manifest, byte[] Payload);

/// <summary>Raw range reads of the journal, in both directions. Every journal offers this beside its actor plugin.</summary>
public interface IJournalReader
{
    /// <summary>Rows in [<paramref name="from"/>, <paramref name="to"/>], at most <paramref name="limit"/>, ascending from the
    /// lowest or, with <paramref name="backward"/>, descending from the highest.</summary>
    /// <exception cref="StorageUnavailableException">The store could not answer.</exception>
    Task<IReadOnlyList<StoredEvent>> ReadAsync(
        string persistenceId, long from, long to, int limit, bool backward, CancellationToken cancel);

    /// <summary>The rows of the newest annotation (<see cref="Channels.Annotation"/>) of each slot of each event in
    /// [<paramref name="from"/>, <paramref name="to"/>], in any order.</summary>
    /// <exception cref="StorageUnavailableException">The store could not answer.</exception>
    Task<IReadOnlyList<StoredEvent>> ReadAnnotationsAsync(string persistenceId, long from, long to, CancellationToken cancel);

    /// <summary>The newest row of each persistence id that has one.</summary>
    /// <exception cref="StorageUnavailableException">The store could not answer.</exception>
    Task<IReadOnlyList<StoredEvent>> HeadsAsync(IReadOnlyCollection<string> persistenceIds, CancellationToken cancel);
}
