using Akka.Actor;
using Akka.Remote.Transport;
using Akka.Remote.Watching;
using Akka.Remote.Wire;
using Google.Protobuf;

namespace Akka.Remote.Associations;

/// <summary>
/// This node's side of what it has to do with another one: the link that it opens to say something, what waits for that link, and what it
/// knows of the incarnation at the other end.
/// </summary>
/// <remarks>
/// <para>A message is delivered at most once; what one actor tells another one arrives in order, with gaps if links break. System messages are
/// delivered exactly once, in order, or their node is dead.</para>
/// <para>A link is opened for the first message. While it is being opened messages wait, a bounded number of them. If that fails they are dead
/// letters, and so is everything until it is tried again: whoever asked can be told at once. A link that breaks is opened anew for the next
/// message, or at once if system messages are unacknowledged.</para>
/// <para>The gate guards the fields. Nothing of the application's runs under it, and no dead letter is published under it.</para>
/// </remarks>
internal sealed class Association : ILinkHandler
{
    // Incarnations at one address that are remembered as dead: the last ones, which alone may still be running.
    private const int MaxQuarantined = 16;

    private readonly Lock _gate = new();
    private readonly RemoteSystem _remote;
    private readonly SystemOutbox _outbox;
    private readonly Queue<OutboundMessage> _waiting = new();
    private readonly Queue<int> _quarantined = new();
    private readonly RetryTimer _timer;
    private ILink? _link;
    private OutboundLink? _open;
    private TimeSpan _retryDelay;
    private long _retryAt;
    private long? _failingSince;
    private bool _isClosed;

    public Association(RemoteSystem remote, Address address)
    {
        (_remote, Address) = (remote, address);
        _outbox = new SystemOutbox(remote.Setup.MaxPendingSystemMessages);
        _retryDelay = remote.Setup.MinRetryDelay;
        _timer = new RetryTimer(this);
    }

    public Address Address { get; }

    /// <summary>Of the incarnation at the address; 0 until it has said so.</summary>
    public int RemoteUid { get; private set; }

    /// <summary>What comes from there.</summary>
    public Inbound Inbound { get; } = new();

    public RemoteWatches Watches { get; } = new();

    /// <summary>Sends a message; one that can't be sent is a dead letter.</summary>
    public void Send(object message, IActorRef? sender, RemoteActorRef recipient)
    {
        if (!_remote.TrySerialize(message, sender, recipient, out var outbound))
            return;
        bool sent;
        lock (_gate)
            sent = TrySend(outbound);
        if (!sent)
            _remote.DeadLetter(outbound);
    }

    /// <summary>Sends a system message for certain, unless the other node is dead.</summary>
    public void Send(SystemMessage message, RemoteActorRef recipient)
    {
        if (SystemMessages.ToWire(message, recipient) is not { } envelope)
            return;
        Watches.Sent(message, recipient, RemoteUid);
        var isDead = false;
        var isFull = false;
        lock (_gate)
        {
            if (_isClosed || IsQuarantined(RemoteUid))
                isDead = true;
            else if (_outbox.IsFull)
                isDead = isFull = true;
            else
            {
                var frame = _outbox.Add(envelope, message);
                if (_open is { } open)
                    open.SendSystem(frame);
                else if (_link is null && !IsGated)
                    Connect();
            }
        }

        if (isFull)
            _remote.Quarantine(Address, RemoteUid, "it acknowledges no system messages");
        if (isDead)
            Drop(message);
    }

    /// <summary>The other side tells its incarnation, in a greeting or the answer to one.</summary>
    /// <param name="over">The link over which it was greeted, if it was by this side.</param>
    public void Met(int uid, ILink? over = null)
    {
        int former;
        List<SystemMessage> undeliverable;
        lock (_gate)
        {
            former = RemoteUid;
            if (former == uid)
                return;
            RemoteUid = uid;
            (_retryAt, _failingSince, _retryDelay) = (0, null, _remote.Setup.MinRetryDelay);
            if (former == 0)
                return;
            undeliverable = _outbox.TakeAll();
            _open = null;
            if (_link is not null && _link != over)
            {
                _link.Close();
                _link = null;
                if (_waiting.Count > 0)
                    Connect();
            }
        }

        // Two incarnations can't have the same port: the former one is dead, whatever else is believed of it.
        DropAll(undeliverable);
        Watches.Terminated(former);
    }

    /// <summary>A link is open, or is being opened and hasn't failed yet.</summary>
    public bool HasLink
    {
        get
        {
            lock (_gate)
                return _link is not null;
        }
    }

    public bool IsKnownAsDead(int uid)
    {
        lock (_gate)
            return IsQuarantined(uid);
    }

    /// <summary>Nothing goes to the incarnation any more, and nothing is taken from it.</summary>
    /// <returns>False if that was so already.</returns>
    public bool Quarantine(int uid)
    {
        List<SystemMessage> undeliverable = [];
        OutboundMessage[] waiting = [];
        lock (_gate)
        {
            if (_quarantined.Contains(uid))
                return false;
            if (_quarantined.Count == MaxQuarantined)
                _quarantined.Dequeue();
            _quarantined.Enqueue(uid);
            if (RemoteUid == uid)
            {
                undeliverable = _outbox.TakeAll();
                waiting = [.. _waiting];
                _waiting.Clear();
                _open = null;
                _link?.Close();
                _link = null;
            }
        }

        DropAll(undeliverable);
        foreach (var message in waiting)
            _remote.DeadLetter(message);
        Inbound.Refuse(uid);
        return true;
    }

