using Akka.Actor;
using ChatAkka.Actors.Presence;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Gateway.Auth;
using ChatAkka.Gateway.Logging;
using ChatAkka.Gateway.WebSockets.Framing;
using ChatAkka.Protocol;
using ChatAkka.Protocol.Codec;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Gateway.Connections;

/// <summary>
/// The life of one socket: hello, sync, requests, close. It alone writes to the socket. It holds no business rule: what may be done is the
/// channel's and the user's to say.
/// </summary>
/// <remarks>
/// Every wait has an end: for the hello, the store, the sync, a channel's answer, a client that doesn't read, and the close handshake.
/// They are looked at when the sweeper says <see cref="DeadlinesDue"/>; there is no timer here.
/// </remarks>
internal sealed class ConnectionActor(Connection connection, ConnectionServices services) : UntypedActor
{
    private ConnectionPhase _phase;
    private ConnectionDeadlines _deadlines = new(connection.OpenedAt);
    private SocketWriter _writer = null!;
    private RequestLimiter _limiter = new(services.Limits, connection.OpenedAt);
    private SessionOpening? _opening;
    private Authenticated? _identity;
    private SessionRequests? _session;
    private SessionNews _news;
    private SessionLink _link;
    private Queue<ClientFrame>? _held;
    private bool _inputEnded;

    // Only for a client that asks for something: an idle connection has none.
    private SessionRequests Session => _session ??= new SessionRequests(services, connection, _writer, Self, _identity!);

    private bool HasSession => _phase is ConnectionPhase.Syncing or ConnectionPhase.Serving;

    private LinkOwner Owner => new(connection, services, _identity!, Self);

    /// <summary>How to start the actor of a connection, which makes it itself: one object less for each.</summary>
    public static Props Props(Connection connection) => Akka.Actor.Props.CreateBy(connection);

    /// <inheritdoc/>
    protected override void PreStart() => _writer = new SocketWriter(connection, services.Limits.OutboundBytes, Self);

    /// <inheritdoc/>
    protected override void PostStop()
    {
        if (_identity is not null)
        {
            services.Accounts.Leave(_identity.User);
            services.Presence.Tell(new DeviceDisconnected(_identity.User, _identity.Device, connection.LastFrameAt), ActorRefs.NoSender);
        }

        if (!_inputEnded)
        {
            connection.Abort();
        }

        connection.Finish();
    }

    /// <summary>A failed connection isn't repaired: <see cref="PostStop"/> has cut it, the client comes back.</summary>
    protected override void PostRestart(Exception reason) => Context.Stop(Self);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ISessionMessage said:
                Hear(said);
                break;
            case ClientFrame or PingReceived:
                Admit(message);
                break;
            case ChannelReply reply:
                _session?.Answer(reply);
                break;
            case PresenceChanges changes when HasSession:
                _news.Presence(changes.States);
                break;
            case PresenceWatched:
                _session?.Watch(message, ref _news);
                break;
            case FlushDue:
                _writer.FlushBurst();
                break;
            case FlushCompleted:
                FlushEnded();
                break;
            case HistoryRead read:
                _session?.Answer(read);
                break;
            case Authentication authentication:
                Proceed(authentication);
                break;
            case SessionAttached attached when HasSession:
                Attached(attached);
                break;
            case SessionInterrupted or Terminated: // the latter also while the socket is being closed
                if (HasSession)
                {
                    Lose(message is Terminated gone ? gone.ActorRef : Sender);
                }

