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
    private const int RequestTimeoutMs = 10_000;
    private const int TypingEveryMs = 1_000;

    private PendingRequests? _pending;
    private OwnSends? _own;
    private PresenceWatch? _watch;
    private ChannelId _typedIn;
    private long _typedAt;

    /// <summary>Serves one frame; every one leads to one <see cref="Connection.Answered"/>, now or later.</summary>
    public void Serve(ClientFrame frame)
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
            case DeliveredFrame delivered when MayAddress(delivered.Channel, out var channel):
                services.Users.Tell(new MoveCursor(identity.User, identity.Device, channel, delivered.Id), self);
                break;
            case ReadFrame read when MayAddress(read.Channel, out var channel):
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

    /// <summary>A message was stored.</summary>
    public void Posted(Posted posted)
    {
        if (Take(posted.Request) is { } request)
        {
            AnswerSend(request, posted.Id, posted.N, posted.At, posted.Duplicate);
            (_own ??= new OwnSends()).Answered(posted.Channel, posted.Id);
        }
    }

    /// <summary>An edit, deletion or reaction was stored.</summary>
    public void Annotated(Annotated annotated)
    {
        if (Take(annotated.Request) is { } request)
        {
            var encoder = SocketWriter.Encoder;
            ServerFrameEncoder.Annotated(encoder, request.Frame.Ref, annotated.Channel.Value, annotated.Id);
            writer.Send(encoder);
            connection.Answered();
        }
    }

    /// <summary>A request changed nothing.</summary>
    public void Refused(Refused refused)
    {
        if (Take(refused.Request) is { } request)
        {
            Fail(request, Refusals.Code(refused.Reason));
        }
    }

    /// <summary>The channel let the user read it: the page can be read.</summary>
    public void MayRead(ChannelInfo info)
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

    /// <summary>Writes a delivery's events, except those that an <c>ok</c> of this socket stands for.</summary>
    public void Deliver(Delivery delivery)
    {
        var frames = DeliveryFrames.Of(delivery, SocketWriter.Encoder);
        var events = delivery.Events;
        if (events.Length > 1 && !AnyFromUser(events))
        {
            writer.WriteShared(frames.All);
            return;
        }

        for (var i = 0; i < events.Length; i++)
        {
            if (events[i] is not MessagePosted message || message.From != identity.User)
            {
                writer.WriteShared(frames.One(i));
            }
            else if (!StandsForOk(delivery.Channel, message))
            {
                writer.Write(DeliveryFrames.Encode(delivery.Channel, message, identity.User, SocketWriter.Encoder));
            }
        }
    }

    /// <summary>What the user's actor and the presence say of whom this socket watches.</summary>
    public void Watch(object message, SessionNews news)
    {
        switch (message)
        {
            case WatchOutdated:
                _watch?.Outdated();
                break;
            case WatchAllowed allowed when _watch!.Allowed(allowed) is { } failed && Take(failed) is { } request:
                Fail(request, ErrorCodes.Unavailable);
                break;
            case PresenceWatched watched when Take(watched.Request) is { } request:
                var encoder = SocketWriter.Encoder;
                ServerFrameEncoder.Watched(encoder, request.Frame.Ref, _watch!.Shown(watched).Select(state => state.ToWire()));
                writer.Send(encoder);
                connection.Answered();
                break;
            case PresenceWatched watched:
                news.Presence(_watch!.Shown(watched));
                break;
        }
    }

    /// <summary>Gives up requests that have waited too long.</summary>
    public void ExpireRequests(long now)
    {
        while (_pending is not null && _pending.TryTakeOlder(now - services.Ticks(RequestTimeoutMs), out var request))
        {
            Fail(request, ErrorCodes.Unavailable);
        }
    }

    private void Send(SendFrame frame)
    {
        if (Check(frame, out var channel, out var mentions) is { } code)
        {
            writer.Error(frame.Ref, code);
            connection.Answered();
            return;
        }

        var number = Remember(frame, channel);
        services.Channels.Tell(
            new PostMessage(
                channel, identity.User, number, identity.Device, frame.ClientId, frame.Text, frame.ReplyTo, mentions, MayOpen: frame.To is not null),
            self);
    }

    private ErrorCode? Check(SendFrame frame, out ChannelId channel, out ImmutableArray<UserId> mentions)
    {
        mentions = [];
        if (frame.To is null)
        {
            if (!MayAddress(frame.Channel, out channel))
            {
                return ErrorCodes.ChannelNotFound;
            }
        }
        else
        {
            channel = default;
            if (!UserId.TryParse(frame.To, out var to))
            {
                return ErrorCodes.UserNotFound;
            }

            if (to == identity.User)
            {
                return ErrorCodes.BadRequest;
            }

            channel = ChannelId.Direct(identity.User, to);
        }

        if (!ClientMessageId.IsValid(frame.ClientId) || !WireEvents.TryUsers(frame.Mentions, out mentions))
        {
            return ErrorCodes.BadRequest;
        }

        return Refusals.OfText(frame.Text);
    }

    private void Annotate(ClientFrame frame, string named, ErrorCode? refusal)
    {
        refusal = MayAddress(named, out var channel) ? refusal : ErrorCodes.ChannelNotFound;
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
                EditFrame edit => new EditMessage(channel, identity.User, number, edit.Id, edit.Text),
                DeleteFrame delete => new DeleteMessage(channel, identity.User, number, delete.Id),
                ReactFrame { Removes: true } react => new RemoveReaction(channel, identity.User, number, react.Id, react.Emoji),
                ReactFrame react => new AddReaction(channel, identity.User, number, react.Id, react.Emoji),
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
        if (MayAddress(frame.Channel, out var channel) && (channel != _typedIn || now - _typedAt >= services.Ticks(TypingEveryMs)))
        {
            (_typedIn, _typedAt) = (channel, now);
            services.Channels.Tell(new UserTyping(channel, identity.User), self);
        }
    }

    private void History(HistoryFrame frame)
    {
        if (MayAddress(frame.Channel, out var channel))
        {
            services.Channels.Tell(new GetChannel(channel, identity.User, Remember(frame, channel)), self);
            return;
        }

        writer.Error(frame.Ref, ErrorCodes.ChannelNotFound);
        connection.Answered();
    }

    // An id that isn't one, or a direct channel of others, needn't be asked: it would answer the same as if it didn't exist.
    private bool MayAddress(string? text, out ChannelId channel)
    {
        if (!ChannelId.TryParse(text, out channel))
        {
            return false;
        }

        if (!channel.IsDirect)
        {
            return true;
        }

        var (smaller, larger) = channel.Users;
        return smaller == identity.User || larger == identity.User;
    }

    private bool AnyFromUser(ImmutableArray<ChannelEvent> events)
    {
        foreach (var e in events)
        {
            if (e.From == identity.User)
            {
                return true;
            }
        }

        return false;
    }

    // Whichever of ok and event comes first answers the request; the event is proof enough that the message is stored.
    private bool StandsForOk(ChannelId channel, MessagePosted message)
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
