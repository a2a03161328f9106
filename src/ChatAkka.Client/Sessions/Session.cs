using ChatAkka.Client.Events;
using ChatAkka.Client.Requests;
using ChatAkka.Client.Sockets;
using ChatAkka.Client.Timelines;
using ChatAkka.Protocol;
using ChatAkka.Protocol.Codec;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Client.Sessions;

/// <summary>
/// A device's side of the protocol, over all its connections: takes the server's frames into the stream of events, and says what the device
/// has to say.
/// </summary>
/// <remarks>
/// Invariants:
/// <list type="bullet">
/// <item>everything is done under <see cref="Gate"/>, which nothing is awaited under;</item>
/// <item>requests go out only after <c>synced</c>: what the device missed comes before what it does;</item>
/// <item>a hello's cursors say what the program is done with, never what merely waits for it: a crash of the program loses nothing;</item>
/// <item>while the program doesn't take events and awaits no answer, nothing is read from the server.</item>
/// </list>
/// </remarks>
internal sealed class Session
{
    private readonly ChatClientOptions _options;
    private readonly Incoming _incoming;
    private readonly Outgoing _outgoing = new();
    private readonly EventBuffer _buffer;
    private readonly ChannelTimelines _timelines;
    private readonly Outbox _outbox;
    private readonly Marks _marks = new();
    private readonly Marks.Say _sayMark;
    private readonly Watching _watching;
    private readonly Progress _progress;
    private readonly ReadGate _gate = new();
    private readonly Heartbeat _heartbeat = new();
    private readonly Alarm _alarm;
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _started;
    private Link? _link;
    private Uri? _server;
    private bool _isReady;
    private TimeSpan _readySince;
    private long _shownBefore;
    private Leaving _leaving;
    private bool _isContinuing;

    /// <param name="prefer">Told where the server wants the client to go.</param>
    public Session(ChatClientOptions options, Action<IReadOnlyList<ServerAddress>> prefer)
    {
        _options = options;
        _started = options.Time.GetTimestamp();
        _buffer = new EventBuffer(options.EventBuffer);
        _timelines = new ChannelTimelines(_buffer, options.GapPatience);
        _outbox = new Outbox(options.OutboxCapacity, options.MaxInFlight);
        _watching = new Watching(_buffer);
        _progress = new Progress(_timelines, _marks, isAutomatic: options.Delivered == DeliveredMode.Automatic);
        _incoming = new Incoming(_buffer, _timelines, _outbox, _marks, prefer);
        _alarm = new Alarm(options.Time, OnAlarm);
        _sayMark = (kind, channel, id) => _outgoing.TryMark(_link!, kind, channel, id);
        foreach (var (channel, id) in options.Cursors ?? new Dictionary<string, long>())
        {
            _timelines.Begin(channel, id);
        }
    }

    /// <summary>The client's lock.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Who this is, and where; null before the first welcome.</summary>
    public SessionWelcome? Welcome => _incoming.Welcome;

    public ConnectionState State { get; private set; }

    /// <summary>Ends when the device was synced for the first time; faults if it never will be.</summary>
    public Task Synced => _synced.Task;

    /// <summary>Set when the client is being disposed of: nothing is begun any more.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>Why there will be no connection any more; null while there may be.</summary>
    public ChatException? Stopped { get; private set; }

    public long GapsRepaired => _timelines.GapsRepaired;

    /// <summary>The program awaits something that only reading on can bring: an answer, or the end of the first sync.</summary>
    private bool IsAwaited => _outbox.HasOpen || !_synced.Task.IsCompleted;

    private TimeSpan Now => _options.Time.GetElapsedTime(_started);

    // ---- for the connection loop

