using ChatAkka.Actors.Serialization;
using ChatAkka.Storage.Journals;

namespace ChatAkka.Transfer.Exports;

/// <summary>Watches that a journal that is read has everything from its first event on: what has a gap can't be imported.</summary>
/// <param name="owner">Whose journal it is, for sentences.</param>
internal sealed class JournalOrder(string owner)
{
    private long _last;

    /// <exception cref="TransferException">The event doesn't follow the one before.</exception>
    public void Follow(in JournalRow row)
    {
        if (row.SequenceNr != _last + 1)
        {
            throw new TransferException($"The journal of {owner} lacks event {_last + 1}: the store is damaged.");
        }

        _last = row.SequenceNr;
        if (row.SerializerId != StoredEvents.SerializerId)
        {
            throw Unknown();
        }
    }

    /// <summary>The last event is none that this version knows.</summary>
    public TransferException Unknown() =>
        new($"Event {_last} of {owner} can't be read by this version: export with the one that wrote it.");
}
