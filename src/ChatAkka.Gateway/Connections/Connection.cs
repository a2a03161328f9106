using System.Buffers;
using Akka.Actor;
using ChatAkka.Gateway.Logging;
using ChatAkka.Gateway.Transport;
using ChatAkka.Gateway.WebSockets.Framing;
using ChatAkka.Protocol;
using ChatAkka.Protocol.Codec;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Gateway.Connections;

/// <summary>Where a connection is in its life, as the sweeper sees it.</summary>
internal enum ConnectionState
{
    /// <summary>Not synced yet.</summary>
    Opening,

    /// <summary>Requests are served.</summary>
    Serving,

    /// <summary>A close frame was written or received.</summary>
    Closing,

    /// <summary>The actor has stopped.</summary>
    Finished,
}

/// <summary>
/// One WebSocket after its handshake: the read loop and what it shares with the connection's actor and the sweeper. The loop alone reads,
/// the actor alone writes; each tells the other that it has ended, and the transport is given back when both have.
/// </summary>
/// <remarks>
/// Back-pressure: every frame that goes to the actor counts as unanswered until the actor says <see cref="Answered"/>; at
/// <c>Limits:SocketPending</c> of them the loop reads no more until half are answered. While idle it holds no buffer, no timer and no
/// cancellation source.
/// </remarks>
internal sealed class Connection : ISweepable, IIndirectActorProducer
{
    private const int CloseTimeoutMs = 2_000;

    // Reads without a wait after which the loop leaves its thread: it may be one that serves other sockets too, and a client may send
    // without end.
    private const int TurnsInARow = 32;

    // Heartbeats between two sweeps that nobody counts. A sweep may miss an increment, which is no harm.
    private const int UnjudgedHeartbeats = 20;

    private readonly ConnectionServices _services;
    private FrameParser _parser = new(ProtocolLimits.MaxFrameBytes);
    private IActorRef _actor = ActorRefs.Nobody;
    private TaskCompletionSource? _gate;
    private long _lastFrame;
    private long _closeBy = long.MaxValue;
    private int _told;
    private int _answered;
    private int _ends;
    private int _heartbeats;
    private volatile ConnectionState _state;
    private volatile bool _hasDeadlines;

    /// <param name="transport">Closed when the connection has ended.</param>
    public Connection(ITransport transport, ConnectionServices services)
    {
        (Transport, _services) = (transport, services);
        OpenedAt = services.Time.GetTimestamp();
        _lastFrame = OpenedAt;
    }

    /// <summary>Timestamp of the end of the handshake.</summary>
    public long OpenedAt { get; }

    /// <summary>Its output belongs to the actor, its input to the read loop.</summary>
    public ITransport Transport { get; }

    /// <summary>When the last frame came, in ms since the Unix epoch.</summary>
    public long LastFrameAt => _services.UnixNow - (long)_services.Time.GetElapsedTime(Volatile.Read(ref _lastFrame)).TotalMilliseconds;

    /// <summary>What the sweeper goes by; set by the actor.</summary>
    public ConnectionState State
    {
        get => _state;
        set => _state = value;
    }

    /// <summary>When the socket was opened, in ms since the Unix epoch.</summary>
    public long OpenedAtMs => _services.UnixNow - (long)_services.Time.GetElapsedTime(OpenedAt).TotalMilliseconds;

    /// <summary>The client doesn't read, or the session is without its user's actor: the actor wants to hear of deadlines.</summary>
    public bool HasDeadlines
    {
        set => _hasDeadlines = value;
    }

    private int Unanswered => Volatile.Read(ref _told) - Volatile.Read(ref _answered);

    /// <inheritdoc/>
    Type IIndirectActorProducer.ActorType => typeof(ConnectionActor);

    /// <inheritdoc/>
    ActorBase IIndirectActorProducer.Produce() => new ConnectionActor(this, _services);

    /// <inheritdoc/>
    void IIndirectActorProducer.Release(ActorBase actor)
    {
        // The actor has given everything back in its PostStop.
    }

    /// <summary>Begins to read.</summary>
    /// <param name="actor">The connection's actor.</param>
    public void Start(IActorRef actor)
    {
        _actor = actor;
        _ = RunAsync();
    }

    /// <summary>The actor has dealt with one frame.</summary>
    public void Answered()
    {
        Interlocked.Increment(ref _answered);
        if (Volatile.Read(ref _gate) is not null && Unanswered <= _services.Limits.SocketPending / 2)
        {
            OpenGate();
        }
    }

    /// <summary>The actor has written or seen a close frame: the rest is bounded in time.</summary>
    public void BeginClosing()
    {
        Volatile.Write(ref _closeBy, _services.Time.GetTimestamp() + _services.Ticks(CloseTimeoutMs));
        State = ConnectionState.Closing;
        OpenGate();
    }

    /// <summary>The actor has stopped: it writes no more.</summary>
    public void Finish()
    {
        if (Volatile.Read(ref _closeBy) == long.MaxValue)
        {
            BeginClosing();
        }

        State = ConnectionState.Finished;
        OpenGate();
        End();
    }

    /// <summary>Ends the transport now.</summary>
    public void Abort()
    {
        Transport.Abort();
        OpenGate();
    }

    /// <summary>Asks the actor to close the socket.</summary>
    public void Close(CloseCode code) => _actor.Tell(new CloseSocket(code), ActorRefs.NoSender);

