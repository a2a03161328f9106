using System.Text;
using ChatAkka.Replay.Judging;

namespace ChatAkka.Replay.Clients;

/// <summary>
/// A device's side of the protocol, over all its connections: takes the server's frames into the logs, and says what the device has to
/// say. Guarded by its client; awaits nothing.
/// </summary>
/// <param name="later">Runs something after a while, guarded as well, unless another connection has opened by then.</param>
internal sealed class DeviceProtocol(Fleet fleet, string token, Resume resume, bool escape, Action<TimeSpan, Action> later)
{
    private const int PageSize = 200;
    private static readonly TimeSpan ShortestRetry = TimeSpan.FromMilliseconds(10);

    private readonly ClientFrames _frames = new(escape);
    private readonly Dictionary<string, ChannelLog> _logs = [];
    private readonly Dictionary<ChannelLog, string> _touched = []; // logs that the burst at hand changed
    private readonly Dictionary<long, object> _requests = [];      // of this connection, by ref: a Send, a Paging or the Hello
    private readonly DeliveredCursors _delivered = new();
    private readonly Outbox _outbox = new();
    private WebSocketConnection? _link;
    private int _connection;
    private long _reference;

    /// <summary>Known from the first <c>hello</c> on.</summary>
    public string UserId { get; private set; } = "";

    /// <summary>The server has said <c>synced</c> on the connection that is open.</summary>
    public bool IsReady { get; private set; }

    public int Unacknowledged => _outbox.Unacknowledged;

    /// <summary>Says hello on a new connection.</summary>
    public void Open(WebSocketConnection link)
    {
        _link = link;
        _connection++;
        _requests.Clear();
        _touched.Clear();
        var own = resume == Resume.OwnCursors && _connection > 1;
        foreach (var log in _logs.Values)
        {
            log.BeginConnection(_connection, own && log.Contiguous > 0 ? log.Contiguous : null, _delivered.Floor(log, fleet.Kills.Life));
        }

        _delivered.Open();
        var cursors = own ? _logs.Where(l => l.Value.Contiguous > 0).Select(l => KeyValuePair.Create(l.Key, l.Value.Contiguous)) : null;
        link.Post(_frames.Hello(Request(Hello.Instance), token, cursors));
    }

    /// <summary>Sends a close frame, after all that was said.</summary>
    public void SayGoodBye()
    {
        _delivered.SayGoodBye(fleet.Kills.Life);
        _link?.SayGoodBye();
    }

    /// <summary>The connection is over.</summary>
    /// <param name="goodBye">The server answered our close frame.</param>
    public void End(bool goodBye)
    {
        IsReady = false;
        _link = null;
        if (goodBye)
        {
            _delivered.GoodByeAnswered();
        }
    }

    /// <summary>Submits a text; it goes out now or on the next connection.</summary>
    public void Submit(Send send)
    {
        _outbox.Submit(send);
        Transmit(send);
    }

    /// <summary>What the device knows of a channel.</summary>
    public ChannelLog Log(string channel)
    {
        if (!_logs.TryGetValue(channel, out var log))
        {
            _logs[channel] = log = new ChannelLog();
            log.BeginConnection(Math.Max(_connection, 1), declared: 0, floor: 0); // it never heard of the channel: everything is to come
        }

        return log;
    }

    /// <summary>Takes all messages that are here, and acknowledges what they brought.</summary>
    public void TakeBurst(WebSocketConnection link)
    {
        while (link.TryRead(out var message))
        {
            Take(message);
        }

        foreach (var (log, channel) in _touched)
        {
            if (_delivered.IsNews(log) && link.Post(_frames.Delivered(channel, log.Contiguous)) && IsReady)
            {
                _delivered.Said(log);
            }
        }

        _touched.Clear();
    }

    private void Take(ReadOnlySpan<byte> message)
    {
        var frame = ServerFrame.Parse(message);
        switch (frame.Op)
        {
            case [(byte)'e', (byte)'v', ..]:
                var channel = Encoding.UTF8.GetString(frame.Channel);
                TakeEvent(channel, Log(channel), in frame, fleet.Time.GetTimestamp());
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
        var e = fleet.Pool(channel).Intern(frame.Id, frame.N, frame.From, frame.Type, frame.Text);
        var own = e.IsMessage && e.From == UserId;
        log.Receive(e, arrival, (own, own && frame.ClientId.Length > 0 ? Encoding.UTF8.GetString(frame.ClientId) : null));
        _touched[log] = channel;
        fleet.Waits.Moved();
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
            AskForPage(new Paging(channel, log));
        }
    }

    private void TakeSynced()
    {
        IsReady = true;
        if (_connection > 1)
        {
            fleet.CountReconnect();
        }

        foreach (var send in _outbox.ToRepeat)
        {
            if (send.IsAcknowledged)
            {
                fleet.CountRepeat();
            }

            Transmit(send);
        }

        fleet.Waits.Moved();
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
        if (send.Acknowledge(channel, frame.Id, frame.N, fleet.Time.GetTimestamp()))
        {
            _outbox.Acknowledge(send);
            fleet.Kills.Acknowledged();
        }
        else if (frame.Id != send.Id)
        {
            return; // the judge has it; what the device saw is still the first id
        }

        var log = Log(channel);
        var e = fleet.Pool(channel).Intern(new TimelineEvent(frame.Id, frame.N, UserId, TimelineEvent.Message, send.Utf8));
        log.Acknowledged(e, fresh: send.Transmissions == 1);
        _touched[log] = channel;
        fleet.Waits.Moved();
    }

    private void TakePage(in ServerFrame frame, Paging paging)
    {
        paging.Log.ReceivePage(HistoryPage.Read(frame.Items, fleet.Pool(paging.Channel)), frame.HasAfter);
        _touched[paging.Log] = paging.Channel;
        fleet.Waits.Moved();
        AskForPage(paging);
    }

    private void AskForPage(Paging paging)
    {
        if (paging.Log.PageAfter is { } after)
        {
            _link?.Post(_frames.History(Request(paging), paging.Channel, after, PageSize));
        }
    }

    private void TakeError(in ServerFrame frame)
    {
        _requests.Remove(frame.Ref, out var request);
        var isRetryable = frame.Code.SequenceEqual("busy"u8) || frame.Code.SequenceEqual("unavailable"u8) || frame.Code.SequenceEqual("rate_limited"u8);
        var retry = TimeSpan.FromMilliseconds(Math.Max(frame.RetryMs, ShortestRetry.TotalMilliseconds));
        switch (request)
        {
            case Send send when isRetryable:
                send.Refused = true;
                later(retry, () => Transmit(send));
                break;
            case Paging paging when isRetryable:
                later(retry, () => AskForPage(paging));
                break;
            default:
                throw new FormatException(
                    $"{request ?? "an unknown request"} was answered with {Encoding.UTF8.GetString(frame.Code)} ({Encoding.UTF8.GetString(frame.Message)})");
        }
    }

    private void Transmit(Send send)
    {
        var now = fleet.Time.GetTimestamp();
        if (!IsReady || _link?.Post(_frames.Send(Request(send), send)) != true)
        {
            return; // the next connection repeats it
        }

        if (send.Transmissions++ == 0)
        {
            send.SentAt = now;
            fleet.Kills.Transmitted();
        }
    }

    private long Request(object request)
    {
        _requests[++_reference] = request;
        return _reference;
    }

    private sealed record Paging(string Channel, ChannelLog Log);

    private sealed class Hello
    {
        public static readonly Hello Instance = new();

        public override string ToString() => "hello";
    }
}
