using System.Text;
using ChatAkka.Replay.Judging;

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
    private List<TimelineEvent>? _history = [];
    private long _id = 1;
    private long _n;

    public Room()
    {
        foreach (var log in _logs.Values)
        {
            log.BeginConnection(1, null, 0);
            log.Receive(new TimelineEvent(1, 0, Writer, "created", default), 1);
        }
    }

    /// <summary>The head that the server tells; by default what there is.</summary>
    public long? Head { get; set; }

    public ChannelLog this[string device] => _logs[device];

    public List<TimelineEvent> History => _history!;

    public static TimelineEvent Message(long id, long n, string text, string from = Writer) =>
        new(id, n, from, TimelineEvent.Message, Encoding.UTF8.GetBytes(text));

    /// <summary>A text that reaches everyone but those in <paramref name="except"/>.</summary>
    public Send Say(string text, params string[] except)
    {
        var send = Submit(text);
        var e = Message(++_id, ++_n, text);
        Acknowledge(send, e.Id, e.N);
        _logs["w"].Acknowledged(e, fresh: true);
        foreach (var (_, log) in _logs.Where(l => l.Key != "w" && !except.Contains(l.Key)))
        {
            log.Receive(e, 1);
        }

        History.Add(e);
        return send;
    }

    /// <summary>A text that was submitted; nothing else.</summary>
    public Send Submit(string text)
    {
        var send = new Send("w", Writer, $"c{_sends.Count + 1}", text) { Order = _sends.Count + 1 };
        _sends.Add(send);
        return send;
    }

    public static void Acknowledge(Send send, long id, long n) => send.Acknowledge("1", id, n, 1);

    public void HistoryIsUnread() => _history = null;

    public IEnumerable<string> Judge() => Replay.Judging.Judge
        .Findings(new ChannelRecord("1", Head ?? _id, _sends, [.. _logs.Select(l => new DeviceRecord(l.Key, $"user-{l.Key}", l.Value))], _history))
        .Select(f => $"{f.Kind} {f.Id} {f.Where}").Order(StringComparer.Ordinal);
}
