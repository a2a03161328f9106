namespace ChatAkka.Replay.Judging;

/// <summary>
/// A channel's timeline as the judge fixes it: an acknowledgement says which id holds which text; what else there is, the first device that
/// saw it says. Everything is compared with this.
/// </summary>
internal sealed class Timeline
{
    private readonly Dictionary<long, Send> _sends = [];
    private readonly Dictionary<string, (long Since, long Until)> _memberships = [];
    private readonly TimelineEvent?[] _events;

    public Timeline(ChannelRecord record, Findings findings)
    {
        foreach (var send in record.Sends.Where(s => s.IsAcknowledged))
        {
            if (!_sends.TryAdd(send.Id, send))
            {
                // Two acknowledgements for one id: whichever isn't shown there is gone.
                var other = _sends[send.Id];
                var isShown = record.Devices.Any(d => d.Log.Event(send.Id) is { } e && Shows(e, send));
                var (kept, gone) = isShown ? (send, other) : (other, send);
                _sends[send.Id] = kept;
                findings.Report(
                    FindingKind.Lost, send.Id, "timeline", $"the id was acknowledged for {other} and for {send}; {gone} is gone");
            }
        }

        Head = Math.Max(record.Head, _sends.Count == 0 ? 0 : _sends.Keys.Max());
        Head = Math.Max(Head, record.Deeds.Select(d => d.Id).DefaultIfEmpty().Max());
        Head = Math.Max(Head, record.Devices.Select(d => d.Log.Highest).DefaultIfEmpty().Max());
        _events = new TimelineEvent?[Head + 1];
        for (var id = 1L; id <= Head; id++)
        {
            _events[id] = Choose(record.Devices, id);
            Note(_events[id]);
        }
    }

    public long Head { get; }

    /// <summary>The texts whose ids are known by their acknowledgements.</summary>
    public IReadOnlyDictionary<long, Send> Sends => _sends;

    /// <summary>The event with an id; null if no device saw one.</summary>
    public TimelineEvent? this[long id] => id > 0 && id <= Head ? _events[id] : null;

    /// <summary>All that was seen, in order.</summary>
    public IEnumerable<TimelineEvent> Events => _events.OfType<TimelineEvent>();

    /// <summary>Messages up to an id.</summary>
    public long CountUpTo(long id)
    {
        for (; id > 0; id--)
        {
            if (this[id] is { } e)
            {
                return e.N;
            }
        }

        return 0;
    }

    /// <summary>
    /// Ids of the events that made a user a member and ended that: 1 for a founder, beyond all ids for who is still there.
    /// </summary>
    public (long Since, long Until) MembershipOf(string user) => _memberships.GetValueOrDefault(user, (1, long.MaxValue));

    /// <summary>An event holds what was sent.</summary>
    public static bool Shows(TimelineEvent e, Send send) => e.IsMessage && e.From == send.User && e.Text == send.Text;

    private TimelineEvent? Choose(IReadOnlyList<DeviceRecord> devices, long id)
    {
        var send = _sends.GetValueOrDefault(id);
        TimelineEvent? first = null;
        foreach (var device in devices)
        {
            if (device.Log.Event(id) is { } e)
            {
                if (send is null || Shows(e, send))
                {
                    return e;
                }

                first ??= e;
            }
        }

        return first;
    }

    private void Note(TimelineEvent? e)
    {
        if (e?.Kind == EventKind.MemberAdded)
        {
            _memberships[e.User] = (e.Id, long.MaxValue);
        }
        else if (e?.Kind == EventKind.MemberRemoved)
        {
            _memberships[e.User] = (MembershipOf(e.User).Since, e.Id);
        }
    }
}
