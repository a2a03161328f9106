namespace Akka.Actor;

/// <summary>Finds the local system's references by walking its tree.</summary>
internal sealed class ActorRefProvider(ActorSystemImpl system) : IActorRefProvider
{
    public ActorPath RootPath => system.RootPath;

    public Address DefaultAddress => system.Address;

    public IActorRef DeadLetters => system.DeadLetters;

    public IActorRef ResolveActorRef(string path) =>
        ActorPath.TryParse(path, out var parsed) ? ResolveActorRef(parsed) : system.DeadLetters;

    public IActorRef ResolveActorRef(ActorPath actorPath)
    {
        if (actorPath.Address != system.Address)
            return new EmptyActorRef(system, actorPath);
        var cell = system.Root;
        foreach (var name in actorPath.Elements)
        {
            if (cell.ChildrenOrNull is not { } children || !children.TryGet(name, out cell!))
                return actorPath == system.DeadLetters.Path ? system.DeadLetters : new EmptyActorRef(system, actorPath);
        }

        return actorPath.Uid == 0 || actorPath.Uid == cell.Uid ? cell : new EmptyActorRef(system, actorPath);
    }
}
