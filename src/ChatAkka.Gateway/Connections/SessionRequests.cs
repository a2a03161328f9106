using System.Collections.Immutable;
using Akka.Actor;
using ChatAkka.Actors.Presence;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Gateway.Auth;
using ChatAkka.Gateway.Logging;
using ChatAkka.Gateway.Timelines;
using ChatAkka.Protocol;
using ChatAkka.Protocol.Codec;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Gateway.Connections;

/// <summary>A page of history for the request with this number has been read; null if it could not be.</summary>
internal sealed record HistoryRead(long Request, HistoryPage? Page);

/// <summary>
/// Serves the requests of an open session and matches the answers. Part of a connection's actor: only that calls it.
/// </summary>
/// <remarks>
/// Invariants: a request that was told to a channel is answered to the client exactly once, by the channel's reply, by its own event or by
/// the time-out; and the client sees each of its own messages exactly once, as <c>ok</c> or as <c>event</c>.
/// </remarks>
internal sealed class SessionRequests(
    ConnectionServices services, Connection connection, SocketWriter writer, IActorRef self, Authenticated identity)
{
    private const int RequestTimeoutMs = 5_000;
    private const int TypingEveryMs = 1_000;

    private PendingRequests? _pending;
    private OwnSends? _own;
    private PresenceWatch? _watch;
    private ChannelId _typedIn;
    private long _typedAt;

    /// <summary>Serves one frame; every one leads to one <see cref="Connection.Answered"/>, now or later.</summary>
    /// <param name="link">Remembers what the user's actor may not.</param>
    public void Serve(ClientFrame frame, ref SessionLink link)
    {
        switch (frame)
        {
            case SendFrame send:
                Send(send);
                return;
            case HistoryFrame history:
                History(history);
                return;
            case EditFrame edit:
                Annotate(edit, edit.Channel, Refusals.OfText(edit.Text));
                return;
            case DeleteFrame delete:
                Annotate(delete, delete.Channel, null);
                return;
            case ReactFrame react:
                Annotate(react, react.Channel, Emoji.IsValid(react.Emoji) ? null : ErrorCodes.BadRequest);
                return;
            case WatchFrame watch:
                Watch(watch);
                return;
            case TypingFrame typing:
                Typing(typing);
                break;
            case DeliveredFrame delivered when RequestChecks.MayAddress(delivered.Channel, identity.User, out var channel):
                link.Note(delivered, channel);
                services.Users.Tell(new MoveCursor(identity.User, identity.Device, channel, delivered.Id), self);
                break;
            case ReadFrame read when RequestChecks.MayAddress(read.Channel, identity.User, out var channel):
                link.Note(read, channel);
                services.Users.Tell(new MoveReadCursor(identity.User, channel, read.Id), self);
                break;
            case HeartbeatFrame { Ref: { } reference }:
                var encoder = SocketWriter.Encoder;
                ServerFrameEncoder.Heartbeat(encoder, reference, services.UnixNow);
                writer.Send(encoder);
                break;
            case RefusedFrame refused:
                writer.Error(refused.Ref, refused.Code, refused.Detail);
                break;
            case HelloFrame hello:
                writer.Error(hello.Ref, ErrorCodes.BadRequest, "the session is open already");
                break;
        }

        connection.Answered();
    }

    /// <summary>A channel answers.</summary>
    public void Answer(ChannelReply reply)
    {
        switch (reply)
        {
            case Posted posted:
                Posted(posted);
                break;
            case Annotated annotated:
                Annotated(annotated);
                break;
            case Refused refused:
                Refused(refused);
                break;
            case ChannelInfo info:
                MayRead(info);
                break;
        }
    }

    private void Posted(Posted posted)
    {
        if (Take(posted.Request) is { } request)
        {
            AnswerSend(request, posted.Id, posted.N, posted.At, posted.Duplicate);
            (_own ??= new OwnSends()).Answered(posted.Channel, posted.Id);
        }
    }

    private void Annotated(Annotated annotated)
    {
        if (Take(annotated.Request) is { } request)
        {
            var encoder = SocketWriter.Encoder;
            ServerFrameEncoder.Annotated(encoder, request.Frame.Ref, annotated.Channel.Value, annotated.Id);
            writer.Send(encoder);
            connection.Answered();
        }
    }

    private void Refused(Refused refused)
    {
        if (Take(refused.Request) is { } request)
        {
            Fail(request, Refusals.Code(refused.Reason));
        }
    }

    // The channel lets the user read it: the page can be read.
    private void MayRead(ChannelInfo info)
    {
        if (_pending is null || !_pending.TryPeek(info.Request, out var request) || request.Frame is not HistoryFrame history)
        {
            return;
        }

        var number = info.Request;
        var log = services.Log;
        services.History.ReadAsync(info.View, history.Range, CancellationToken.None).PipeTo(
            self,
            success: page => new HistoryRead(number, page),
            failure: fault =>
            {
                if (fault is not Domain.Timelines.StorageUnavailableException)
                {
                    GatewayLog.HistoryFault(log, fault);
                }

                return new HistoryRead(number, null);
            });
    }

    /// <summary>The page was read.</summary>
    public void Answer(HistoryRead read)
    {
        if (Take(read.Request) is not { } request)
        {
            return;
        }

        if (read.Page is null)
        {
            Fail(request, ErrorCodes.Unavailable);
            return;
        }

        var encoder = SocketWriter.Encoder;
        ServerFrameEncoder.StartHistory(encoder, request.Frame.Ref);
        foreach (var message in read.Page.Messages)
        {
            TimelineEncoder.Event(encoder, message.ToWire(identity.User));
        }

        TimelineEncoder.EndPage(encoder, read.Page.HasBefore, read.Page.HasAfter);
        writer.Send(encoder);
        connection.Answered();
    }

    /// <summary>The event of one of the user's messages is about to pass. True if this socket has had, or gets now, an <c>ok</c> in its
    /// place.</summary>
    /// <remarks>Whichever of ok and event comes first answers the request; the event is proof enough that the message is stored.</remarks>
    public bool StandsForOk(ChannelId channel, MessagePosted message)
    {
        if (message.Device != identity.Device)
        {
            return false;
        }

        // Answered already: a request that still waits with this client id is a repeat, and the channel will say so.
        if (_own is not null && _own.Suppress(channel, message.Id))
        {
            return true;
        }

        if (_pending is null || !_pending.TryTakeSend(channel, message.ClientId, out var request))
        {
            return false;
        }

        AnswerSend(request, message.Id, message.N, message.At, duplicate: false);
        return true;
    }

    /// <summary>What the user's actor and the presence say of whom this socket watches.</summary>
    public void Watch(object message, ref SessionNews news)
    {
        switch (message)
        {
            case WatchOutdated:
                _watch?.Outdated();
                break;
            case WatchAllowed allowed when _watch!.Allowed(allowed) is { } failed && Take(failed) is { } request:
                Fail(request, ErrorCodes.Unavailable);
                break;
            case PresenceWatched watched:
                Show(_watch!.Shown(watched, out var asked), asked, ref news);
                break;
        }
    }

    /// <summary>Another incarnation of the user's actor has the session: it wasn't asked whom the socket may watch, and what has changed of
    /// that the socket wasn't told.</summary>
    public void Reattached() => _watch?.AskAgain();

    /// <summary>Gives up requests that have waited too long.</summary>
    public void ExpireRequests(long now)
    {
        while (_pending is not null && _pending.TryTakeOlder(now - services.Ticks(RequestTimeoutMs), out var request))
        {
            Fail(request, ErrorCodes.Unavailable);
        }
    }

    private void Show(IEnumerable<PresenceState> states, long? asked, ref SessionNews news)
    {
        if (asked is { } number && Take(number) is { } request)
        {
            var encoder = SocketWriter.Encoder;
            ServerFrameEncoder.Watched(encoder, request.Frame.Ref, states.Select(state => state.ToWire()));
            writer.Send(encoder);
            connection.Answered();
        }
        else
        {
            news.Presence(states);
        }
    }

    private void Send(SendFrame frame)
    {
        if (RequestChecks.Of(frame, identity.User, out var channel, out var mentions) is { } code)
        {
            writer.Error(frame.Ref, code);
            connection.Answered();
            return;
        }

        var number = Remember(frame, channel);
        services.Channels.Tell(
            new PostMessage(
                channel, identity.User, number, identity.Device, frame.ClientId, frame.Text, frame.ReplyTo, mentions,
                MayOpen: frame.To is not null),
            self);
    }

    private void Annotate(ClientFrame frame, string named, ErrorCode? refusal)
    {
        refusal = RequestChecks.MayAddress(named, identity.User, out var channel) ? refusal : ErrorCodes.ChannelNotFound;
        if (refusal is not null)
        {
            writer.Error(frame.Ref, refusal);
            connection.Answered();
            return;
        }

        var number = Remember(frame, channel);
        services.Channels.Tell(
            frame switch
            {
                EditFrame edit => new EditMessage(channel, identity.User, number, edit.Id, edit.Text, edit.Seen),
                DeleteFrame delete => new DeleteMessage(channel, identity.User, number, delete.Id),
                ReactFrame { Removes: true } react => new RemoveReaction(channel, identity.User, number, react.Id, react.Emoji, react.Seen),
                ReactFrame react => new AddReaction(channel, identity.User, number, react.Id, react.Emoji, react.Seen),
                _ => throw new ArgumentException($"{frame.GetType().Name} is no annotation", nameof(frame)),
            },
            self);
    }

    private void Watch(WatchFrame frame)
    {
        if (frame.Users.Length > services.Limits.WatchedUsers || !WireEvents.TryUsers(frame.Users, out var users))
        {
            writer.Error(frame.Ref, ErrorCodes.BadRequest, $"users must be at most {services.Limits.WatchedUsers} user ids");
            connection.Answered();
            return;
        }

        (_watch ??= new PresenceWatch(services, self, identity)).Set(Remember(frame, default), users);
    }

    // Only now and then: it is shown for seconds, and goes to a hundred users.
    private void Typing(TypingFrame frame)
    {
        var now = services.Time.GetTimestamp();
        if (RequestChecks.MayAddress(frame.Channel, identity.User, out var channel)
            && (channel != _typedIn || now - _typedAt >= services.Ticks(TypingEveryMs)))
        {
            (_typedIn, _typedAt) = (channel, now);
            services.Channels.Tell(new UserTyping(channel, identity.User), self);
        }
    }

    private void History(HistoryFrame frame)
    {
        if (RequestChecks.MayAddress(frame.Channel, identity.User, out var channel))
        {
            services.Channels.Tell(new GetChannel(channel, identity.User, Remember(frame, channel)), self);
            return;
        }

        writer.Error(frame.Ref, ErrorCodes.ChannelNotFound);
        connection.Answered();
    }

    private void AnswerSend(in PendingRequest request, long id, long n, long at, bool duplicate)
    {
        var encoder = SocketWriter.Encoder;
        ServerFrameEncoder.Sent(encoder, request.Frame.Ref, new SendOk(request.Channel.Value, id, n, at, duplicate));
        writer.Send(encoder);
        connection.Answered();
    }

    private void Fail(in PendingRequest request, ErrorCode code)
    {
        writer.Error(request.Frame.Ref, code, null, Refusals.RetryOf(code));
        connection.Answered();
    }

    private long Remember(ClientFrame frame, ChannelId channel) =>
        (_pending ??= new PendingRequests()).Add(new PendingRequest(frame, channel, services.Time.GetTimestamp()));

    private PendingRequest? Take(long number) => _pending is not null && _pending.TryTake(number, out var request) ? request : null;
}