    /// <summary>Says hello on a new connection to a server; false if there is to be none.</summary>
    public bool Open(Link link, Uri server)
    {
        lock (Gate)
        {
            if (IsStopping)
            {
                return false;
            }

            _incoming.Begin();
            _timelines.BeginConnection();
            (_link, _server, _leaving, _shownBefore) = (link, server, Leaving.None, _timelines.Shown);
            var cursors = _timelines.Cursors.ToArray();
            _outgoing.Hello(link, _options.Token, cursors.Length > 0 ? cursors : null);
            return true;
        }
    }

    /// <summary>Takes a frame.</summary>
    public void Take(ReadOnlySpan<byte> json)
    {
        var frame = ServerFrameDecoder.Decode(json);
        lock (Gate)
        {
            _heartbeat.Heard(Now);
            switch (_incoming.Take(frame, Now))
            {
                case Arrival.Welcomed:
                    _heartbeat.Begin(Welcome!, Now);
                    _link!.Welcomed();
                    break;
                case Arrival.Synced:
                    OnSynced();
                    break;
                case Arrival.Broken:
                    _link!.Abort(CloseCode.Abnormal);
                    break;
            }

            Continue();
        }
    }

    /// <summary>Null when the next frame may be read; otherwise what to await before asking again.</summary>
    public Task? RoomToRead()
    {
        lock (Gate)
        {
            var wasShut = _gate.IsShut;
            var opening = _gate.Ask(isBehind: _buffer.IsFull && !IsAwaited && _link is { IsClosing: false });
            if (wasShut && opening is null)
            {
                _heartbeat.Heard(Now);
            }

            return opening;
        }
    }

    /// <summary>The connection is over.</summary>
    /// <param name="code">How; null if the client has ended it.</param>
    public ConnectionEnd End(Link link, CloseCode? code)
    {
        lock (Gate)
        {
            var end = new ConnectionEnd(link.Verdict ?? code ?? CloseCode.Abnormal, _incoming.Fault, _leaving)
            {
                Held = _isReady ? Now - _readySince : TimeSpan.Zero,
                MadeProgress = _timelines.Shown > _shownBefore,
            };
            (_link, _isReady) = (null, false);
            _gate.Reset();
            _heartbeat.End();
            _outbox.ConnectionEnded();
            _marks.ConnectionEnded(_heartbeat.HeardAt);
            return end;
        }
    }

    /// <summary>The client's state has changed; the program is shown it.</summary>
    public void Show(ConnectionChanged change)
    {
        lock (Gate)
        {
            if (change.State != State && Stopped is null)
            {
                State = change.State;
                _buffer.Offer(change);
            }
        }
    }

    /// <summary>There will be no connection any more.</summary>
    /// <param name="error">Why.</param>
    public void Stop(ChatException error, CloseCode? code)
    {
        lock (Gate)
        {
            (Stopped, State) = (error, ConnectionState.Stopped);
            _outbox.FailAll(error);
            var last = new ConnectionChanged(ConnectionState.Stopped);
            _buffer.Complete(IsStopping ? last : last with { Error = error, CloseCode = code }, drop: IsStopping);
            _synced.TrySetException(error);
            _ = _synced.Task.Exception; // who doesn't wait for it sees the end of the stream
            _alarm.Dispose();
        }
    }

    // ---- for the program

    /// <summary>Sends a request, now or when there is a connection.</summary>
    public Task<T> AskAsync<T>(PendingRequest<T> request, CancellationToken cancel)
        where T : class
    {
        cancel.ThrowIfCancellationRequested();
        lock (Gate)
        {
            if (Stopped is not null || IsStopping)
            {
                request.Fail(Stopped ?? new ChatException(ChatException.Closed, "the client is closed"));
            }
            else if (!_outbox.TryAdd(request))
            {
                request.Fail(new ChatException(ChatException.OutboxFull, "too many requests wait for an answer"));
            }
            else
            {
                request.AbandonOn(cancel);
                _gate.Open();
                Transmit();
            }
        }

        return request.Answer;
    }

    /// <summary>Sends a request for the set of watched users; it is repeated on each connection.</summary>
    public Task<IReadOnlyList<UserPresence>> WatchAsync(IReadOnlyList<string> users, CancellationToken cancel)
    {
        lock (Gate)
        {
            return AskAsync(_watching.Begin(users), cancel);
        }
    }

