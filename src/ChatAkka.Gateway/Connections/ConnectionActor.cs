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
    private enum Phase
    {
        AwaitingHello,
        Authenticating,
        Syncing,
        Serving,
        Closing,
    }

    private Phase _phase;
    private long _since = connection.OpenedAt;
    private SocketWriter _writer = null!;
    private RequestLimiter _limiter = new(services.Limits, connection.OpenedAt);
    private SessionOpening? _opening;
    private Authenticated? _identity;
    private SessionRequests? _session;
    private Queue<ClientFrame>? _held;
    private SessionNews? _news;
    private long? _stalledSince;
    private bool _inputEnded;

    /// <summary>How to start the actor of a connection.</summary>
    public static Props Props(Connection connection, ConnectionServices services) =>
        Akka.Actor.Props.CreateBy(new Producer(connection, services));

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
            case Delivery delivery:
                _session?.Deliver(delivery);
                break;
            case ClientFrame or PingReceived:
                Admit(message);
                break;
            case Posted posted:
                _session?.Posted(posted);
                break;
            case Annotated annotated:
                _session?.Annotated(annotated);
                break;
            case ReceiptChanges receipts:
                _news?.Receipts(receipts);
                break;
            case TypingNotice typing:
                _news?.Typing(typing);
                break;
            case PresenceChanges changes:
                _news?.Presence(changes.States);
                break;
            case WatchAllowed or PresenceWatched or WatchOutdated:
                _session?.Watch(message, _news!);
                break;
            case FlushDue:
                _writer.Flush();
                break;
            case FlushCompleted:
                FlushEnded();
                break;
            case Refused refused:
                _session?.Refused(refused);
                break;
            case ChannelInfo info:
                _session?.MayRead(info);
                break;
            case HistoryRead read:
                _session?.Answer(read);
                break;
            case Authentication authentication:
                Proceed(authentication);
                break;
            case SyncChannel sync:
                WriteSync(sync);
                break;
            case SyncCompleted:
                StartServing();
                break;
            case ChannelAppeared appeared:
                _news?.Appeared(appeared.View);
                break;
            case ChannelDisappeared disappeared:
                _news?.Disappeared(disappeared.Channel);
                break;
            case DeadlinesDue:
                CheckDeadlines(services.Time.GetTimestamp());
                break;
            case HeartbeatMissed:
                Close(CloseCode.HeartbeatTimeout);
                break;
            case SessionReplaced:
                Close(CloseCode.Replaced);
                break;
            case SessionRevoked:
                Close(CloseCode.Revoked);
                break;
            case SessionUnavailable:
                Close(CloseCode.InternalError);
                break;
            case Terminated:
                Close(CloseCode.ServiceRestart);
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

        connection.Stalled = _writer.IsFlushing;
    }

    private void Admit(object frame)
    {
        if (_phase == Phase.Closing)
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
            case ClientFrame first when _phase == Phase.AwaitingHello:
                Open(first);
                break;
            case ClientFrame request when _phase == Phase.Serving:
                _session!.Serve(request);
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
            Enter(Phase.Authenticating);
            if (authentication is not null)
            {
                Proceed(authentication);
            }
        }
    }

    private void Proceed(Authentication authentication)
    {
        if (_phase != Phase.Authenticating)
        {
            return;
        }

        if (_opening!.Proceed(authentication) is { } code)
        {
            Close(code);
            return;
        }

        _identity = (Authenticated)authentication;
        _limiter.Account = services.Accounts.RateOf(_identity.User);
        _session = new SessionRequests(services, connection, _writer, Self, _identity);
        _news = new SessionNews(_writer, _identity.User);
        services.Presence.Tell(new DeviceConnected(_identity.User, _identity.Device), ActorRefs.NoSender);
        Enter(Phase.Syncing);
        _opening.Attach(_identity);
        _opening = null;
    }

    private void WriteSync(SyncChannel sync)
    {
        if (_phase == Phase.Syncing)
        {
            // A sync is as long as it takes, but every part of it must come.
            Enter(Phase.Syncing);
            _news!.Sync(sync);
        }
    }

    private void StartServing()
    {
        if (_phase != Phase.Syncing)
        {
            return;
        }

        // The user's actor answers for this session from now on; without it nothing would arrive any more.
        Context.Watch(Sender);
        Enter(Phase.Serving);
        connection.State = ConnectionState.Serving;
        _news!.Synced();
        var held = _held;
        _held = null;
        while (held is not null && held.TryDequeue(out var frame))
        {
            _session!.Serve(frame);
        }
    }

    private void CheckDeadlines(long now)
    {
        var waited = now - _since;
        switch (_phase)
        {
            case Phase.AwaitingHello when waited > services.Ticks(ProtocolLimits.HelloTimeoutMs):
                Close(CloseCode.Unauthorized);
                break;
            case Phase.Authenticating or Phase.Syncing when waited > services.Ticks(ProtocolLimits.TimeoutMs):
                Close(CloseCode.InternalError);
                break;
            case Phase.Serving:
                _session!.ExpireRequests(now);
                break;
        }

        if (!_writer.IsFlushing)
        {
            return;
        }

        if (_stalledSince is not { } since)
        {
            _stalledSince = now;
        }
        else if (now - since > services.Ticks(ProtocolLimits.TimeoutMs))
        {
            Close(CloseCode.TooSlow);
        }
    }

    private void FlushEnded()
    {
        _stalledSince = null;
        _writer.CompleteFlush();
        _news?.CatchUp();
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
        if (_phase == Phase.Closing)
        {
            return;
        }

        GatewayLog.Closing(services.Log, _identity?.Device.Value ?? "-", code);
        if (code == CloseCode.GoingAway)
        {
            _news?.GoingAway();
        }

        BeginClosing(WebSocketFrame.Close(code, reason), drop: code == CloseCode.TooSlow);
    }

    private void AnswerClose(byte[] payload)
    {
        if (_phase != Phase.Closing)
        {
            BeginClosing(WebSocketFrame.Control(Opcode.Close, payload.AsSpan(0, Math.Min(payload.Length, 2))), drop: false);
        }
    }

    private void BeginClosing(byte[] frame, bool drop)
    {
        _phase = Phase.Closing;
        (_opening, _session, _news, _held) = (null, null, null, null);
        _writer.Close(frame, drop);
        connection.BeginClosing();
    }

    private void EndInput()
    {
        _inputEnded = true;
        if (_phase != Phase.Closing)
        {
            // Gone without a close frame: there is nobody to write to.
            (_phase, _session, _news, _held) = (Phase.Closing, null, null, null);
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

    private void Enter(Phase phase) => (_phase, _since) = (phase, services.Time.GetTimestamp());

    private sealed class Producer(Connection connection, ConnectionServices services) : IIndirectActorProducer
    {
        public Type ActorType => typeof(ConnectionActor);

        public ActorBase Produce() => new ConnectionActor(connection, services);

        public void Release(ActorBase actor)
        {
            // The actor has given everything back in its PostStop.
        }
    }
}
