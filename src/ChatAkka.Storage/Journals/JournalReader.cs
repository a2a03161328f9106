using ChatAkka.Domain.Timelines;

namespace ChatAkka.Storage.Journals;

/// <summary>Reads a store's events beside the actors that write them.</summary>
internal sealed class JournalReader(IEventStore events) : IJournalReader
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredEvent>> ReadAsync(
        string persistenceId, long from, long to, int limit, bool backward, CancellationToken cancel)
    {
        List<StoredEvent> rows = [];
        await events.ReadAsync(persistenceId, from, to, limit, backward, row => rows.Add(Stored(row)), cancel).ConfigureAwait(false);
        return rows;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredEvent>> ReadAnnotationsAsync(
        string persistenceId, long from, long to, CancellationToken cancel) =>
        (await events.AnnotationsAsync(persistenceId, from, to, cancel).ConfigureAwait(false)).ConvertAll(Stored);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredEvent>> HeadsAsync(IReadOnlyCollection<string> persistenceIds, CancellationToken cancel) =>
        (await events.HeadsAsync(persistenceIds, cancel).ConfigureAwait(false)).ConvertAll(Stored);

    private static StoredEvent Stored(JournalRow row) => new(row.PersistenceId, row.SequenceNr, row.Manifest, row.Payload);
}
