using Akka.Event;

namespace Akka.Actor;

/// <summary>Where messages go that have no receiver.</summary>
internal sealed class DeadLetterActorRef(ActorSystemImpl system) : MinimalActorRef(system)
{
    public override ActorPath Path { get; } = system.RootPath / "deadLetters";

    public override void Tell(object message, IActorRef? sender)
    {
        if (message is null)
            throw new InvalidMessageException();
        Publish(message, sender, this);
    }

    public override void SendSystemMessage(SystemMessage message) => message.Dead(SystemImpl);

    /// <summary>Publishes what <paramref name="recipient"/> can't receive; a question for identity is answered with "nobody".</summary>
    public void Publish(object message, IActorRef? sender, IActorRef recipient)
    {
        switch (message)
        {
            case Identify identify:
                sender?.Tell(new ActorIdentity(identify.MessageId, ActorRefs.Nobody), ActorRefs.NoSender);
                break;
            case AllDeadLetters dead:
                // Told to an actor that has stopped, it was published before, and that actor was a subscriber: no second round.
                if (ReferenceEquals(recipient, this))
                    SystemImpl.EventStream.Publish(dead);
                break;
            case IDeadLetterSuppression suppressed:
                SystemImpl.EventStream.Publish(new SuppressedDeadLetter(suppressed, sender ?? this, recipient));
                break;
            default:
                SystemImpl.EventStream.Publish(new DeadLetter(message, sender ?? this, recipient));
                break;
        }
    }
}

/// <summary>A path at which there is no actor.</summary>
internal sealed class EmptyActorRef(ActorSystemImpl system, ActorPath path) : MinimalActorRef(system)
{
    public override ActorPath Path => path;

    public override void Tell(object message, IActorRef? sender) => SystemImpl.DeadLetters.Publish(message, sender, this);

    public override void SendSystemMessage(SystemMessage message) => message.Dead(SystemImpl);
}
