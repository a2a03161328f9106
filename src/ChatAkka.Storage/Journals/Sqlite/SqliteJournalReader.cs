using ChatAkka.Domain.Timelines;
using ChatAkka.Storage.Sqlite;

namespace ChatAkka.Storage.Journals.Sqlite;

/// <summary>Reads the embedded journal beside the actors that write it.</summary>
public sealed class SqliteJournalReader(SqliteStore store) : IJournalReader
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredEvent>> ReadAsync(
        string persistenceId, long from, long to, int limit, bool backward, CancellationToken cancel)
    {
        List<StoredEvent> events = [];
        await store.Journal.ReadAsync(persistenceId, from, to, limit, backward, row => events.Add(Stored(row)), cancel).ConfigureAwait(false);
        return events;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredEvent>> ReadAnnotationsAsync(string persistenceId, long from, long to, CancellationToken cancel) =>
        (await store.Journal.AnnotationsAsync(persistenceId, from, to, cancel).ConfigureAwait(false)).ConvertAll(Stored);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredEvent>> HeadsAsync(IReadOnlyCollection<string> persistenceIds, CancellationToken cancel) =>
        (await store.Journal.HeadsAsync(persistenceIds, cancel).ConfigureAwait(false)).ConvertAll(Stored);

    private static StoredEvent Stored(JournalRow row) => new(row.PersistenceId, row.SequenceNr, row.Manifest, row.Payload);
}
