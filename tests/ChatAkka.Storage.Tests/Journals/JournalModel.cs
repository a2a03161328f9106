using System.Globalization;
using ChatAkka.Storage.Journals;

namespace ChatAkka.Storage.Tests.Journals;

/// <summary>What a store should do with events, annotations and what is to be delivered, in the most obvious way.</summary>
internal sealed class JournalModel
{
    private readonly Dictionary<string, SortedDictionary<long, JournalRow>> _events = [];
    private readonly Dictionary<string, long> _deletedTo = [];
    private readonly Dictionary<string, long> _undelivered = [];

    public IEnumerable<string> Undelivered => _undelivered.Keys;

    public long Highest(string id) => Math.Max(Of(id).Keys.LastOrDefault(), DeletedTo(id));

    public long DeletedTo(string id) => _deletedTo.GetValueOrDefault(id);

    public bool TryAppend(JournalRow[] rows)
    {
        if (rows.Any(row => row.SequenceNr <= DeletedTo(row.PersistenceId) || Of(row.PersistenceId).ContainsKey(row.SequenceNr)))
        {
            return false;
        }

        foreach (var row in rows)
        {
            Of(row.PersistenceId).Add(row.SequenceNr, row);
            if (row.IsTimeline)
            {
                _undelivered[row.PersistenceId] = row.SequenceNr;
            }
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

    public void Settle(string id, long head)
    {
        if (_undelivered.GetValueOrDefault(id, long.MaxValue) <= head)
        {
            _undelivered.Remove(id);
        }
    }

    public IEnumerable<JournalRow> Read(string id, long from, long to, long limit, bool backward)
    {
        var range = Of(id).Values.Where(row => row.SequenceNr >= from && row.SequenceNr <= to);
        return (backward ? range.Reverse() : range).Take((int)limit);
    }

    /// <summary>The last of each slot of each event that isn't deleted.</summary>
    public IEnumerable<JournalRow> Annotations(string id, long from, long to) => Of(id).Values
        .Where(row => row.Annotates?.Target > DeletedTo(id) && row.Annotates?.Target >= from && row.Annotates?.Target <= to)
        .GroupBy(row => row.Annotates).Select(slot => slot.Last());

    public JournalRow? Head(string id) => Of(id).Count > 0 ? Of(id).Values.Last() : null;

    /// <summary>What can be read of a row, as text.</summary>
    public static string Show(JournalRow row) =>
        string.Create(CultureInfo.InvariantCulture, $"{row.PersistenceId}/{row.SequenceNr} {row.SerializerId} {row.Manifest} {row.Text()}");

    private SortedDictionary<long, JournalRow> Of(string id) => _events.TryGetValue(id, out var events) ? events : _events[id] = [];
}
