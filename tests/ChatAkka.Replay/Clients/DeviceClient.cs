using System.Net.Sockets;
using System.Text;
using ChatAkka.Replay.Judging;
using ChatAkka.Replay.Waiting;

namespace ChatAkka.Replay.Clients;

/// <summary>How a device comes back.</summary>
internal enum Resume
{
    /// <summary>It says in <c>hello</c> what it has.</summary>
    OwnCursors,

    /// <summary>It relies on what it acknowledged with <c>delivered</c>.</summary>
    ServerCursors,
}

/// <summary>How a device goes away.</summary>
internal enum Leave
{
    /// <summary>With a close frame, answered.</summary>
    Graceful,

    /// <summary>The TCP connection ends with FIN.</summary>
    Cut,

    /// <summary>The TCP connection ends with RST.</summary>
    Reset,
}

/// <summary>
/// One device of one user: it connects and comes back, sends what it is given, and keeps a <see cref="ChannelLog"/> of all it sees.
/// </summary>
/// <remarks>
/// Invariants:
/// <list type="bullet">
/// <item>at most one connection at a time; connections are counted from 1;</item>
/// <item>a send is transmitted in the order of its submission, never before <c>synced</c>, and again on each new connection, with the same
/// client id, until it is acknowledged; only a refusal ("come again in retry_ms") lets later ones overtake it;</item>
/// <item>a log takes frames in the order of arrival, under <see cref="_lock"/>, which nothing is awaited under;</item>
/// <item>each burst of events is answered by one <c>delivered</c> for each of its channels, never above the first id that is missing;</item>
/// <item>coming back, the device also repeats the last send that was acknowledged, as if that <c>ok</c> had been lost: it must get the
/// same id again.</item>
/// </list>
/// </remarks>
internal sealed class DeviceClient
{
    private const int PageSize = 200;
    private const string Path = "/v1/ws";
    private const string SubProtocol = "chatakka.v1";

    private readonly Fleet _fleet;
    private readonly string _token;
    private readonly Resume _resume;
    private readonly Backoff _backoff;
    private readonly ClientFrames _frames;
    private readonly Lock _lock = new();
    private readonly AsyncGate _wanted = new();
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, ChannelLog> _logs = [];
    private readonly Dictionary<ChannelLog, long> _delivered = []; // what this connection's last `delivered` said, since `synced`
    private readonly Dictionary<ChannelLog, string> _touched = []; // logs that the burst at hand changed
    private readonly Dictionary<long, object> _requests = [];      // of this connection, by ref: a Send, a ChannelLog being paged, or Hello
    private readonly List<Send> _unacknowledged = [];
    private Send? _lastAcknowledged;
    private WebSocketConnection? _link;
    private Task _running = Task.CompletedTask;
    private bool _ready;
    private bool _stopped;
    private Leave? _leaving;
    private int _connection;
    private int _submitted;
    private long _reference;
    private int? _floorsOfKill; // number of server kills at the last orderly good-bye; null when the last good-bye wasn't

    public DeviceClient(Fleet fleet, string name, string token, Resume resume, Random random, bool escape)
    {
        (_fleet, Name, _token, _resume) = (fleet, name, token, resume);
        _backoff = new Backoff(random);
        _frames = new ClientFrames(escape);
        fleet.Add(this);
    }

    /// <summary>As findings name it.</summary>
    public string Name { get; }

    /// <summary>Known from the first <c>hello</c> on.</summary>
    public string UserId { get; private set; } = "";

    /// <summary>The bearer token for HTTP.</summary>
    public string Token => _token;

    /// <summary>It is, or is trying to be, connected.</summary>
    public bool IsWanted => _wanted.IsOpen;

    /// <summary>It was away, and wanted to be, when it was stopped: what it didn't see it needn't have.</summary>
    public bool EndedAway { get; private set; }

    /// <summary>Connects for the first time; completes when the server says <c>synced</c>.</summary>
    public Task StartAsync()
    {
        _wanted.Open();
        _running = RunAsync();
        return _synced.Task;
    }

    /// <summary>Comes back, if it is away.</summary>
    public void Return() => _wanted.Open();

