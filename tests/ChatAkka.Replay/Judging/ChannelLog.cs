using ChatAkka.Client.Events;

namespace ChatAkka.Replay.Judging;

/// <summary>
/// What one device knows of one channel: every event that its client showed, over all runs of its program, and every broken promise that
/// the client told of or the log noticed.
/// </summary>
/// <remarks>
/// Invariants that it watches, for each life (a run of the device's program, with a client of its own):
/// <list type="bullet">
/// <item>events come with ids next, next + 1, …, the device's own messages among them, whatever happens to the connection;</item>
/// <item>a life starts just above the cursor that the device declared; when it declared none, the server's cursor decides: it
/// may lie lower than what the device has (its last <c>delivered</c> was lost), never higher, and not below what it acknowledged before
/// an orderly good-bye;</item>
/// <item>the very first event is where the device's user became a member: the judge knows whether it is;</item>
/// <item>a second sight of an id is equal to the first.</item>
/// </list>
/// Not thread-safe: the owning client guards it.
/// </remarks>
internal sealed class ChannelLog
{
    private readonly List<Anomaly> _anomalies = [];
    private readonly Dictionary<long, int> _missing = []; // ids that the stream skipped in this life → index of the gap in _anomalies
    private readonly Dictionary<long, int> _reported = []; // ids that the client missed → index of the gap in _anomalies
    private readonly HashSet<long> _noticed = [];          // every id that the stream ever skipped
    private readonly List<(long Id, TaskCompletionSource Reached)> _waiters = [];
    private readonly Dictionary<long, string?> _ownClientIds = [];
    private TimelineEvent?[] _events = new TimelineEvent?[16];
    private long[] _arrivals = new long[16];
    private long? _next;
    private long _first;
    private long _floor;
    private int _life = 1;
    private bool _hasLeft;

    /// <summary>Everything from where the device began up to here was seen.</summary>
    public long Contiguous { get; private set; }

    /// <summary>Everything up to here was seen, or noticed as missing: nothing more will come.</summary>
    public long Settled { get; private set; }

    /// <summary>The highest id that was seen.</summary>
    public long Highest { get; private set; }

    /// <summary>The program's client knows where in the channel it is.</summary>
    public bool IsPlaced => _next is not null;

    /// <summary>Messages of others that arrived, first sights only; of others: other devices.</summary>
    public int Deliveries { get; private set; }

    /// <summary>The highest id that the device has said its user has read.</summary>
    public long MarkedRead { get; set; }

    /// <summary>How far the members got, as the device was told.</summary>
    public ReceiptLog Receipts { get; } = new();

    public IReadOnlyList<Anomaly> Anomalies => _anomalies;

    /// <summary>The client ids that events of the device's own user carried.</summary>
    public IReadOnlyDictionary<long, string?> OwnClientIds => _ownClientIds;

    /// <summary>The event with this id as the device first saw it.</summary>
    public TimelineEvent? Event(long id) => id > 0 && id < _events.Length ? _events[id] : null;

    /// <summary>When it arrived live (Stopwatch ticks); 0 when it came late because the device was away, or was its own.</summary>
    public long Arrival(long id) => id > 0 && id < _arrivals.Length ? _arrivals[id] : 0;

    /// <summary>The program is started.</summary>
    /// <param name="declared">The cursor that it gives its client; null when the server's counts.</param>
    /// <param name="floor">What the server is known to have stored as the device's cursor, 0 when it isn't known.</param>
    public void BeginLife(int life, long? declared, long floor)
    {
        (_life, _floor, _next) = (life, floor, declared + 1);
        _missing.Clear();
        _reported.Clear();
    }

    /// <summary>The server isn't the one that is known to have stored the cursor.</summary>
    public void ForgetFloor() => _floor = 0;

