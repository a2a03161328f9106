using ChatAkka.Domain.Timelines;

namespace ChatAkka.Storage.Journals;

/// <summary>
/// Where a journal keeps its events: the seam between the actor runtime's plugins and a database. Every store keeps the contract
/// that the conformance suite tests. Every member throws <see cref="StorageUnavailableException"/> when the store can't do it.
/// </summary>
internal interface IEventStore
{
    /// <summary>Stores events, all or none, durably before it completes. The rows of a persistence id ascend.</summary>
    /// <exception cref="JournalConflictException">One of the sequence nrs is taken, or was and is deleted.</exception>
    Task AppendAsync(JournalRow[] rows, CancellationToken cancel);

    /// <summary>
    /// Hands the committed events of a range to <paramref name="receive"/> one by one, from the lowest or, backward, from the highest,
    /// while it reads: never two at a time, on any thread.
    /// </summary>
    Task ReadAsync(
        string persistenceId, long from, long to, long limit, bool backward, Action<JournalRow> receive, CancellationToken cancel);

    /// <summary>The highest sequence nr that was ever stored, deleted or not; 0 if none. Writes accepted before the call are waited for:
    /// an entity that restarts while its predecessor's last write is under way must see it.</summary>
    Task<long> HighestAsync(string persistenceId, CancellationToken cancel);

    /// <summary>Of each event from <paramref name="from"/> to <paramref name="to"/>, the newest annotation of each of its slots, in any
    /// order.</summary>
    Task<List<JournalRow>> AnnotationsAsync(string persistenceId, long from, long to, CancellationToken cancel);

    /// <summary>The newest event of each persistence id that has one, in any order.</summary>
    Task<List<JournalRow>> HeadsAsync(IReadOnlyCollection<string> persistenceIds, CancellationToken cancel);

    /// <summary>Deletes the events up to a sequence nr. Their numbers are never given away again.</summary>
    Task DeleteToAsync(string persistenceId, long to, CancellationToken cancel);
}
