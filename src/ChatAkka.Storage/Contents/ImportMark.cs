using ChatAkka.Storage.Journals;

namespace ChatAkka.Storage.Contents;

/// <summary>
/// Says that an import into the store is under way, or was when it ended: an event under a persistence id of its own, so that every
/// store can hold it. A store that bears it isn't served.
/// </summary>
internal static class ImportMark
{
    /// <summary>Whose journal the mark is.</summary>
    public const string PersistenceId = "import";

    public static async Task SetAsync(IEventStore journal, CancellationToken cancel)
    {
        // The number after the mark of an import that finished, whose own is never given away again.
        var next = await journal.HighestAsync(PersistenceId, cancel).ConfigureAwait(false) + 1;
        await journal.AppendAsync([new JournalRow(PersistenceId, next, SerializerId: 0, "import", [])], cancel).ConfigureAwait(false);
    }

    public static Task ClearAsync(IEventStore journal, CancellationToken cancel) =>
        journal.DeleteToAsync(PersistenceId, long.MaxValue, cancel);

    public static async Task<bool> IsSetAsync(IEventStore journal, CancellationToken cancel)
    {
        var isSet = false;
        await journal.ReadAsync(PersistenceId, 1, long.MaxValue, 1, backward: false, _ => isSet = true, cancel).ConfigureAwait(false);
        return isSet;
    }
}
