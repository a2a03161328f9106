using ChatAkka.Storage.Journals;

namespace ChatAkka.Storage.InMemory;

/// <summary>The events of all persistence ids, and which of these are to be delivered.</summary>
internal sealed class EventData
{
    private readonly Dictionary<string, Timeline> _timelines = [];

    /// <summary>The timelines that have events which some member may not have heard of: their heads, and when they were entered or taken up
    /// last.</summary>
    public Dictionary<string, (long Head, long At)> Undelivered { get; } = [];

    /// <summary>The ids that have events.</summary>
    public IEnumerable<string> Ids => _timelines.Where(timeline => timeline.Value.Head is not null).Select(timeline => timeline.Key);

    /// <summary>The events of an id; null if it never had any.</summary>
    public Timeline? Find(string persistenceId) => _timelines.GetValueOrDefault(persistenceId);

    public Timeline GetOrAdd(string persistenceId) =>
        Find(persistenceId) ?? (_timelines[persistenceId] = new Timeline());
}

/// <summary>The events of one persistence id.</summary>
internal sealed class Timeline
{
    private static readonly Comparer<JournalRow> BySequenceNr =
        Comparer<JournalRow>.Create((left, right) => left.SequenceNr.CompareTo(right.SequenceNr));

    private readonly SortedSet<JournalRow> _events = new(BySequenceNr);
    private readonly Dictionary<(long Target, string Slot), JournalRow> _annotations = [];
    private long _deletedTo;

    /// <summary>The newest event; null if none is left.</summary>
    public JournalRow? Head => _events.Count > 0 ? _events.Max : null;

    public long Highest => Math.Max(Head?.SequenceNr ?? 0, _deletedTo);

    /// <summary>There is an event of this number, or was.</summary>
    public bool IsTaken(long sequenceNr) => sequenceNr <= _deletedTo || _events.Contains(At(sequenceNr));

    public void Add(JournalRow row)
    {
        // What is written only isn't read back.
        var stored = row with { Annotates = null, IsTimeline = false };
        _events.Add(stored);
        if (row.Annotates is { } annotates)
        {
            _annotations[annotates] = stored;
        }
    }

    public JournalRow[] Read(long from, long to, long limit, bool backward)
    {
        if (from > to)
        {
            return [];
        }

        var range = _events.GetViewBetween(At(from), At(to));
        return [.. (backward ? range.Reverse() : range).Take((int)Math.Clamp(limit, 0, int.MaxValue))];
    }

    public IEnumerable<JournalRow> Annotations(long from, long to) =>
        _annotations.Where(slot => slot.Key.Target >= from && slot.Key.Target <= to).Select(slot => slot.Value);

    public void DeleteTo(long to)
    {
        _deletedTo = Math.Max(_deletedTo, Math.Min(to, Highest));
        _events.RemoveWhere(row => row.SequenceNr <= to);
        foreach (var slot in _annotations.Keys.Where(slot => slot.Target <= to).ToArray())
        {
            _annotations.Remove(slot);
        }
    }

    private static JournalRow At(long sequenceNr) => new("", sequenceNr, 0, "", []);
}

/// <summary>The journal of a store in memory.</summary>
internal sealed class InMemoryJournal(InMemoryStore store, EventData data, TimeProvider time) : IEventStore
{
    /// <summary>Appends enter their timelines into those that are to be delivered.</summary>
    public bool TracksDelivery { get; set; }

    /// <inheritdoc/>
    public Task AppendAsync(JournalRow[] rows, CancellationToken cancel) => store.UseAsync(data, events => Append(events, rows), cancel);

    /// <inheritdoc/>
    public async Task ReadAsync(
        string persistenceId, long from, long to, long limit, bool backward, Action<JournalRow> receive, CancellationToken cancel)
    {
        var rows = await store
            .UseAsync(data, events => events.Find(persistenceId)?.Read(from, to, limit, backward) ?? [], cancel).ConfigureAwait(false);

        // Outside the lock: a receiver may take its time.
        foreach (var row in rows)
        {
            cancel.ThrowIfCancellationRequested();
            receive(row);
        }
    }

    /// <inheritdoc/>
    public Task<long> HighestAsync(string persistenceId, CancellationToken cancel) =>
        store.UseAsync(data, events => events.Find(persistenceId)?.Highest ?? 0, cancel);

    /// <inheritdoc/>
    public Task<List<JournalRow>> AnnotationsAsync(string persistenceId, long from, long to, CancellationToken cancel) =>
        store.UseAsync(data, events => events.Find(persistenceId)?.Annotations(from, to).ToList() ?? [], cancel);

    /// <inheritdoc/>
    public Task<List<JournalRow>> HeadsAsync(IReadOnlyCollection<string> persistenceIds, CancellationToken cancel) =>
        store.UseAsync(data, events => persistenceIds.Select(id => events.Find(id)?.Head).OfType<JournalRow>().ToList(), cancel);

    /// <inheritdoc/>
    public Task DeleteToAsync(string persistenceId, long to, CancellationToken cancel) =>
        store.UseAsync(data, events => events.Find(persistenceId)?.DeleteTo(to), cancel);

    private void Append(EventData events, JournalRow[] rows)
    {
        HashSet<(string, long)> added = [];
        foreach (var row in rows)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(row.SequenceNr, 1);
            if (!added.Add((row.PersistenceId, row.SequenceNr)) || events.Find(row.PersistenceId)?.IsTaken(row.SequenceNr) == true)
            {
                throw new JournalConflictException(row.PersistenceId, row.SequenceNr);
            }
        }

        foreach (var row in rows)
        {
            events.GetOrAdd(row.PersistenceId).Add(row);
            if (TracksDelivery && row.IsTimeline)
            {
                events.Undelivered[row.PersistenceId] = (row.SequenceNr, time.GetUtcNow().ToUnixTimeMilliseconds());
            }
        }
    }
}
