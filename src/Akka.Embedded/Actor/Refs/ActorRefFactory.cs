namespace Akka.Actor;

/// <summary>Creates actors and looks them up: an actor system at its top, an actor's context below itself.</summary>
public interface IActorRefFactory
{
    /// <param name="props">How the actor is made.</param>
    /// <param name="name">Unique among its siblings; null for a generated one.</param>
    /// <exception cref="InvalidActorNameException">The name is invalid or taken.</exception>
    IActorRef ActorOf(Props props, string? name = null);

    ActorSelection ActorSelection(ActorPath actorPath);

    ActorSelection ActorSelection(string actorPath);
}

/// <summary>Shorthands for <see cref="IActorRefFactory"/>.</summary>
public static class ActorRefFactoryExtensions
{
    public static IActorRef ActorOf<TActor>(this IActorRefFactory factory, string? name = null)
        where TActor : ActorBase, new() => factory.ActorOf(Props.Create<TActor>(), name);

    public static ActorSelection ActorSelection(this IActorRefFactory factory, IActorRef anchorRef, string actorPath) =>
        new(anchorRef, actorPath);
}
