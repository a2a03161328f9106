using Akka.Remote;

namespace Akka.Actor;

/// <summary>Finds references: the node's own by walking its tree, others by their address.</summary>
internal sealed class ActorRefProvider(ActorSystemImpl system) : IActorRefProvider
{
    public ActorPath RootPath => system.RootPath;

    public Address DefaultAddress => system.Remote?.Address ?? system.Address;

    public IActorRef DeadLetters => system.DeadLetters;

    public IActorRef ResolveActorRef(string path) =>
        ActorPath.TryParse(path, out var parsed) ? ResolveActorRef(parsed) : system.DeadLetters;

    public IActorRef ResolveActorRef(ActorPath actorPath)
    {
        if (IsLocal(actorPath.Address))
            return FindLocal(actorPath.Elements, actorPath.Uid);
        if (ActorNaming.IsNobody(actorPath))
            return ActorRefs.Nobody;
        return system.Remote is { } remote && actorPath.Address.HasGlobalScope
            ? new RemoteActorRef(system, remote.AssociationWith(actorPath.Address), actorPath)
            : new EmptyActorRef(system, actorPath);
    }

    public bool IsLocal(Address address) => address == system.Address || address == DefaultAddress;

    /// <param name="uid">0 for whoever is at the path now.</param>
    public IInternalActorRef FindLocal(IReadOnlyList<string> elements, long uid)
    {
        if (elements is ["temp", var name])
            return (IInternalActorRef?)system.Temporaries.Find(name) ?? Missing(elements, uid);
        var cell = system.Root;
        foreach (var element in elements)
        {
            if (cell.ChildrenOrNull is not { } children || !children.TryGet(element, out cell!))
                return elements is ["deadLetters"] ? system.DeadLetters : Missing(elements, uid);
        }

        return uid == 0 || uid == cell.Uid ? system.Facades.Of(cell) : Missing(elements, uid);
    }

    private EmptyActorRef Missing(IReadOnlyList<string> elements, long uid) => new(system, (system.RootPath / elements).WithUid(uid));
}