    /// <summary>Says something that is never answered, if there is a connection with room for it.</summary>
    public void Typing(string channel)
    {
        lock (Gate)
        {
            if (_isReady && _link!.HasRoom)
            {
                _outgoing.Typing(_link, channel);
            }
        }
    }

    /// <summary>The user has read up to an id; or the device has everything up to it, says the program.</summary>
    public void Mark(MarkKind kind, string channel, long id)
    {
        lock (Gate)
        {
            _progress.Say(kind, channel, id);
            Continue();
        }
    }

    /// <summary>For each channel the highest id that the program is done with.</summary>
    public Dictionary<string, long> Cursors()
    {
        lock (Gate)
        {
            return new Dictionary<string, long>(_timelines.Cursors);
        }
    }

    /// <summary>
    /// The program is done with the event that it took last, and wants the next: the event, or null and what to await before asking again;
    /// null and null at the end.
    /// </summary>
    public (ChatEvent? Event, Task? Arrival) TakeEvent()
    {
        lock (Gate)
        {
            _progress.Done();
            if (_progress.IsMarkDue)
            {
                Continue();
            }

            if (_buffer.TryTake(out var e))
            {
                _progress.Taking(e!);
                if (_buffer.HasDrained)
                {
                    _gate.Open();
                }

                return (e, null);
            }

            Continue();
            return (null, _buffer.IsComplete ? null : _buffer.ArrivalAsync());
        }
    }

    /// <summary>The client is being disposed of: says good-bye.</summary>
    public void BeginStop()
    {
        lock (Gate)
        {
            IsStopping = true;
            if (_isReady)
            {
                _marks.Flush(_sayMark, Now);
            }

            _link?.Close();
            _gate.Open();
        }
    }

    private void OnSynced()
    {
        (_isReady, _readySince) = (true, Now);
        if (_watching.Repeat() is { } watch)
        {
            _outbox.TryAdd(watch); // without room, what the program itself asks for comes first
        }

        Show(new ConnectionChanged(ConnectionState.Connected) { Server = _server });
        _synced.TrySetResult();
    }

    /// <summary>Does what has become due, or has found room, and sets the alarm to what will. Under the lock.</summary>
    public void Continue()
    {
        if (_isContinuing || _link is null)
        {
            return; // the link has found room while it was being filled: whoever fills it goes on
        }

        _isContinuing = true;
        if (_isReady && !_link.IsClosing)
        {
            if ((_buffer.IsEmpty || _progress.IsMarkDue) && _marks.Flush(_sayMark, Now))
            {
                _progress.Marked();
            }

            Transmit();
            Leave(_timelines.IsRepairDue(Now) ? Leaving.Repair : _incoming.MoveAt <= Now ? Leaving.Move : Leaving.None);
        }

        _alarm.Set(Now, _heartbeat.DueAt, _outbox.ResumeAt, _timelines.PatienceEndsAt, _incoming.MoveAt);
        _isContinuing = false;
    }

    private void Leave(Leaving leaving)
    {
        if (leaving != Leaving.None)
        {
            _leaving = leaving;
            _link!.Close();
            _gate.Open();
        }
    }

    private void Transmit()
    {
        while (_isReady && _link!.AskRoom() && _outbox.Next(Now) is { } request)
        {
            request.Basis?.Fix(_timelines.Known(request.Basis.Channel));
            if (!_outgoing.TryRequest(_link, request))
            {
                _outbox.Drop(request);
                request.Fail(ChatException.Of(ErrorCodes.FrameTooLarge));
            }
        }
    }

    private void OnAlarm()
    {
        lock (Gate)
        {
            _alarm.Reset();
            if (_link is null)
            {
                return;
            }

            _heartbeat.Beat(Now, isListening: !_gate.IsShut, _link, _outgoing);
            Continue();
        }
    }
}
