using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace ChatAkka.Storage.Journals;

/// <summary>
/// The journal plugin of every store, which it finds through <see cref="ChatStoreExtension"/>. It begins a write as soon as it
/// is asked, so the store can commit the writes of many actors together.
/// </summary>
/// <remarks>
/// All writes of one call are stored together or not at all, except those rejected. A write is rejected if its event can't be
/// serialized; if the store fails, the returned task does, and the actor stops.
/// </remarks>
public sealed class ChatJournal : AsyncWriteJournal
{
    private readonly PayloadSerialization _payloads = new(Context.System);
    private readonly IEventStore _events = ChatStoreExtension.Of(Context.System).Journal;

    /// <inheritdoc/>
    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr) =>
        _events.HighestAsync(persistenceId, CancellationToken.None);

    /// <inheritdoc/>
    public override Task ReplayMessagesAsync(
        IActorContext context,
        string persistenceId,
        long fromSequenceNr,
        long toSequenceNr,
        long max,
        Action<IPersistentRepresentation> recoveryCallback) =>
        _events.ReadAsync(
            persistenceId,
            fromSequenceNr,
            toSequenceNr,
            max,
            backward: false,
            row => recoveryCallback(new Persistent(_payloads.FromRow(row), row.SequenceNr, persistenceId)),
            CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task<IImmutableList<Exception?>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
    {
        // Before the first await: on the journal's own thread, in the order in which writes arrive.
        List<JournalRow> rows = [];
        var rejected = Serialize(messages, rows);
        if (rows.Count > 0)
        {
            await _events.AppendAsync([.. rows], CancellationToken.None).ConfigureAwait(false);
        }

        return rejected;
    }

    /// <inheritdoc/>
    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr) =>
        _events.DeleteToAsync(persistenceId, toSequenceNr, CancellationToken.None);

    /// <returns>Null if none is rejected, else the reason or null for each write.</returns>
    private IImmutableList<Exception?>? Serialize(IEnumerable<AtomicWrite> messages, List<JournalRow> rows)
    {
        ImmutableList<Exception?>.Builder? outcomes = null;
        var count = 0;
        foreach (var write in messages)
        {
            var kept = rows.Count;
            try
            {
                foreach (var message in (IImmutableList<IPersistentRepresentation>)write.Payload)
                {
                    rows.Add(ToRow(message));
                }

                outcomes?.Add(null);
            }
            catch (Exception e)
            {
                rows.RemoveRange(kept, rows.Count - kept);
                outcomes ??= ImmutableList.CreateRange(Enumerable.Repeat<Exception?>(null, count)).ToBuilder();
                outcomes.Add(e);
            }

            count++;
        }

        return outcomes?.ToImmutable();
    }

    private JournalRow ToRow(IPersistentRepresentation message) =>
        // An event adapter's manifest has no column: dropping it would replay the event wrongly.
        string.IsNullOrEmpty(message.Manifest)
            ? _payloads.ToRow(message.PersistenceId, message.SequenceNr, message.Payload)
            : throw new NotSupportedException($"This journal stores no manifests of event adapters, such as '{message.Manifest}'.");
}
