namespace Akka.Actor;

/// <summary>Anything a message can be sent to.</summary>
public interface ICanTell
{
    /// <param name="message">What is sent; not null.</param>
    /// <param name="sender">Whom the receiver sees as its <c>Sender</c>; null for nobody.</param>
    void Tell(object message, IActorRef? sender);
}

/// <summary>
/// A handle to one incarnation of an actor: it stays valid, and equal to itself, after the actor has stopped; messages
/// sent to it then become dead letters.
/// </summary>
public interface IActorRef : ICanTell, IEquatable<IActorRef>, IComparable<IActorRef>, IComparable
{
    ActorPath Path { get; }
}

/// <summary>What the runtime itself needs from a reference, whatever stands behind it.</summary>
internal interface IInternalActorRef : IActorRef
{
    ActorSystemImpl SystemImpl { get; }

    /// <summary>Null for the root and for references outside the tree.</summary>
    IInternalActorRef? Parent { get; }

    void SendSystemMessage(SystemMessage message);

    void Stop();
}

/// <summary>The two references that stand for nobody.</summary>
public static class ActorRefs
{
    /// <summary>As a sender: the message comes from outside any actor.</summary>
    public static readonly IActorRef? NoSender = null;

    /// <summary>A reference to no actor, as found for a name that does not exist.</summary>
    public static readonly Nobody Nobody = Nobody.Instance;
}

/// <summary>Convenience on references.</summary>
public static class ActorRefExtensions
{
    public static bool IsNobody(this IActorRef? actorRef) => actorRef is null or Actor.Nobody;

    public static IActorRef GetOrElse(this IActorRef? actorRef, Func<IActorRef> elseValue) =>
        actorRef.IsNobody() ? elseValue() : actorRef!;
}

/// <summary><c>Tell</c> with the calling actor as the sender.</summary>
public static class ActorRefImplicitSenderExtensions
{
    /// <summary>Sends from the actor that runs on this thread, or from nobody.</summary>
    public static void Tell(this IActorRef receiver, object message) => receiver.Tell(message, ActorCell.Current);

    /// <summary>Sends with the sender of the message that is being handled.</summary>
    public static void Forward(this IActorRef receiver, object message) => receiver.Tell(message, ActorCell.Current?.Sender);
}
