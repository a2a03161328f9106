using Akka.Actor;

namespace Akka.Remote;

/// <summary>What the event stream is told of the links to other nodes.</summary>
public abstract class RemotingLifecycleEvent
{
    private protected RemotingLifecycleEvent()
    {
    }
}

/// <summary>An incarnation of a node was declared dead: nothing comes from it or goes to it any more.</summary>
public sealed class QuarantinedEvent(Address address, int uid) : RemotingLifecycleEvent
{
    public Address Address { get; } = address;

    public int Uid { get; } = uid;

    public override string ToString() => $"Association to [{Address}] having UID [{Uid}] is quarantined.";
}

/// <summary>No program listens at the address of a node, says the machine there.</summary>
internal sealed class NobodyListensEvent(Address address) : RemotingLifecycleEvent
{
    public Address Address { get; } = address;

    public override string ToString() => $"Nobody listens at [{Address}].";
}

/// <summary>Another node has declared this one dead, and won't change its mind: this system has to start again.</summary>
public sealed class ThisActorSystemQuarantinedEvent(Address localAddress, Address remoteAddress) : RemotingLifecycleEvent
{
    public Address LocalAddress { get; } = localAddress;

    public Address RemoteAddress { get; } = remoteAddress;

    public override string ToString() => $"The remote system {RemoteAddress} has quarantined this system {LocalAddress}.";
}
