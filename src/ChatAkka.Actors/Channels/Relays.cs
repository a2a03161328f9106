using System.Collections.Concurrent;
using Akka.Actor;

namespace ChatAkka.Actors.Channels;

/// <summary>Finds the relay of the node where an actor lives.</summary>
public interface IRelays
{
    /// <summary>The relay beside an actor of another node, the same object for all actors of that node; null beside one of this
    /// node.</summary>
    IActorRef? Beside(IActorRef actor);
}

/// <summary>The relays of a cluster's nodes, each at the same path. As many as there ever were nodes are remembered.</summary>
internal sealed class NodeRelays : IRelays
{
    private readonly ConcurrentDictionary<Address, IActorRef> _known = new();
    private readonly Func<Address, IActorRef> _resolve;

    private NodeRelays(IActorRefProvider provider) =>
        _resolve = address => provider.ResolveActorRef(new RootActorPath(address) / "user" / RelayActor.Name);

    /// <summary>Null for a system that no other node can reach.</summary>
    public static NodeRelays? Of(ActorSystem system) =>
        ((ExtendedActorSystem)system).Provider is { DefaultAddress.HasLocalScope: false } provider ? new NodeRelays(provider) : null;

    public IActorRef? Beside(IActorRef actor) =>
        actor.Path.Address is { HasLocalScope: false } address ? _known.GetOrAdd(address, _resolve) : null;
}
