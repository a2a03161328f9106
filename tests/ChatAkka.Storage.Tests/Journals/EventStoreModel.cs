using ChatAkka.Storage.Journals;

namespace ChatAkka.Storage.Tests.Journals;

/// <summary>What an event store should do, in the most obvious way.</summary>
internal sealed class EventStoreModel
{
    private readonly Dictionary<string, SortedDictionary<long, JournalRow>> _events = [];
    private readonly Dictionary<string, long> _deletedTo = [];

    public long Highest(string id) => Math.Max(Of(id).Keys.LastOrDefault(), DeletedTo(id));

    public bool TryAppend(JournalRow[] rows)
    {
        if (rows.Any(row => row.SequenceNr <= DeletedTo(row.PersistenceId) || Of(row.PersistenceId).ContainsKey(row.SequenceNr)))
        {
            return false;
        }

        foreach (var row in rows)
        {
            Of(row.PersistenceId).Add(row.SequenceNr, row);
        }

        return true;
    }

    public void DeleteTo(string id, long to)
    {
        _deletedTo[id] = Math.Max(DeletedTo(id), Math.Min(to, Highest(id)));
        foreach (var sequenceNr in Of(id).Keys.Where(sequenceNr => sequenceNr <= to).ToArray())
        {
            Of(id).Remove(sequenceNr);
        }
    }

    public IEnumerable<JournalRow> Read(string id, long from, long to, int limit, bool backward)
    {
        var range = Of(id).Values.Where(row => row.SequenceNr >= from && row.SequenceNr <= to);
        return (backward ? range.Reverse() : range).Take(limit);
    }

    private long DeletedTo(string id) => _deletedTo.GetValueOrDefault(id);

    private SortedDictionary<long, JournalRow> Of(string id) => _events.TryGetValue(id, out var events) ? events : _events[id] = [];
}