    /// <summary>Goes away, until <see cref="Return"/>.</summary>
    public void GoAway(Leave how)
    {
        lock (_lock)
        {
            _wanted.Shut();
            _leaving = how;
            if (how == Leave.Graceful)
            {
                _link?.SayGoodBye();
            }
            else
            {
                _link?.Abort(how == Leave.Reset);
            }
        }
    }

    /// <summary>Submits a text.</summary>
    public void Post(Send send)
    {
        lock (_lock)
        {
            send.Order = ++_submitted;
            _unacknowledged.Add(send);
            Transmit(send);
        }
    }

    /// <summary>Completes when nothing more can come up to <paramref name="id"/>: the device has it, or noticed that it is missing.</summary>
    public Task ReachedAsync(string channel, long id)
    {
        lock (_lock)
        {
            return Log(channel).ReachedAsync(id);
        }
    }

    /// <summary>How far the device has got in a channel, in words.</summary>
    public string Progress(string channel)
    {
        lock (_lock)
        {
            var state = _ready ? "connected" : IsWanted ? "trying to connect" : "away";
            return $"{Name} ({state}, at id {Log(channel).Settled}, {_unacknowledged.Count} unacknowledged)";
        }
    }

    /// <summary>What it saw. Only for when it is stopped.</summary>
    public ChannelLog LogOf(string channel)
    {
        lock (_lock)
        {
            return Log(channel);
        }
    }

    public void Beat()
    {
        lock (_lock)
        {
            if (_ready)
            {
                _link?.Post(ClientFrames.Heartbeat.Span);
            }
        }
    }

    /// <summary>Says good-bye for ever. Doesn't wait for a server that doesn't answer it.</summary>
    public async Task StopAsync()
    {
        lock (_lock)
        {
            EndedAway |= !_stopped && !IsWanted;
            _stopped = true;
            _link?.SayGoodBye();
            _link?.Abort(reset: false);
        }

        _wanted.Open();
        await _running.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await _wanted.OpenedAsync().WaitAsync(_fleet.Waits.Ended).ConfigureAwait(false);
                if (_stopped)
                {
                    return;
                }

                var leaving = await ConnectionAsync().ConfigureAwait(false);
                if (leaving is null && !_stopped)
                {
                    await Task.Delay(_backoff.Next(), _fleet.Time, _fleet.Waits.Ended).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            _synced.TrySetException(new WaitFailedException(_fleet.Waits.Reason ?? "interrupted"));
        }
        catch (Exception e)
        {
            // A broken frame or a bug of this program: either way the replay must fail, and say so.
            _fleet.Waits.Fail($"{Name}: {e.Message}");
            _synced.TrySetException(new WaitFailedException(e.Message));
        }
    }

    /// <summary>One connection from its start to its end.</summary>
    /// <returns>How the device itself ended it; null when the server, or the network, did.</returns>
    private async Task<Leave?> ConnectionAsync()
    {
        try
        {
            using var link = await WebSocketConnection.ConnectAsync(_fleet.Server, Path, SubProtocol, _fleet.Waits.Ended).ConfigureAwait(false);
            if (Open(link))
            {
                do
                {
                    TakeBurst(link);
                }
                while (await link.FillAsync(_fleet.Waits.Ended).ConfigureAwait(false));
            }

            return End(link);
        }
        catch (Exception e) when (e is SocketException or IOException or UpgradeRefusedException)
        {
            return End(null);
        }
    }

    private bool Open(WebSocketConnection link)
    {
        lock (_lock)
        {
            if (!IsWanted || _stopped)
            {
                return false;
            }

            _link = link;
            _leaving = null;
            _connection++;
            _requests.Clear();
            var own = _resume == Resume.OwnCursors && _connection > 1;
            foreach (var log in _logs.Values)
            {
                var floor = _floorsOfKill == _fleet.Kills.Done ? _delivered.GetValueOrDefault(log) : 0;
                log.BeginConnection(_connection, own && log.Contiguous > 0 ? log.Contiguous : null, floor);
            }

            _floorsOfKill = null;
            _delivered.Clear(); // the last ones may be lost with their connection
            var cursors = own ? _logs.Where(l => l.Value.Contiguous > 0).Select(l => KeyValuePair.Create(l.Key, l.Value.Contiguous)) : null;
            link.Post(_frames.Hello(Request(Hello.Instance), _token, cursors));
            return true;
        }
    }

