using ChatAkka.Protocol.Frames;
using ChatAkka.Replay.Judging;
using TimelineEvent = ChatAkka.Replay.Judging.TimelineEvent;

namespace ChatAkka.Replay.Tests.Judging;

/// <summary>
/// A channel with made-up logs: a writer's device "w" and the readers "r1" and "r2". Id 1 is the channel's creation. Without further
/// ado the logs are those of a server that keeps its promises.
/// </summary>
internal sealed class Room
{
    public const string Writer = "user-w";

    private readonly Dictionary<string, ChannelLog> _logs = new() { ["w"] = new(), ["r1"] = new(), ["r2"] = new() };
    private readonly List<Send> _sends = [];
    private readonly List<Deed> _deeds = [];
    private bool _isRead = true;
    private long _id = 1;
    private long _n;

    public Room()
    {
        foreach (var log in _logs.Values)
        {
            log.Receive(new TimelineEvent(1, 0, 0, Writer, EventKind.About, "created"), 1);
        }
    }

    /// <summary>The head that the server tells; by default what there is.</summary>
    public long? Head { get; set; }

    public ChannelLog this[string device] => _logs[device];

    /// <summary>What the writer pages.</summary>
    public List<PagedMessage> History { get; } = [];

    /// <summary>How far the users got by the server's word, where that isn't what their devices have.</summary>
    public Dictionary<string, (long Delivered, long Read)> Cursors { get; } = [];

    /// <summary>What the writer hasn't read by the server's word; by default everything.</summary>
    public long? Unread { get; set; }

    /// <summary>Somebody else who reads, or tries to.</summary>
    public List<Reading> Others { get; } = [];

    public static TimelineEvent Message(long id, long n, string text, string from = Writer) => new(id, n, 0, from, EventKind.Message, text);

    /// <summary>A text that reaches everyone but those in <paramref name="except"/>.</summary>
    public Send Say(string text, params string[] except)
    {
        var send = Submit(text);
        var e = Message(++_id, ++_n, text);
        Acknowledge(send, e.Id, e.N);
        ShowAll(e, except);
        Page(e);
        return send;
    }

    /// <summary>A text that was submitted; nothing else.</summary>
    public Send Submit(string text)
    {
        var send = new Send("w", Writer, $"c{_sends.Count + 1}", text) { Order = _sends.Count + 1 };
        _sends.Add(send);
        return send;
    }

    /// <summary>The writer does something with a message, which everyone sees; the history isn't touched.</summary>
    public void Do(EventKind kind, long target, string text)
    {
        _deeds.Add(new Deed("w", Writer, kind, target, text) { Id = _id + 1 });
        Happen(kind, text, target);
    }

    /// <summary>Something happens by the writer's hand that everyone sees but those in <paramref name="except"/>.</summary>
    public long Happen(EventKind kind, string text, long target = 0, string user = "", params string[] except)
    {
        ShowAll(new TimelineEvent(++_id, _n, 0, Writer, kind, text, target, user), except);
        return _id;
    }

    public void Page(TimelineEvent e) => History.Add(new PagedMessage(e.Id, e.N, e.At, e.From, e.Text));

    public static void Acknowledge(Send send, long id, long n) => send.Acknowledge("1", id, n, 1);

    public void NothingIsReadBack() => _isRead = false;

    public IEnumerable<string> Judge()
    {
        var devices = _logs.Select(l => new DeviceRecord(l.Key, $"user-{l.Key}", l.Value)).ToArray();
        Reading[] readings = _isRead ? [new Reading("history", Writer, History, Details()), .. Others] : [];
        return Replay.Judging.Judge.Findings(new ChannelRecord("1", Head ?? _id, _sends, _deeds, devices, readings))
            .Select(f => $"{f.Kind} {f.Id} {f.Where}").Order(StringComparer.Ordinal);
    }

    /// <summary>The channel as the server shows it to the writer.</summary>
    public ChannelDetails Details()
    {
        var highest = _logs.Values.MaxBy(l => l.Highest)!;
        var (head, n) = (highest.Highest, highest.Event(highest.Highest)!.N);
        var read = Cursors.GetValueOrDefault(Writer).Read;
        var members = _logs.Where(l => !Others.Exists(o => o.User == $"user-{l.Key}")).Select(l => $"user-{l.Key}").Select(user =>
        {
            var (delivered, mine) = Cursors.GetValueOrDefault(user, (_logs[user[5..]].Contiguous, 0));
            return new ChannelMember(user, "member", delivered, mine);
        });
        return new ChannelDetails(new ChannelData("1", "group", "", head, n, Unread ?? n, read, 3), [.. members]);
    }

    private void ShowAll(TimelineEvent e, string[] except)
    {
        foreach (var (name, log) in _logs.Where(l => !except.Contains(l.Key)))
        {
            log.Receive(e, 1, isDelivery: name != "w");
        }
    }
}
