using System.Text.Json.Nodes;

namespace ChatAkka.Replay.Tests.EndToEnd;

/// <summary>What a fake server does wrong.</summary>
internal enum Fault
{
    None,

    /// <summary>A kill loses the last messages of each channel: more than can be unacknowledged, or repeated by a client that comes
    /// back.</summary>
    ForgetsAtKill,

    /// <summary>A repeated send is stored again.</summary>
    StoresRepeats,

    /// <summary>History doesn't show one message.</summary>
    HidesFromHistory,

    /// <summary>One send is never answered.</summary>
    SwallowsASend,

    /// <summary>The sending socket gets an event beside its ok.</summary>
    EchoesSends,
}

/// <summary>An event as the fake keeps it.</summary>
internal sealed record FakeEvent(long Id, long N, string From, string Type, string? Text, string? ClientId, string? Device);

internal sealed class FakeChannel(string id, string kind, string[] members)
{
    public string Id => id;

    public string[] Members => members;

    public List<FakeEvent> Events { get; } = [];

    public Dictionary<(string Device, string ClientId), FakeEvent> Sends { get; } = [];

    public JsonObject ToJson() => new()
    {
        ["id"] = id,
        ["kind"] = kind,
        ["title"] = "",
        ["head"] = Events[^1].Id.ToString(),
        ["n"] = Events[^1].N,
        ["unread"] = 0,
        ["read"] = "0",
        ["member_count"] = members.Length,
    };
}

/// <summary>The fake server's data; survives its kills. Guarded by its user.</summary>
internal sealed class FakeState(Fault fault)
{
    // One at a time, one of them is unacknowledged; of the others each of ten speakers repeats one when it comes back.
    private const int Forgotten = 15;

    private long _lastId = 1000;

    public Dictionary<string, string> Users { get; } = [];

    public Dictionary<string, (string User, string Device)> Sessions { get; } = [];

    public Dictionary<string, FakeChannel> Channels { get; } = [];

    public Dictionary<(string Device, string Channel), long> Cursors { get; } = [];

    public string NewId() => (++_lastId).ToString();

    public string User(string name) => Users.TryGetValue(name, out var id) ? id : Users[name] = NewId();

    public FakeChannel Open(string kind, params string[] members)
    {
        var id = kind == "direct" ? string.Join('-', members.Order(StringComparer.Ordinal)) : NewId();
        if (!Channels.TryGetValue(id, out var channel))
        {
            Channels[id] = channel = new FakeChannel(id, kind, members);
            channel.Events.Add(new FakeEvent(1, 0, members[0], "created", null, null, null));
        }

        return channel;
    }

    public (FakeEvent Event, bool Repeat) Post(FakeChannel channel, string user, string device, string clientId, string text)
    {
        if (fault != Fault.StoresRepeats && channel.Sends.TryGetValue((device, clientId), out var before))
        {
            return (before, true);
        }

        var last = channel.Events[^1];
        var posted = new FakeEvent(last.Id + 1, last.N + 1, user, "message", text, clientId, device);
        channel.Events.Add(posted);
        channel.Sends[(device, clientId)] = posted;
        return (posted, false);
    }

    public void Kill()
    {
        foreach (var channel in Channels.Values.Where(c => fault == Fault.ForgetsAtKill && c.Events.Count > Forgotten + 1))
        {
            foreach (var lost in channel.Events[^Forgotten..])
            {
                channel.Sends.Remove((lost.Device!, lost.ClientId!));
            }

            channel.Events.RemoveRange(channel.Events.Count - Forgotten, Forgotten);
        }
    }
}