    private Leave? End(WebSocketConnection? link)
    {
        lock (_lock)
        {
            _ready = false;
            _link = null;
            var leaving = _leaving;
            _leaving = null;
            if (leaving == Leave.Graceful && link?.CloseCode is not null)
            {
                _floorsOfKill = _fleet.Kills.Done;
            }
            else if (link?.CloseCode is { } code && !_stopped && leaving is null && !ComesBackAfter(code))
            {
                _fleet.Waits.Fail($"{Name} was closed with {code} {link.CloseReason}");
            }

            return leaving;
        }
    }

    private static bool ComesBackAfter(int code) => code is 1001 or 1005 or 1006 or 1011 or 1012 or 4408 or 4429;

    private void TakeBurst(WebSocketConnection link)
    {
        lock (_lock)
        {
            while (link.TryRead(out var message))
            {
                Take(message);
            }

            foreach (var (log, channel) in _touched)
            {
                // Before `synced` requests may still be waiting to be served, and a good-bye drops them: they don't count as said.
                if (log.Contiguous > _delivered.GetValueOrDefault(log) && link.Post(_frames.Delivered(channel, log.Contiguous)) && _ready)
                {
                    _delivered[log] = log.Contiguous;
                }
            }

            _touched.Clear();
        }
    }

    private void Take(ReadOnlySpan<byte> message)
    {
        var frame = ServerFrame.Parse(message);
        switch (frame.Op)
        {
            case [(byte)'e', (byte)'v', ..]:
                var channel = Encoding.UTF8.GetString(frame.Channel);
                TakeEvent(channel, Log(channel), in frame, _fleet.Time.GetTimestamp());
                break;
            case [(byte)'o', (byte)'k']:
                TakeOk(in frame);
                break;
            case [(byte)'e', (byte)'r', ..]:
                TakeError(in frame);
                break;
            case [(byte)'s', (byte)'y', (byte)'n', (byte)'c']:
                TakeSync(in frame);
                break;
            case [(byte)'s', (byte)'y', (byte)'n', (byte)'c', (byte)'e', (byte)'d']:
                TakeSynced();
                break;
            default:
                if (frame.Removed.Length > 0)
                {
                    throw new FormatException("was removed from a channel that it never left");
                }

                break; // a channel that appears shows itself by its events; the rest is the protocol's future
        }
    }

    private void TakeEvent(string channel, ChannelLog log, in ServerFrame frame, long arrival)
    {
        var e = _fleet.Pool(channel).Intern(frame.Id, frame.N, frame.From, frame.Type, frame.Text);
        var own = e.IsMessage && e.From == UserId;
        log.Receive(e, arrival, (own, own && frame.ClientId.Length > 0 ? Encoding.UTF8.GetString(frame.ClientId) : null));
        _touched[log] = channel;
        _fleet.Waits.Moved();
    }

    private void TakeSync(in ServerFrame frame)
    {
        var info = ServerFrame.Parse(frame.ChannelObject);
        var channel = Encoding.UTF8.GetString(info.IdText);
        var log = Log(channel);
        var items = frame.Items;
        while (ServerFrame.TryTakeItem(ref items, out var item))
        {
            TakeEvent(channel, log, in item, arrival: 0);
        }

        if (frame.More)
        {
            log.BeginPaging(info.Head);
            AskForPage(channel, log);
        }
    }

    private void TakeSynced()
    {
        _ready = true;
        _backoff.Reset();
        if (_connection > 1)
        {
            _fleet.CountReconnect();
            if (_lastAcknowledged is { } last)
            {
                _fleet.CountRepeat();
                Transmit(last);
            }
        }

        foreach (var send in _unacknowledged)
        {
            Transmit(send);
        }

        _fleet.Waits.Moved();
        _synced.TrySetResult();
    }

    private void TakeOk(in ServerFrame frame)
    {
        if (!_requests.Remove(frame.Ref, out var request))
        {
            throw new FormatException($"an ok for the ref {frame.Ref}, which isn't open");
        }

        switch (request)
        {
            case Hello:
                UserId = Encoding.UTF8.GetString(frame.UserId);
                break;
            case Send send:
                TakeAcknowledgement(in frame, send);
                break;
            case Paging paging:
                TakePage(in frame, paging);
                break;
        }
    }