                break;
            case SessionUnavailable when _phase == ConnectionPhase.Syncing && _link.IsFirstAttempt && !services.IsClustered:
                // In a cluster the user may just be on the way to another node: there the attempt is repeated, as those after it are.
                Close(CloseCode.InternalError);
                break;
            case SessionUnavailable when _link.Fail(Sender):
                Context.Unwatch(Sender);
                break;
            case SessionChecked check when HasSession && !_link.Take(check):
                Close(CloseCode.Revoked);
                break;
            case DeadlinesDue:
                CheckDeadlines(services.Time.GetTimestamp());
                break;
            case HeartbeatMissed:
                Close(CloseCode.HeartbeatTimeout);
                break;
            case SessionReplaced or SessionRevoked:
                Close(message is SessionReplaced ? CloseCode.Replaced : CloseCode.Revoked);
                break;
            case CloseSocket close:
                Close(close.Code);
                break;
            case PeerClosed closed:
                AnswerClose(closed.Payload);
                break;
            case InputEnded:
                EndInput();
                break;
            default:
                Unhandled(message);
                break;
        }

        if (_writer.Overflowed)
        {
            Close(CloseCode.TooSlow);
        }

        connection.HasDeadlines = _writer.IsFlushing || _link.IsAttaching;
    }

    // What the user's actor says.
    private void Hear(ISessionMessage message)
    {
        if (!HasSession || !_link.IsFrom(Sender))
        {
            return;
        }

        _link.Progress(services.Time);
        switch (message)
        {
            case Delivery delivery:
                _news.Deliver(delivery, ref _link, _session);
                break;
            case SyncChannel sync when _phase == ConnectionPhase.Syncing:
                // A sync is as long as it takes, but every part of it must come.
                Enter(ConnectionPhase.Syncing);
                _news.Sync(sync, ref _link);
                break;
            case SyncCompleted:
                GoLive();
                break;
            case WatchAllowed or WatchOutdated:
                _session?.Watch(message, ref _news);
                break;
            default:
                _news.Tell(message, ref _link);
                break;
        }
    }

    private void Admit(object frame)
    {
        if (_phase == ConnectionPhase.Closing)
        {
            return;
        }

        switch (_limiter.Judge(frame, services.Limits, services.Time.GetTimestamp(), services.Time.TimestampFrequency, out var retryMs))
        {
            case Judgement.Limited:
                _writer.Error((frame as ClientFrame)?.Ref, ErrorCodes.RateLimited, null, retryMs);
                connection.Answered();
                return;
            case Judgement.Dropped:
                connection.Answered();
                return;
            case Judgement.Hopeless:
                Close(CloseCode.TooSlow, ErrorCodes.RateLimited.Name);
                return;
        }

        switch (frame)
        {
            case BadFrame:
                Close(CloseCode.BadFrame);
                break;
            case PingReceived ping:
                _writer.Write(WebSocketFrame.Control(Opcode.Pong, ping.Payload));
                connection.Answered();
                break;
            case ClientFrame first when _phase == ConnectionPhase.AwaitingHello:
                Open(first);
                break;
            case ClientFrame request when _phase == ConnectionPhase.Serving:
                Session.Serve(request, ref _link);
                break;
            case ClientFrame early:
                // Bounded by the read loop: a held frame is an unanswered one.
                (_held ??= new Queue<ClientFrame>()).Enqueue(early);
                break;
        }
    }

    private void Open(ClientFrame frame)
    {
        connection.Answered();
        _opening ??= new SessionOpening(services, _writer, Self);
        if (_opening.Begin(frame, out var authentication) is { } code)
        {
            Close(code);
        }
        else if (_opening.IsAuthenticating)
        {
            Enter(ConnectionPhase.Authenticating);
            if (authentication is not null)
            {
                Proceed(authentication);
            }
        }
    }

    private void Proceed(Authentication authentication)
    {
        if (_phase != ConnectionPhase.Authenticating)
        {
            return;
        }

        if (_opening!.Proceed(authentication, out var reason) is { } code)
        {
            Close(code, reason);
            return;
        }

        _identity = (Authenticated)authentication;
        _limiter.Account = services.Accounts.RateOf(_identity.User);
        _news = new SessionNews(_writer, _identity.User, services.IsClustered);
        services.Presence.Tell(new DeviceConnected(_identity.User, _identity.Device), ActorRefs.NoSender);
        Enter(ConnectionPhase.Syncing);
        _link.Begin(_opening.Cursors, services.Time.GetTimestamp(), Owner);
        _opening = null;
    }

    // An incarnation of the user's actor answers for this session from now on; without it nothing would arrive any more.
    private void Attached(SessionAttached attached)
    {
        if (_link.Take(attached, Sender))
        {
            Context.Watch(Sender);
            _session?.Reattached();
            _link.Advance(_phase == ConnectionPhase.Serving, services.Time.GetTimestamp(), Owner);
        }
    }

    private void Lose(IActorRef user)
    {
        var now = services.Time.GetTimestamp();
        if (_link.Lose(user, _deadlines.Since, now, services))
        {
            Context.Unwatch(user);
            GatewayLog.Interrupted(services.Log, _identity!.Device.Value);
            _link.Advance(_phase == ConnectionPhase.Serving, now, Owner);
        }
    }

    private void GoLive()
    {
        _link.GoLive(Owner);
        var isFirst = _phase == ConnectionPhase.Syncing;
        Enter(ConnectionPhase.Serving);
        if (!isFirst)
        {
            return;
        }

        connection.State = ConnectionState.Serving;
        _news.Synced();
        var held = _held;
        _held = null;
        while (held is not null && held.TryDequeue(out var frame))
        {
            Session.Serve(frame, ref _link);
        }
    }

    private void CheckDeadlines(long now)
    {
        _session?.ExpireRequests(now);
        if (_deadlines.Missed(_phase, _writer.IsFlushing, _link.LostSince, now, services) is { } code)
        {
            Close(code);
        }
        else if (HasSession)
        {
            _link.Advance(_phase == ConnectionPhase.Serving, now, Owner);
        }
    }

    private void FlushEnded()
    {
        _deadlines.Flushed();
        _writer.CompleteFlush();
        if (HasSession)
        {
            _news.CatchUp();
        }

        if (_inputEnded)
        {
            StopWhenWritten();
        }
        else if (_writer.IsBroken)
        {
            connection.Abort();
        }
    }

    // What waits goes out before the close frame, except to a client that doesn't read anyway.
    private void Close(CloseCode code, string? reason = null)
    {
        if (_phase == ConnectionPhase.Closing)
        {
            return;
        }

        GatewayLog.Closing(services.Log, _identity?.Device.Value ?? "-", code);
        if (code == CloseCode.GoingAway && HasSession)
        {
            _news.GoingAway(services.Servers.Elsewhere(_identity!.User));
        }

        BeginClosing(WebSocketFrame.Close(code, reason), drop: code == CloseCode.TooSlow);
    }

    private void AnswerClose(byte[] payload)
    {
        if (_phase != ConnectionPhase.Closing)
        {
            BeginClosing(WebSocketFrame.Control(Opcode.Close, payload.AsSpan(0, Math.Min(payload.Length, 2))), drop: false);
        }
    }

    private void BeginClosing(byte[] frame, bool drop)
    {
        _phase = ConnectionPhase.Closing;
        (_opening, _session, _news, _link, _held) = (null, null, default, default, null);
        _writer.Close(frame, drop);
        connection.BeginClosing();
    }

    private void EndInput()
    {
        _inputEnded = true;
        if (_phase != ConnectionPhase.Closing)
        {
            // Gone without a close frame: there is nobody to write to.
            (_phase, _session, _news, _link, _held) = (ConnectionPhase.Closing, null, default, default, null);
            connection.Abort();
            Context.Stop(Self);
            return;
        }

        StopWhenWritten();
    }

    private void StopWhenWritten()
    {
        if (!_writer.IsFlushing)
        {
            Context.Stop(Self);
        }
    }

    private void Enter(ConnectionPhase phase)
    {
        _phase = phase;
        _deadlines.Entered(services.Time.GetTimestamp());
    }
}