    /// <summary>The node leaves the network.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _open = null;
            _link?.Close();
            _link = null;
            _remote.System.Timers.Remove(_timer);
        }

        Inbound.Close();
    }

    // ---- the link

    void ILinkHandler.Opened(ILink link)
    {
        lock (_gate)
        {
            if (link == _link)
                link.TrySend(Greeting.Hello(_remote, Address).ToByteArray(), int.MaxValue);
        }
    }

    void ILinkHandler.Received(ILink link, ReadOnlySpan<byte> frame)
    {
        Frame answer;
        try
        {
            answer = Frame.Parser.ParseFrom(frame);
        }
        catch (InvalidProtocolBufferException)
        {
            link.Close();
            return;
        }

        switch (answer.KindCase)
        {
            case Frame.KindOneofCase.Welcome:
                OnWelcome(link, answer.Welcome);
                break;
            case Frame.KindOneofCase.Acknowledgement:
                lock (_gate)
                {
                    if (link == _link)
                        _outbox.Acknowledged(answer.Acknowledgement.Number);
                }

                break;
            case Frame.KindOneofCase.Refusal:
                _remote.OnRefused(Address, answer.Refusal);
                link.Close();
                break;
        }
    }

    void ILinkHandler.Closed(ILink link, Exception? cause)
    {
        OutboundMessage[] waiting;
        lock (_gate)
        {
            if (link != _link)
                return;
            _link = null;
            var wasOpen = _open is not null;
            _open = null;
            _remote.System.Timers.Remove(_timer);
            if (wasOpen)
            {
                // It may only be this link: once, nobody waits for the next one.
                if (!_outbox.IsEmpty && !_isClosed)
                    Connect();
                return;
            }

            waiting = [.. _waiting];
            _waiting.Clear();
            Gate();
        }

        _remote.OnUnreachable(Address, cause);
        foreach (var message in waiting)
            _remote.DeadLetter(message);
    }

    private void OnWelcome(ILink link, Welcome welcome)
    {
        lock (_gate)
        {
            if (link != _link)
                return;
        }

        Met(welcome.Uid, link);
        List<OutboundMessage> refused = [];
        lock (_gate)
        {
            if (link != _link)
                return;
            if (IsQuarantined(welcome.Uid))
            {
                link.Close();
                return;
            }

            _remote.System.Timers.Remove(_timer);
            (_retryDelay, _failingSince) = (_remote.Setup.MinRetryDelay, null);
            _outbox.Acknowledged(welcome.Acknowledged);
            _open = new OutboundLink(link, _remote.Setup);
            foreach (var frame in _outbox.Frames())
                _open.SendSystem(frame);
            while (_waiting.TryDequeue(out var message))
            {
                if (!_open.TrySend(message))
                    refused.Add(message);
            }
        }

        foreach (var message in refused)
            _remote.DeadLetter(message);
    }

    // ---- under the gate

    private bool IsGated => _retryAt > _remote.System.Timers.Now;

    private bool IsQuarantined(int uid) => uid != 0 && _quarantined.Contains(uid);

    private bool TrySend(in OutboundMessage message)
    {
        if (_open is { } open)
            return open.TrySend(message);
        if (_isClosed || IsQuarantined(RemoteUid) || IsGated || _waiting.Count >= _remote.Setup.MaxPendingMessages)
            return false;
        _waiting.Enqueue(message);
        if (_link is null)
            Connect();
        return true;
    }

    private void Connect()
    {
        _link = _remote.Transport.Connect(Address, this);
        _remote.System.Timers.Remove(_timer);
        _remote.System.Timers.Add(_timer, _remote.Setup.HandshakeTimeout);
    }

    private void Gate()
    {
        var timers = _remote.System.Timers;
        _failingSince ??= timers.Now;
        // Nodes that lost the same one don't come back to it all at once.
        var delay = _retryDelay * (0.75 + 0.5 * _remote.System.Runtime.Random.NextDouble());
        _retryDelay = TimeSpan.FromTicks(Math.Min(_retryDelay.Ticks * 2, _remote.Setup.MaxRetryDelay.Ticks));
        _retryAt = timers.Now + timers.ToTimestamp(delay);
        timers.Remove(_timer);
        if (!_outbox.IsEmpty && !_isClosed)
            timers.Add(_timer, delay);
    }

    private void OnTimer()
    {
        List<SystemMessage> undeliverable = [];
        lock (_gate)
        {
            if (_isClosed || _open is not null)
                return;
            if (_link is not null)
            {
                // No welcome in time.
                _link.Close();
                return;
            }

            if (_failingSince is { } since && _remote.System.Timers.Elapsed(since) > _remote.Setup.GiveUpAfter)
                undeliverable = _outbox.TakeAll();
            else if (!_outbox.IsEmpty)
                Connect();
        }

        DropAll(undeliverable);
    }

    // ---- outside the gate

    private void DropAll(List<SystemMessage> undeliverable)
    {
        foreach (var message in undeliverable)
            Drop(message);
    }

    private void Drop(SystemMessage message)
    {
        if (message is Actor.Watch watch)
            Watches.Died(watch.Watcher, watch.Watchee);
        message.Dead(_remote.System);
    }

    private sealed class RetryTimer(Association association) : ScheduledEntry
    {
        public override void Fire(TimerQueue timers) => association.OnTimer();
    }
}
