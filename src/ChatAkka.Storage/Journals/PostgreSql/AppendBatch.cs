using System.Runtime.InteropServices;
using ChatAkka.Storage.PostgreSql;
using Npgsql;

namespace ChatAkka.Storage.Journals.PostgreSql;

/// <summary>
/// The statements that store the events of many appends at once. First of all they raise the heads, which fails if anybody has a number
/// already; the rest then can't fail.
/// </summary>
/// <param name="undeliveredAt">When timelines are entered into those that are to be delivered, in ms since the Unix epoch; null if they
/// aren't.</param>
internal sealed class AppendBatch(PersistenceKeys keys, long? undeliveredAt)
{
    /// <summary>Events of one persistence id that share a row when they are history.</summary>
    public const int ChunkLength = 32;

    private const string AdvanceHeads = "SELECT advance_heads($1, $2, $3)";

    private const string InsertEvents =
        "INSERT INTO event (key, sequence_nr, serializer, manifest, payload) SELECT * FROM unnest($1, $2, $3, $4, $5)";

    private const string PackEvents = "SELECT pack_events($1, $2)";

    private const string Annotate =
        """
        INSERT INTO annotation (key, target, slot, event, serializer, manifest, payload) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (key, target, slot) DO UPDATE SET
          event = excluded.event, serializer = excluded.serializer, manifest = excluded.manifest, payload = excluded.payload
        """;

    private const string EnterUndelivered =
        """
        INSERT INTO undelivered (key, head, at) SELECT key, head, $3 FROM unnest($1, $2) AS given(key, head)
        ON CONFLICT (key) DO UPDATE SET head = excluded.head, at = excluded.at
        """;

    private readonly Dictionary<long, Stretch> _stretches = [];
    private readonly Dictionary<(long Key, long Target, string Slot), JournalRow> _annotations = [];
    private readonly List<(long Key, JournalRow Row)> _events = [];

    /// <summary>Takes an append in, unless one of its persistence ids has an event here already that it doesn't continue.</summary>
    public bool TryAdd(PendingAppend append)
    {
        foreach (var row in append.Rows)
        {
            if (_stretches.TryGetValue(keys[row.PersistenceId], out var stretch) && row.SequenceNr <= stretch.Last)
            {
                return false;
            }
        }

        foreach (var row in append.Rows)
        {
            Add(keys[row.PersistenceId], row, append);
        }

        return true;
    }

    /// <summary>The append that is the first here with events of a key: the one that failed, if its head can't be raised.</summary>
    public PendingAppend FirstOf(long key) => _stretches[key].First;

    public void AddTo(NpgsqlBatch batch)
    {
        if (_events.Count == 0)
        {
            return;
        }

        var count = _events.Count;
        var (owners, numbers, serializers) = (new long[count], new long[count], new int[count]);
        var (manifests, payloads) = (new string[count], new byte[count][]);
        for (var i = 0; i < count; i++)
        {
            (owners[i], var row) = _events[i];
            (numbers[i], serializers[i], manifests[i], payloads[i]) = (row.SequenceNr, row.SerializerId, row.Manifest, row.Payload);
        }

        long[] changed = [.. _stretches.Keys];
        long[] lasts = [.. _stretches.Values.Select(stretch => stretch.Last)];
        batch.BatchCommands.Add(Statements.Of(
            AdvanceHeads,
            Parameter.Of(changed),
            Parameter.Of([.. _stretches.Values.Select(stretch => stretch.From)]),
            Parameter.Of(lasts)));
        batch.BatchCommands.Add(Statements.Of(
            InsertEvents,
            Parameter.Of(owners),
            Parameter.Of(numbers),
            Parameter.Of(serializers),
            Parameter.Of(manifests),
            Parameter.Of(payloads)));
        AddAnnotations(batch);
        if (undeliveredAt is { } at && _stretches.Where(stretch => stretch.Value.IsTimeline).ToArray() is { Length: > 0 } timelines)
        {
            batch.BatchCommands.Add(Statements.Of(
                EnterUndelivered,
                Parameter.Of([.. timelines.Select(timeline => timeline.Key)]),
                Parameter.Of([.. timelines.Select(timeline => timeline.Value.Last)]),
                Parameter.Of(at)));
        }

        AddChunks(batch);
    }

    private void Add(long key, JournalRow row, PendingAppend append)
    {
        ref var stretch = ref CollectionsMarshal.GetValueRefOrAddDefault(_stretches, key, out var isKnown);
        stretch = isKnown
            ? stretch with { Last = row.SequenceNr, IsTimeline = stretch.IsTimeline || row.IsTimeline }
            : new Stretch(append, row.SequenceNr, row.SequenceNr, row.IsTimeline);
        _events.Add((key, row));
        if (row.Annotates is { } annotates)
        {
            _annotations[(key, annotates.Target, annotates.Slot)] = row; // ids ascend, so what comes last is the newest
        }
    }

    private void AddAnnotations(NpgsqlBatch batch)
    {
        if (_annotations.Count == 0)
        {
            return;
        }

        JournalRow[] rows = [.. _annotations.Values];
        batch.BatchCommands.Add(Statements.Of(
            Annotate,
            Parameter.Of([.. _annotations.Keys.Select(slot => slot.Key)]),
            Parameter.Of([.. _annotations.Keys.Select(slot => slot.Target)]),
            Parameter.Of([.. _annotations.Keys.Select(slot => slot.Slot)]),
            Parameter.Of(Array.ConvertAll(rows, row => row.SequenceNr)),
            Parameter.Of(Array.ConvertAll(rows, row => row.SerializerId)),
            Parameter.Of(Array.ConvertAll(rows, row => row.Manifest)),
            Parameter.Of(Array.ConvertAll(rows, row => row.Payload))));
    }

    // A chunk moves when its last event isn't the newest any more: the newest event of all is always found in the table of events.
    private void AddChunks(NpgsqlBatch batch)
    {
        List<long> owners = [], firsts = [];
        foreach (var (key, stretch) in _stretches)
        {
            for (var end = (stretch.From - 1 + ChunkLength - 1) / ChunkLength * ChunkLength; end < stretch.Last; end += ChunkLength)
            {
                if (end > 0)
                {
                    owners.Add(key);
                    firsts.Add(end - ChunkLength + 1);
                }
            }
        }

        if (owners.Count > 0)
        {
            batch.BatchCommands.Add(Statements.Of(PackEvents, Parameter.Of([.. owners]), Parameter.Of([.. firsts])));
        }
    }

    /// <summary>The events of one persistence id.</summary>
    /// <param name="First">The append that brought the first of them.</param>
    private readonly record struct Stretch(PendingAppend First, long From, long Last, bool IsTimeline);
}