    /// <inheritdoc/>
    public bool Sweep(long now)
    {
        if (now >= Volatile.Read(ref _closeBy))
        {
            // Even a finished one: what it wrote last may still lie unsent before a client that doesn't read.
            Abort();
            return State != ConnectionState.Finished;
        }

        if (State >= ConnectionState.Closing)
        {
            return true;
        }

        _heartbeats = 0;
        var isSilent = now - Volatile.Read(ref _lastFrame) > _services.Ticks(ProtocolLimits.TimeoutMs);
        if (isSilent && State == ConnectionState.Serving && Volatile.Read(ref _gate) is null)
        {
            _actor.Tell(HeartbeatMissed.Instance, ActorRefs.NoSender);
        }
        else if (State == ConnectionState.Opening || _hasDeadlines || Unanswered > 0)
        {
            _actor.Tell(DeadlinesDue.Instance, ActorRefs.NoSender);
        }

        return true;
    }

    // One method for the loop and its end: an idle connection keeps what an asynchronous method needs to go on, so two would cost twice.
    private async Task RunAsync()
    {
        var progress = Progress.Wants;
        var turns = 0;
        try
        {
            while (progress != Progress.Ended)
            {
                if (turns == TurnsInARow)
                {
                    turns = 0;
                    await Task.Yield();
                }

                var reading = Transport.ReadAsync();
                turns = reading.IsCompleted ? turns + 1 : 0;
                progress = Take(await reading, progress);
                if (progress == Progress.Full)
                {
                    await WaitForAnswersAsync();
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            GatewayLog.ConnectionLost(_services.Log, e);
        }
        finally
        {
            _parser.Dispose();
            _actor.Tell(InputEnded.Instance, ActorRefs.NoSender);
            End();
        }
    }

    // The loop has ended, or the actor.
    private void End()
    {
        if (Interlocked.Increment(ref _ends) == 2)
        {
            Transport.Close();
        }
    }

    // Deals with what was read and gives it back.
    private Progress Take(in Input input, Progress progress)
    {
        var buffer = input.Bytes;
        progress = progress == Progress.Discards ? progress : Consume(ref buffer);
        switch (progress)
        {
            case Progress.Full:
                // Not examined: what is left must come again without new input.
                Transport.AdvanceTo(buffer.Start, buffer.Start);
                return progress;
            case Progress.Wants:
                Transport.AdvanceTo(buffer.Start, buffer.End);
                break;
            default:
                Transport.AdvanceTo(buffer.End, buffer.End);
                break;
        }

        return input.IsCompleted ? Progress.Ended : progress;
    }

    // Tells the actor what is complete. It answers nothing any more once it closes: then the rest is read for the client's close frame.
    private Progress Consume(ref ReadOnlySequence<byte> buffer)
    {
        while (Unanswered < _services.Limits.SocketPending || State >= ConnectionState.Closing)
        {
            var status = _parser.Read(ref buffer, out var payload, out var violation);
            if (status == ParseStatus.NeedMore)
            {
                return Progress.Wants;
            }

            // A control frame inside a message doesn't count: a message that never ends would live on it.
            if (!_parser.InMessage)
            {
                Volatile.Write(ref _lastFrame, _services.Time.GetTimestamp());
            }

            switch (status)
            {
                case ParseStatus.Text or ParseStatus.Ping when State >= ConnectionState.Closing:
                    break;
                case ParseStatus.Text:
                    TellFrame(ClientFrameDecoder.Decode(payload));
                    break;
                case ParseStatus.Ping:
                    TellFrame(new PingReceived(payload.ToArray()));
                    break;
                case ParseStatus.Close:
                    _actor.Tell(new PeerClosed(payload.ToArray()), ActorRefs.NoSender);
                    return Progress.Ended;
                case ParseStatus.Violation:
                    _actor.Tell(new CloseSocket(violation), ActorRefs.NoSender);
                    return Progress.Discards;
            }
        }

        return Progress.Full;
    }

    // A heartbeat has done what it is for by the time that it is read. The actor hears only of those that come too often: it judges rates.
    private void TellFrame(object frame)
    {
        if (ReferenceEquals(frame, HeartbeatFrame.Silent) && State == ConnectionState.Serving && ++_heartbeats <= UnjudgedHeartbeats)
        {
            return;
        }

        Volatile.Write(ref _told, _told + 1);
        _actor.Tell(frame, ActorRefs.NoSender);
    }

    private Task WaitForAnswersAsync()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _gate, gate);

        // The answers may have come before the gate stood there.
        if (Unanswered <= _services.Limits.SocketPending / 2 || State >= ConnectionState.Closing)
        {
            OpenGate();
        }

        return gate.Task;
    }

    private void OpenGate()
    {
        if (Volatile.Read(ref _gate) is not null)
        {
            Interlocked.Exchange(ref _gate, null)?.TrySetResult();
        }
    }

    private enum Progress
    {
        /// <summary>Everything complete was told; more input is wanted.</summary>
        Wants,

        /// <summary>Too much is unanswered to go on.</summary>
        Full,

        /// <summary>The client broke a rule. The rest is thrown away unread until it is gone: closing with unread input
        /// would reset the connection, which could take our close frame with it.</summary>
        Discards,

        /// <summary>Nothing follows: the client said so, or is gone.</summary>
        Ended,
    }
}
