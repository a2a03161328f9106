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

    /// <summary>History shows every message as it was before its last edit.</summary>
    ShowsOldTexts,

    /// <summary>History shows reactions that were taken back.</summary>
    KeepsReactions,

    /// <summary>Now and then a receipt says what was so a while ago.</summary>
    TellsOldReceipts,

    /// <summary>What a user has read is forgotten once in a while.</summary>
    ForgetsReads,

    /// <summary>Edits count as unread.</summary>
    CountsEditsAsUnread,

    /// <summary>Who has left goes on getting what is posted.</summary>
    DeliversToLeavers,

    /// <summary>Who has left may still page.</summary>
    ServesLeavers,
}

/// <summary>An event as the fake keeps it.</summary>
internal sealed record FakeEvent(long Id, long N, long At, string From, string Type)
{
    public string? Text { get; init; }

    public string? ClientId { get; init; }

    public string? Device { get; init; }

    public long Target { get; init; }

    public string? User { get; init; }
}

/// <summary>The fake server's data; survives its kills. Guarded by its user.</summary>
internal sealed class FakeState(Fault fault)
{
    // One at a time, one of them is unacknowledged; of the others each of ten speakers repeats one when it comes back.
    private const int Forgotten = 15;

    private long _lastId = 1000;
    private int _reads;

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
            Channels[id] = channel = new FakeChannel(id, kind, members, fault);
            channel.Append(members[0], "created", e => e);
        }

        return channel;
    }

    public (FakeEvent Event, bool Repeat) Post(FakeChannel channel, string user, string device, string clientId, string text)
    {
        if (fault != Fault.StoresRepeats && channel.Sends.TryGetValue((device, clientId), out var before))
        {
            return (before, true);
        }

        var posted = channel.Append(user, "message", e => e with { Text = text, ClientId = clientId, Device = device });
        channel.Sends[(device, clientId)] = posted;
        return (posted, false);
    }

    /// <summary>A user has read; null if that is nothing new, or was forgotten.</summary>
    public (long Delivered, long Read)? Read(FakeChannel channel, string user, long id)
    {
        if (fault == Fault.ForgetsReads && ++_reads % 5 == 0)
        {
            return null;
        }

        var told = channel.Advance(user, 0, id);
        return told is { } news && fault == Fault.TellsOldReceipts && ++_reads % 5 == 0 ? (0, Math.Max(1, news.Read - 8)) : told;
    }

    public void Kill()
    {
        foreach (var channel in Channels.Values.Where(c => fault == Fault.ForgetsAtKill && c.Events.Count > Forgotten + 1))
        {
            foreach (var lost in channel.Events[^Forgotten..].Where(e => e.Device is not null))
            {
                channel.Sends.Remove((lost.Device!, lost.ClientId!));
            }

            channel.Events.RemoveRange(channel.Events.Count - Forgotten, Forgotten);
        }
    }
}
