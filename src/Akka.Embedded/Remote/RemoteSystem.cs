using System.Collections.Concurrent;
using System.Text;
using Akka.Actor;
using Akka.Event;
using Akka.Remote.Associations;
using Akka.Remote.Transport;
using Akka.Remote.Transport.Tcp;
using Akka.Remote.Wire;

namespace Akka.Remote;

/// <summary>What makes a system part of a network: its address, and its association with every node that it has to do with.</summary>
internal sealed class RemoteSystem
{
    private readonly ConcurrentDictionary<Address, Association> _associations = new();
    private readonly RepeatedWarnings _warnings;
    private readonly IListener _listener;
    private int _isClosed;

    /// <exception cref="IOException">The address can't be bound.</exception>
    public RemoteSystem(ActorSystemImpl system, RemoteSetup setup)
    {
        System = system;
        Setup = setup;
        do
        {
            Uid = system.Runtime.Random.Next(int.MinValue, int.MaxValue);
        }
        while (Uid == 0);
        _warnings = new RepeatedWarnings(system, typeof(RemoteSystem));
        Transport = setup.Transport ?? new TcpTransport(new TcpTransportSettings
        {
            Time = system.Runtime.Time,
            Log = new LoggingAdapter(system.EventStream, nameof(TcpTransport), typeof(TcpTransport)),
            Source = setup.Host,
            Tls = setup.Tls,
        });
        _listener = Transport.Listen(setup.Host, setup.Port, link => new InboundLink(this, link));
        Address = new Address("akka.tcp", system.Name, setup.PublicHost ?? setup.Host, setup.PublicPort ?? _listener.Port);
    }

    public ActorSystemImpl System { get; }

    public RemoteSetup Setup { get; }

    public ITransport Transport { get; }

    /// <summary>By which the other nodes know this one.</summary>
    public Address Address { get; }

    /// <summary>Tells this incarnation from others at the address; not 0.</summary>
    public int Uid { get; }

    public Association AssociationWith(Address address) =>
        _associations.TryGetValue(address, out var known)
            ? known
            : _associations.GetOrAdd(address, static (address, remote) => new Association(remote, address), this);

    /// <summary>An incarnation of a node is dead, by the decision of whoever may decide so: nothing comes from it and goes to it any
    /// more, and whoever watches something there is told.</summary>
    /// <param name="uid">0 if the incarnation isn't known.</param>
    public void Quarantine(Address address, int uid, string why)
    {
        var association = AssociationWith(address);
        if (uid == 0 || !association.Quarantine(uid))
            return;
        System.Log.Warning("Node {0} with uid {1} is quarantined: {2}", address, uid, why);
        association.Watches.Terminated(uid);
        System.EventStream.Publish(new QuarantinedEvent(address, uid));
    }

    /// <summary>An incarnation of a node has left in good order: whoever watches something there is told.</summary>
    public void Left(Address address, int uid) => AssociationWith(address).Watches.Terminated(uid);

    /// <summary>The node leaves the network: nothing is accepted any more, and what is queued leaves first.</summary>
    public void Close()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
            return;
        _listener.Dispose();
        foreach (var association in _associations.Values)
            association.Close();
    }

    // ---- messages

    /// <summary>Turns a message into bytes; if that can't be done it is nobody's message any more, and the log says so.</summary>
    public bool TrySerialize(object message, IActorRef? sender, RemoteActorRef recipient, out OutboundMessage outbound)
    {
        try
        {
            var serializer = System.Serialization.FindSerializerFor(message);
            var manifest = Akka.Serialization.Serialization.ManifestFor(serializer, message);
            outbound = new OutboundMessage(recipient, sender, message, serializer.Identifier, manifest, serializer.ToBinary(message));
            return true;
        }
        catch (Exception e)
        {
            outbound = default;
            _warnings.Error(message.GetType().ToString(), e, "A message of type {0} can't be sent to another node", message.GetType());
            return false;
        }
    }

    /// <summary>Takes bytes for a message and delivers it. What can't be read is dropped: a node of another version may know messages that
    /// this one doesn't.</summary>
    public void Deliver(IInternalActorRef recipient, IActorRef? sender, int serializer, string manifest, ReadOnlySpan<byte> payload)
    {
        object message;
        try
        {
            message = System.Serialization.Deserialize(payload.ToArray(), serializer, manifest);
        }
        catch (Exception e)
        {
            _warnings.Warn($"{serializer}/{manifest}", e, "A message with manifest {0} of serializer {1} can't be read", manifest, serializer);
            return;
        }

        recipient.Tell(message, sender);
    }

    public void DeadLetter(in OutboundMessage message) =>
        System.DeadLetters.Publish(message.Message, message.Sender, message.Recipient);

    // ---- names

    /// <summary>One of this node's actors, by its path without the address.</summary>
    public IInternalActorRef FindLocal(string name)
    {
        var hash = name.LastIndexOf('#');
        var uid = 0L;
        if (hash >= 0 && !long.TryParse(name.AsSpan(hash + 1), out uid))
            uid = -1; // nobody's
        return System.ProviderImpl.FindLocal((hash < 0 ? name : name[..hash]).Split('/', StringSplitOptions.RemoveEmptyEntries), uid);
    }

    /// <summary>An actor as another node names it.</summary>
    public IInternalActorRef Find(string name, Association association)
    {
        if (!name.StartsWith('/'))
            return (IInternalActorRef)System.Provider.ResolveActorRef(name);
        return ActorPath.TryParse(association.Address + name, out var path)
            ? new RemoteActorRef(System, association, path)
            : System.DeadLetters;
    }

    public string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);

    // ---- what happens to links

    public void OnRefused(Address address, Refusal refusal)
    {
        if (refusal.Reason == Refusal.Types.Reason.Quarantined)
        {
            System.Log.Warning("Node {0} has declared this one dead", address);
            System.EventStream.Publish(new ThisActorSystemQuarantinedEvent(Address, address));
            return;
        }

        _warnings.Warn(address.ToString(), null, "Node {0} refuses this one ({1}): {2}", address, refusal.Reason, refusal.Text);
    }

    public void OnStranger(string name, Refusal refusal) =>
        _warnings.Warn(refusal.Reason.ToString(), null, "A node at {0} was refused ({1}): {2}", name, refusal.Reason, refusal.Text);

    public void OnUnreachable(Address address, Exception? cause)
    {
        _warnings.Warn(address.ToString(), null, "No link to node {0}: {1}", address, cause?.Message ?? "it doesn't answer the greeting");
        if (cause is NobodyListensException)
            System.EventStream.Publish(new NobodyListensEvent(address));
    }
}
