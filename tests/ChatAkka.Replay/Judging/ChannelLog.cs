namespace ChatAkka.Replay.Judging;

/// <summary>
/// What one device knows of one channel: every event it saw, over all its connections, and every broken promise it noticed.
/// </summary>
/// <remarks>
/// Invariants that it watches, for each connection:
/// <list type="bullet">
/// <item>events come with ids next, next + 1, …; ids of the device's own sends are filled by their <c>ok</c> instead;</item>
/// <item>a connection starts just above the cursor that the device declared; when it declared none, the server's cursor decides: it
/// may lie lower than what the device has (its last <c>delivered</c> was lost), never higher, and not below what it acknowledged before
/// an orderly good-bye;</item>
/// <item>a second sight of an id is equal to the first.</item>
/// </list>
/// The devices of a replay exist before its channels, so that every device must get every channel from id 1.
/// Not thread-safe: the owning client guards it.
/// </remarks>
internal sealed class ChannelLog
{
    private readonly List<Anomaly> _anomalies = [];
    private readonly Dictionary<long, int> _missing = []; // ids skipped on this connection → index of the gap in _anomalies
    private readonly HashSet<long> _ahead = [];           // own ids at or above _next that an ok filled on this connection
    private readonly HashSet<int> _explained = [];        // indices of gaps that turned out to be none
    private readonly List<(long Id, TaskCompletionSource Reached)> _waiters = [];
    private readonly Dictionary<long, string?> _ownClientIds = [];
    private TimelineEvent?[] _events = new TimelineEvent?[16];
    private long[] _arrivals = new long[16];
    private Mark[] _marks = new Mark[16];
    private long? _next = 1;
    private long _floor;
    private int _connection;
    private long _pageFrom;
    private long _pageTo;

    [Flags]
    private enum Mark : byte
    {
        Nothing = 0,
        Seen = 1,
        FoldedAway = 2, // inside a history page that didn't show it: not a message
        GapNoticed = 4,
    }

    /// <summary>Everything up to here was seen or paged: what the device may acknowledge and declare.</summary>
    public long Contiguous { get; private set; }

    /// <summary>Everything up to here was seen, paged, or noticed as missing: nothing more will come.</summary>
    public long Settled { get; private set; }

    /// <summary>The highest id that was seen.</summary>
    public long Highest { get; private set; }

    /// <summary>Events of messages that arrived, by whatever way, first sights only; the device's own, known by an ok, are not among
    /// them.</summary>
    public int Deliveries { get; private set; }

    /// <summary>What was noticed; gaps that an own <c>ok</c> explained are not among them.</summary>
    public IEnumerable<Anomaly> Anomalies => _anomalies.Where((_, i) => !_explained.Contains(i));

    /// <summary>The client ids that events of the device's own user carried.</summary>
    public IReadOnlyDictionary<long, string?> OwnClientIds => _ownClientIds;

    /// <summary>The event with this id as the device first saw it.</summary>
    public TimelineEvent? Event(long id) => id > 0 && id < _events.Length ? _events[id] : null;

    /// <summary>When it arrived live (Stopwatch ticks); 0 when it came by sync, history or ok.</summary>
    public long Arrival(long id) => id > 0 && id < _arrivals.Length ? _arrivals[id] : 0;

    /// <summary>Seen, or known from a history page not to be a message.</summary>
    public bool Has(long id) => id > 0 && id < _marks.Length && (_marks[id] & (Mark.Seen | Mark.FoldedAway)) != 0;

    /// <summary>A connection opens.</summary>
    /// <param name="declared">The cursor in its hello; null when the server's counts.</param>
    /// <param name="floor">What the server is known to have stored as the device's cursor, 0 when it isn't known.</param>
    public void BeginConnection(int connection, long? declared, long floor)
    {
        _connection = connection;
        _missing.Clear();
        _ahead.Clear();
        _floor = floor;
        _pageTo = 0;
        _next = declared is { } cursor ? cursor + 1 : connection == 1 ? 1 : null;
    }

    /// <summary>An event came: live, or in a sync frame (<paramref name="arrival"/> is 0 then).</summary>
    /// <param name="clientId">The client id it carried, given only for events of the device's own user.</param>
    public void Receive(TimelineEvent e, long arrival, (bool Own, string? ClientId) clientId = default)
    {
        Reserve(e.Id);
        if (_next is not { } next)
        {
            if (e.Id <= _floor)
            {
                Note(AnomalyKind.Duplicate, e.Id, $"sent again although its cursor was at {_floor} when it said good-bye");
            }

            NoteGap(Contiguous + 1, e.Id);
            _next = e.Id + 1;
        }
        else if (e.Id >= next)
        {
            NoteGap(next, e.Id);
            _next = e.Id + 1;
        }
        else if (_missing.Remove(e.Id, out var gap))
        {
            _anomalies[gap] = new Anomaly(AnomalyKind.OutOfOrder, e.Id, _connection, $"came after {next - 1}");
        }
        else
        {
            Note(AnomalyKind.Duplicate, e.Id, $"came although the connection was at {next - 1}");
        }

        PassFilled();
        if (clientId.Own)
        {
            _ownClientIds.TryAdd(e.Id, clientId.ClientId);
        }

        Deliveries += e.IsMessage && Event(e.Id) is null ? 1 : 0;
        Remember(e, arrival);
    }