    private void TakeAcknowledgement(in ServerFrame frame, Send send)
    {
        var channel = send.Channel ?? Encoding.UTF8.GetString(frame.Channel);
        var fresh = send.Transmissions == 1;
        if (send.Acknowledge(channel, frame.Id, frame.N, _fleet.Time.GetTimestamp()))
        {
            _unacknowledged.Remove(send);
            _fleet.Kills.Acknowledged();
            _lastAcknowledged = send;
        }
        else if (frame.Id != send.Id)
        {
            return; // the judge has it; what the device saw is still the first id
        }

        var log = Log(channel);
        log.Acknowledged(_fleet.Pool(channel).Intern(new TimelineEvent(frame.Id, frame.N, UserId, TimelineEvent.Message, send.Utf8)), fresh);
        _touched[log] = channel;
        _fleet.Waits.Moved();
    }

    private void TakePage(in ServerFrame frame, Paging paging)
    {
        var page = new List<TimelineEvent>(PageSize);
        var pool = _fleet.Pool(paging.Channel);
        var items = frame.Items;
        while (ServerFrame.TryTakeItem(ref items, out var item))
        {
            // Only messages are in a history, so a page needn't say the type.
            page.Add(pool.Intern(item.Id, item.N, item.From, "message"u8, item.Text));
        }

        paging.Log.ReceivePage(page, frame.HasAfter);
        _touched[paging.Log] = paging.Channel;
        _fleet.Waits.Moved();
        AskForPage(paging.Channel, paging.Log);
    }

    private void AskForPage(string channel, ChannelLog log)
    {
        if (log.PageAfter is { } after)
        {
            _link?.Post(_frames.History(Request(new Paging(channel, log)), channel, after, PageSize));
        }
    }

    private void TakeError(in ServerFrame frame)
    {
        var what = $"{Encoding.UTF8.GetString(frame.Code)} ({Encoding.UTF8.GetString(frame.Message)})";
        _requests.Remove(frame.Ref, out var request);
        var again = frame.Code.SequenceEqual("busy"u8) || frame.Code.SequenceEqual("unavailable"u8) || frame.Code.SequenceEqual("rate_limited"u8);
        if (!again || request is not (Send or Paging))
        {
            throw new FormatException($"{request ?? "an unknown request"} was answered with {what}");
        }

        if (request is Send { IsAcknowledged: false } send)
        {
            send.Refused = true;
        }

        _ = RepeatAsync(request, TimeSpan.FromMilliseconds(Math.Max(frame.RetryMs, 10)), _connection);
    }

    private async Task RepeatAsync(object request, TimeSpan after, int connection)
    {
        try
        {
            await Task.Delay(after, _fleet.Time, _fleet.Waits.Ended).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return; // the run is over
        }

        lock (_lock)
        {
            if (connection != _connection || !_ready)
            {
                return; // coming back repeats everything anyway
            }

            if (request is Send { IsAcknowledged: false } send)
            {
                Transmit(send);
            }
            else if (request is Paging paging)
            {
                AskForPage(paging.Channel, paging.Log);
            }
        }
    }

    private void Transmit(Send send)
    {
        var now = _fleet.Time.GetTimestamp();
        if (!_ready || _link?.Post(_frames.Send(Request(send), send)) != true)
        {
            return; // the next connection repeats it
        }

        if (send.Transmissions++ == 0)
        {
            send.SentAt = now;
            _fleet.Kills.Transmitted();
        }
    }

    private long Request(object request)
    {
        _requests[++_reference] = request;
        return _reference;
    }

    private ChannelLog Log(string channel)
    {
        if (!_logs.TryGetValue(channel, out var log))
        {
            _logs[channel] = log = new ChannelLog();
            log.BeginConnection(Math.Max(_connection, 1), declared: 0, floor: 0); // it never heard of the channel: everything is to come
        }

        return log;
    }

    private sealed record Paging(string Channel, ChannelLog Log);

    private sealed class Hello
    {
        public static readonly Hello Instance = new();

        public override string ToString() => "hello";
    }
}
