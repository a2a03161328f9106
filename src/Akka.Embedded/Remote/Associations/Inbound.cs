using Akka.Remote.Transport;
using Akka.Remote.Wire;
using Google.Protobuf;

namespace Akka.Remote.Associations;

/// <summary>
/// What one node hears from another one: over which link, from which incarnation, and which system messages it has carried out. The gate is held
/// while a frame is delivered, so that nothing of a link that was replaced comes after something of its successor.
/// </summary>
internal sealed class Inbound
{
    private readonly Lock _gate = new();
    private InboundLink? _current;
    private int _uid;
    private ulong _lastSystemMessage;

    /// <summary>A link has been greeted over: it replaces the one before. Returns the last system message that came from this
    /// incarnation.</summary>
    public ulong Begin(InboundLink link, int uid)
    {
        InboundLink? former;
        ulong last;
        lock (_gate)
        {
            former = _current;
            if (_uid != uid)
                (_uid, _lastSystemMessage) = (uid, 0);
            (_current, last) = (link, _lastSystemMessage);
        }

        former?.Close();
        return last;
    }

    /// <summary>Delivers a frame if the link hasn't been replaced.</summary>
    public void Deliver(InboundLink link, ReadOnlySpan<byte> frame)
    {
        lock (_gate)
        {
            if (link == _current)
                link.Deliver(frame);
        }
    }

    /// <summary>Whether a system message is the next one. An older one has been carried out before, a later one can't be yet.</summary>
    public bool IsNext(ulong number)
    {
        if (number != _lastSystemMessage + 1)
            return false;
        _lastSystemMessage = number;
        return true;
    }

    public ulong LastSystemMessage => _lastSystemMessage;

    public void Ended(InboundLink link)
    {
        lock (_gate)
        {
            if (link == _current)
                _current = null;
        }
    }

    /// <summary>Tells an incarnation that it was declared dead, and hears no more of it.</summary>
    public void Refuse(int uid)
    {
        InboundLink? link;
        lock (_gate)
        {
            if (_uid != uid)
                return;
            link = _current;
            _current = null;
        }

        link?.Refuse(Greeting.Quarantined());
    }

    public void Close()
    {
        InboundLink? link;
        lock (_gate)
        {
            link = _current;
            _current = null;
        }

        link?.Close();
    }
}

/// <summary>A link that another node has opened.</summary>
internal sealed class InboundLink(RemoteSystem remote, ILink link) : ILinkHandler
{
    private readonly NumberTable<Receiver> _receivers = new(OutboundLink.References);
    private readonly NumberTable<Actor.IActorRef> _senders = new(OutboundLink.References);
    private readonly NumberTable<string> _manifests = new(OutboundLink.Manifests);
    private Association? _association;

    public void Close() => link.Close();

    public void Refuse(Refusal refusal)
    {
        link.TrySend(new Frame { Refusal = refusal }.ToByteArray(), int.MaxValue);
        link.Close();
    }

    void ILinkHandler.Opened(ILink opened)
    {
    }

    void ILinkHandler.Received(ILink from, ReadOnlySpan<byte> frame)
    {
        if (_association is { } association)
            association.Inbound.Deliver(this, frame);
        else
            Greeted(frame);
    }

    void ILinkHandler.Closed(ILink closed, Exception? cause) => _association?.Inbound.Ended(this);

    /// <summary>Under the gate of <see cref="Inbound"/>.</summary>
    public void Deliver(ReadOnlySpan<byte> frame)
    {
        if (frame.Length > 0 && frame[0] == EnvelopeFrame.FrameTag)
        {
            if (!EnvelopeFrame.TryRead(frame, out var envelope) || !TryDeliver(envelope))
                link.Close();
            return;
        }

        if (TryParse(frame) is { KindCase: Frame.KindOneofCase.System, System: { } system })
        {
            var inbound = _association!.Inbound;
            if (inbound.IsNext(system.Number))
                SystemMessages.Receive(system, _association, remote);
            var last = new Acknowledgement { Number = inbound.LastSystemMessage };
            link.TrySend(new Frame { Acknowledgement = last }.ToByteArray(), int.MaxValue);
        }
    }

    private void Greeted(ReadOnlySpan<byte> frame)
    {
        if (TryParse(frame) is not { KindCase: Frame.KindOneofCase.Hello, Hello: { } hello })
        {
            link.Close();
            return;
        }

        if (Greeting.Check(hello, remote, out var from) is { } refusal)
        {
            remote.OnStranger(link.RemoteName, refusal);
            Refuse(refusal);
            return;
        }

        var association = remote.AssociationWith(from);
        if (association.IsKnownAsDead(hello.Uid))
        {
            Refuse(Greeting.Quarantined());
            return;
        }

        association.Met(hello.Uid);
        _association = association;
        var acknowledged = association.Inbound.Begin(this, hello.Uid);
        var welcome = new Welcome { Version = Greeting.VersionOf(hello), Uid = remote.Uid, Acknowledged = acknowledged };
        link.TrySend(new Frame { Welcome = welcome }.ToByteArray(), int.MaxValue);
    }

    // False if the peer doesn't keep to the protocol.
    private bool TryDeliver(in EnvelopeFrame envelope)
    {
        var recipient = envelope.To.IsEmpty ? _receivers.Find(envelope.ToNumber) : new Receiver(remote, remote.Text(envelope.To));
        if (recipient is null || (!envelope.To.IsEmpty && envelope.ToNumber != 0 && !_receivers.TrySet(envelope.ToNumber, recipient)))
            return false;
        var sender = envelope.From.IsEmpty ? _senders.Find(envelope.FromNumber) : remote.Find(remote.Text(envelope.From), _association!);
        if (sender is null
            ? envelope.FromNumber != 0
            : !envelope.From.IsEmpty && envelope.FromNumber != 0 && !_senders.TrySet(envelope.FromNumber, sender))
            return false;
        var manifest = envelope.Manifest.IsEmpty ? _manifests.Find(envelope.ManifestNumber) : remote.Text(envelope.Manifest);
        if (manifest is null
            ? envelope.ManifestNumber != 0
            : !envelope.Manifest.IsEmpty && envelope.ManifestNumber != 0 && !_manifests.TrySet(envelope.ManifestNumber, manifest))
            return false;
        remote.Deliver(recipient.Reference, sender, envelope.Serializer, manifest ?? "", envelope.Payload);
        return true;
    }

    private Frame? TryParse(ReadOnlySpan<byte> frame)
    {
        try
        {
            return Frame.Parser.ParseFrom(frame);
        }
        catch (InvalidProtocolBufferException)
        {
            link.Close();
            return null;
        }
    }

    /// <summary>Somebody of this node to whom the peer sends often.</summary>
    private sealed class Receiver(RemoteSystem remote, string name)
    {
        private Actor.IInternalActorRef _actor = remote.FindLocal(name);

        /// <summary>A name without a uid means whoever is there now, which may be nobody yet, or another one than before.</summary>
        public Actor.IInternalActorRef Reference
        {
            get
            {
                if (_actor is Actor.EmptyActorRef or Actor.ActorCell { IsTerminated: true } && !name.Contains('#'))
                    _actor = remote.FindLocal(name);
                return _actor;
            }
        }
    }
}