    /// <summary>The <c>ok</c> of an own send came; it stands for the event on the connection that carried the send.</summary>
    /// <param name="fresh">The send was on no other connection before.</param>
    public void Acknowledged(TimelineEvent e, bool fresh)
    {
        Reserve(e.Id);
        if (_missing.Remove(e.Id, out var gap))
        {
            _explained.Add(gap);
        }
        else if (_next is not { } next || e.Id >= next)
        {
            _ahead.Add(e.Id);
            PassFilled();
        }
        else if (fresh)
        {
            Note(AnomalyKind.Duplicate, e.Id, "the sending socket got an event beside its ok");
        }

        Remember(e, 0);
    }

    /// <summary>A sync frame said <c>more</c>: the rest up to <paramref name="head"/> is to be paged, live events follow above
    /// it.</summary>
    public void BeginPaging(long head)
    {
        _pageFrom = (_next ?? (Contiguous + 1)) - 1;
        _pageTo = head;
        _next = Math.Max(_next ?? 0, head + 1);
        PassFilled();
    }

    /// <summary>The id after which the next history page starts; null when there is nothing to page.</summary>
    public long? PageAfter => _pageTo > _pageFrom ? _pageFrom : null;

    /// <summary>A history page came: what it skips isn't a message.</summary>
    public void ReceivePage(IReadOnlyList<TimelineEvent> page, bool hasAfter)
    {
        var last = _pageFrom;
        foreach (var e in page)
        {
            Reserve(e.Id);
            if (e.Id <= last)
            {
                Note(e.Id == last ? AnomalyKind.Duplicate : AnomalyKind.OutOfOrder, e.Id, $"in a history page after {last}");
            }

            last = Math.Max(last, e.Id);
            if (e.Id <= _pageTo)
            {
                Deliveries += e.IsMessage && Event(e.Id) is null ? 1 : 0;
                Remember(e, 0);
            }
        }

        var end = hasAfter && page.Count > 0 ? Math.Min(last, _pageTo) : _pageTo;
        Reserve(end);
        for (var id = _pageFrom + 1; id <= end; id++)
        {
            _marks[id] |= _events[id] is null ? Mark.FoldedAway : Mark.Nothing;
        }

        _pageFrom = end;
        Advance();
    }

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

    private void NoteGap(long from, long to)
    {
        for (var id = from; id < to; id++)
        {
            // With the start left to the server, ids that the device has needn't come again.
            if (!_ahead.Contains(id) && (_next is not null || !Has(id)))
            {
                _missing[id] = _anomalies.Count;
                _marks[id] |= Mark.GapNoticed;
                Note(AnomalyKind.Gap, id, $"{to} came without it");
            }
        }
    }

    private void PassFilled()
    {
        while (_next is { } next && _ahead.Remove(next))
        {
            _next = next + 1;
        }
    }

    private void Remember(TimelineEvent e, long arrival)
    {
        ref var known = ref _events[e.Id];
        if (known is null)
        {
            known = e;
            _arrivals[e.Id] = arrival;
            _marks[e.Id] |= Mark.Seen;
            Highest = Math.Max(Highest, e.Id);
        }
        else if (!known.Equals(e))
        {
            Note(AnomalyKind.Changed, e.Id, $"was {known}, now {e}");
        }

        Advance();
    }

    private void Advance()
    {
        while (Has(Contiguous + 1))
        {
            Contiguous++;
        }

        Settled = Math.Max(Settled, Contiguous);
        while (Settled + 1 < _marks.Length && _marks[Settled + 1] != Mark.Nothing)
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

    private void Note(AnomalyKind kind, long id, string detail) => _anomalies.Add(new Anomaly(kind, id, _connection, detail));

    private void Reserve(long id)
    {
        TimelineEvent.RequireId(id);
        if (id >= _events.Length)
        {
            var size = (int)Math.Max(id + 1, _events.Length * 2L);
            Array.Resize(ref _events, size);
            Array.Resize(ref _arrivals, size);
            Array.Resize(ref _marks, size);
        }
    }
}
