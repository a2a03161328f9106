using ChatAkka.Client.Events;
using ChatAkka.Client.Requests;
using ChatAkka.Client.Timelines;
using ChatAkka.Protocol;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Client.Sessions;

/// <summary>What a frame means to the connection.</summary>
internal enum Arrival
{
    /// <summary>Nothing besides what it says.</summary>
    None,

    /// <summary>The server knows who this is.</summary>
    Welcomed,

    /// <summary>The device has everything.</summary>
    Synced,

    /// <summary>The server isn't to be understood.</summary>
    Broken,
}

/// <summary>Takes the server's frames to where they belong. Guarded by its client.</summary>
/// <param name="prefer">Told where the server wants the client to go.</param>
internal sealed class Incoming(
    EventBuffer buffer, ChannelTimelines timelines, Outbox outbox, Marks marks, Action<IReadOnlyList<ServerAddress>> prefer)
{
    private static readonly TimeSpan ShortestRetry = TimeSpan.FromMilliseconds(10);

    /// <summary>Who this is, and where; null before the first welcome.</summary>
    public SessionWelcome? Welcome { get; private set; }

    /// <summary>What the server says about the end of the connection, or what is wrong with it; null if nothing is.</summary>
    public ChatException? Fault { get; private set; }

    /// <summary>When the client is to go elsewhere; null if it isn't.</summary>
    public TimeSpan? MoveAt { get; private set; }

    private string UserId => Welcome?.UserId ?? "";

    /// <summary>A new connection opens.</summary>
    public void Begin() => (Fault, MoveAt) = (null, null);

    public Arrival Take(ServerFrame frame, TimeSpan now)
    {
        switch (frame)
        {
            case EventServerFrame e:
                timelines.TakeEvent(e.Channel, e.Event, UserId);
                break;
            case OkServerFrame { Ref: Outgoing.Unqueued, Welcome: { } welcome }:
                Welcome = welcome;
                return Arrival.Welcomed;
            case OkServerFrame ok:
                TakeOk(ok, now);
                break;
            case ErrorServerFrame error:
                TakeError(error, now);
                break;
            case SyncServerFrame sync:
                timelines.TakeSync(sync, UserId);
                TellRead(sync.Channel);
                break;
            case SyncedServerFrame:
                timelines.Synced();
                return Arrival.Synced;
            case ReconnectServerFrame reconnect:
                MoveAt = now + TimeSpan.FromMilliseconds(Math.Clamp(reconnect.AfterMs, 0, int.MaxValue));
                prefer(reconnect.Servers);
                break;
            case MalformedServerFrame malformed:
                Fault = new ChatException(ChatException.BadAnswer, $"the server sent {malformed.Reason}");
                return Arrival.Broken;
            default:
                TakeNews(frame);
                break;
        }

        return Arrival.None;
    }

    private static bool IsRetryable(string code) =>
        code == ErrorCodes.Busy.Name || code == ErrorCodes.Unavailable.Name || code == ErrorCodes.RateLimited.Name;

    // Of these channels the server says in the sync, and nowhere else, what was read on another device meanwhile. A receipt may have
    // overtaken it.
    private void TellRead(ChannelData channel)
    {
        if (LearnRead(channel.Id, channel.Read))
        {
            buffer.Offer(new ReceiptMoved(channel.Id, UserId, null, channel.Read));
        }
    }

    // What the user has read comes on two ways, by what the session is told when it opens and by the channel: one may overtake the other.
    private void TakeReceipt(ReceiptServerFrame receipt)
    {
        var isNews = receipt.User != UserId || receipt.Read is not { } read || LearnRead(receipt.Channel, read);
        if (isNews || receipt.Delivered is not null)
        {
            buffer.Offer(new ReceiptMoved(receipt.Channel, receipt.User, receipt.Delivered, isNews ? receipt.Read : null));
        }
    }

    // The server has what the user has read up to an id; true if that is news.
    private bool LearnRead(string channel, long id)
    {
        marks.Confirm(channel, id);
        return timelines.TakeRead(channel, id);
    }

    private void TakeNews(ServerFrame frame)
    {
        switch (frame)
        {
            case ChannelAppearedServerFrame appeared:
                timelines.Joined(appeared.Channel.Id);
                buffer.Offer(new ChannelJoined(appeared.Channel));
                break;
            case ChannelDisappearedServerFrame disappeared:
                timelines.Left(disappeared.Channel);
                marks.Forget(disappeared.Channel);
                buffer.Offer(new ChannelLeft(disappeared.Channel));
                break;
            case ReceiptServerFrame r:
                TakeReceipt(r);
                break;
            case TypingServerFrame t:
                buffer.Offer(new UserTyping(t.Channel, t.User));
                break;
            case PresenceServerFrame p:
                buffer.Offer(PresenceChanged.Of(p.Presence));
                break;
        }
    }

    private void TakeOk(OkServerFrame ok, TimeSpan now)
    {
        if (outbox.Answered(ok.Ref) is not { } request)
        {
            return; // a heartbeat, or somebody who gave up on an earlier connection
        }

        if (request is PendingSend send && send.Event(ok, UserId) is { } own)
        {
            timelines.TakeOwn(own, ok.Duplicate, now);
        }

        if (request.Basis is { } basis)
        {
            timelines.TakeAnswer(basis.Channel, ok.Id);
        }

        request.Succeed(ok);
    }

    private void TakeError(ErrorServerFrame error, TimeSpan now)
    {
        var retry = error.RetryMs > 0 ? TimeSpan.FromMilliseconds(Math.Min(error.RetryMs, int.MaxValue)) : (TimeSpan?)null;
        var exception = new ChatException(error.Code, error.Message) { RetryAfter = retry };
        if (error.Ref == Outgoing.Unqueued)
        {
            Fault = exception; // of the hello: the server closes the connection
        }
        else if (outbox.Answered(error.Ref) is not { } request)
        {
            return; // of something that isn't answered when it is well; if it matters it is said again
        }
        else if (IsRetryable(error.Code))
        {
            outbox.Refused(request, now + (retry ?? ShortestRetry));
        }
        else
        {
            request.Fail(exception);
        }
    }
}
