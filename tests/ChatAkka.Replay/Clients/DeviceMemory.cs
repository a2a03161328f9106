using ChatAkka.Client;
using ChatAkka.Client.Events;
using ChatAkka.Replay.Judging;

namespace ChatAkka.Replay.Clients;

/// <summary>
/// What a device's program keeps from one run to the next, as programs do that must not lose anything: what it saw, its cursors, and what
/// it has sent and not seen acknowledged. Guarded by its device.
/// </summary>
internal sealed class DeviceMemory(Fleet fleet, string name, Resume resume)
{
    private readonly Dictionary<string, ChannelLog> _logs = [];
    private readonly List<Send> _unacknowledged = [];
    private IReadOnlyDictionary<string, long> _cursors = new Dictionary<string, long>();
    private IReadOnlyDictionary<string, long> _floors = new Dictionary<string, long>();
    private Send? _lastAcknowledged;
    private string? _backup;
    private int? _serverAtGoodBye;
    private int _submitted;
    private int _life;

    /// <summary>What waits for its acknowledgement, in the order of submission.</summary>
    public IReadOnlyList<Send> Unacknowledged => _unacknowledged;

    /// <summary>The channels that the device knows.</summary>
    public IReadOnlyDictionary<string, ChannelLog> Logs => _logs;

    /// <summary>What a program that comes back says once more, as if its acknowledgement had been lost: it must get the same id.</summary>
    public Send? ToRepeat =>
        _lastAcknowledged is { Channel: { } channel } && _logs.GetValueOrDefault(channel) is { IsPlaced: true } ? _lastAcknowledged : null;

    public ChannelLog Log(string channel)
    {
        if (!_logs.TryGetValue(channel, out var log))
        {
            _logs[channel] = log = new ChannelLog();
            log.BeginLife(Math.Max(_life, 1), declared: null, floor: 0);
        }

        return log;
    }

    /// <summary>
    /// The next life finds an old backup of a channel, made when the device had nothing of it yet. The user isn't a member any more.
    /// </summary>
    public void Restore(string channel) => _backup = channel;

    /// <summary>The program is started.</summary>
    /// <returns>The cursors for its client; null to leave it to the server.</returns>
    public IReadOnlyDictionary<string, long>? BeginLife()
    {
        var cursors = resume == Resume.OwnCursors && _life > 0 ? new Dictionary<string, long>(_cursors) : null;
        if (_backup is not null)
        {
            (cursors ??= [])[_backup] = 0;
            Log(_backup).Leave();
        }

        _life++;
        var isSameServer = fleet.Faults.Life is { } server && server == _serverAtGoodBye;
        foreach (var (channel, log) in _logs)
        {
            long? declared = cursors?.TryGetValue(channel, out var cursor) == true ? cursor : null;
            log.BeginLife(_life, declared, declared is null && isSameServer ? _floors.GetValueOrDefault(channel) : 0);
        }

        return cursors;
    }

    /// <summary>The program says good-bye.</summary>
    /// <param name="isHeard">The server is there to hear it: what the client had told it of the cursors is a floor from now on.</param>
    public void BeginGoodBye(ChatClient client, bool isHeard)
    {
        _serverAtGoodBye = isHeard ? fleet.Faults.Life : null;
        _floors = client.ExportCursors();
    }

    /// <summary>The program has ended.</summary>
    public void EndLife(ChatClient client)
    {
        _serverAtGoodBye = _serverAtGoodBye == fleet.Faults.Life ? _serverAtGoodBye : null;
        _cursors = client.ExportCursors();
        fleet.CountGaps(client.GapsRepaired);
    }

    public void Submit(Send send)
    {
        send.Order = ++_submitted;
        _unacknowledged.Add(send);
    }

    /// <summary>The answer to a send came.</summary>
    public void Take(Send send, SentMessage sent)
    {
        if (send.Acknowledge(sent.Channel, sent.Id, sent.N, fleet.Time.GetTimestamp()))
        {
            _unacknowledged.Remove(send);
            _lastAcknowledged = send;
            fleet.Faults.Acknowledged();
        }
    }

    /// <summary>The client showed an event.</summary>
    /// <param name="liveSince">What happened from then on is live, in ms since the Unix epoch.</param>
    /// <param name="server">The life of the server that it came from; null if that isn't known.</param>
    /// <returns>What was seen of it by the judge's measure, and where it is kept.</returns>
    public (ChannelLog Log, TimelineEvent Event) Take(ChannelEvent shown, long liveSince, int? server)
    {
        var log = Log(shown.Channel);
        if (server is null || server != _serverAtGoodBye)
        {
            log.ForgetFloor(); // killed before the client connected
        }

        var e = fleet.Pool(shown.Channel).Intern(TimelineEvent.Of(shown));
        var message = shown as MessageReceived;
        var isFromHere = message?.ClientId?.StartsWith($"{name}#", StringComparison.Ordinal) == true;
        var arrival = isFromHere || e.At < liveSince ? 0 : fleet.Time.GetTimestamp();
        log.Receive(e, arrival, !isFromHere, (message?.IsOwn == true, message?.ClientId));
        return (log, e);
    }
}