    /// <summary>The client showed an event.</summary>
    /// <param name="arrival">When it arrived live (Stopwatch ticks), or 0.</param>
    /// <param name="isDelivery">It came from another device.</param>
    /// <param name="clientId">The client id that it carried, given only for messages of the device's own user.</param>
    public void Receive(TimelineEvent e, long arrival, bool isDelivery = true, (bool Own, string? ClientId) clientId = default)
    {
        Reserve(e.Id);
        if (_hasLeft)
        {
            Note(AnomalyKind.Leak, e.Id, "came although the user isn't a member any more");
        }

        Follow(e.Id);
        if (clientId.Own)
        {
            _ownClientIds.TryAdd(e.Id, clientId.ClientId);
        }

        Deliveries += isDelivery && e.IsMessage && Event(e.Id) is null ? 1 : 0;
        Remember(e, arrival);
    }

    /// <summary>The client told of a fault of the server's; it has put the stream right, or will.</summary>
    public void Report(ChannelFaultKind kind, long id)
    {
        switch (kind)
        {
            case ChannelFaultKind.Missing:
                _reported[id] = _anomalies.Count;
                Note(AnomalyKind.Gap, id, "was left out by the server, so that the client had to fetch it");
                break;
            case ChannelFaultKind.Late when _reported.Remove(id, out var gap):
                _anomalies[gap] = new Anomaly(AnomalyKind.OutOfOrder, id, _life, "came after a higher one");
                break;
            case ChannelFaultKind.Late:
                Note(AnomalyKind.OutOfOrder, id, "came after a higher one");
                break;
            case ChannelFaultKind.Repeated:
                Note(AnomalyKind.Duplicate, id, "came again");
                break;
        }
    }

    /// <summary>The device knows that its user isn't a member any more.</summary>
    public void Leave() => _hasLeft = true;

    /// <summary>Completes when nothing more can come up to <paramref name="id"/>.</summary>
    public Task ReachedAsync(long id)
    {
        if (Settled >= id)
        {
            return Task.CompletedTask;
        }

        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiters.Add((id, reached));
        return reached.Task;
    }

    private void Follow(long id)
    {
        if (_next is not { } next)
        {
            if (_first == 0)
            {
                Contiguous = Settled = id - 1;
            }
            else if (id <= _floor)
            {
                Note(AnomalyKind.Duplicate, id, $"sent again although its cursor was at {_floor} when it said good-bye");
            }
            else
            {
                NoteGap(Contiguous + 1, id);
            }

            _next = id + 1;
        }
        else if (id >= next)
        {
            NoteGap(next, id);
            _next = id + 1;
        }
        else if (_missing.Remove(id, out var gap))
        {
            _anomalies[gap] = new Anomaly(AnomalyKind.OutOfOrder, id, _life, $"was shown after {next - 1}");
        }
        else
        {
            Note(AnomalyKind.Duplicate, id, $"was shown although the client was at {next - 1}");
        }

        _first = _first == 0 ? id : _first;
    }

    private void NoteGap(long from, long to)
    {
        for (var id = from; id < to; id++)
        {
            _missing[id] = _anomalies.Count;
            _noticed.Add(id);
            Note(AnomalyKind.Gap, id, $"{to} was shown without it");
        }
    }

    private void Remember(TimelineEvent e, long arrival)
    {
        ref var known = ref _events[e.Id];
        if (known is null)
        {
            known = e;
            _arrivals[e.Id] = arrival;
            Highest = Math.Max(Highest, e.Id);
        }
        else if (known != e)
        {
            Note(AnomalyKind.Changed, e.Id, $"was {known}, now {e}");
        }

        Advance();
    }

    private void Advance()
    {
        while (Event(Contiguous + 1) is not null)
        {
            Contiguous++;
        }

        Settled = Math.Max(Settled, Contiguous);
        while (Event(Settled + 1) is not null || _noticed.Contains(Settled + 1))
        {
            Settled++;
        }

        for (var i = _waiters.Count - 1; i >= 0; i--)
        {
            if (_waiters[i].Id <= Settled)
            {
                _waiters[i].Reached.TrySetResult();
                _waiters.RemoveAt(i);
            }
        }
    }

    private void Note(AnomalyKind kind, long id, string detail) => _anomalies.Add(new Anomaly(kind, id, _life, detail));

    private void Reserve(long id)
    {
        TimelineEvent.RequireId(id);
        if (id >= _events.Length)
        {
            var size = (int)Math.Max(id + 1, _events.Length * 2L);
            Array.Resize(ref _events, size);
            Array.Resize(ref _arrivals, size);
        }
    }
}
