using Akka.Actor;

namespace Akka.Event;

/// <summary>A message that is no loss when its receiver is gone: it is published as <see cref="SuppressedDeadLetter"/>.</summary>
public interface IDeadLetterSuppression;

/// <summary>A message that did not reach an actor's behaviour.</summary>
public abstract class AllDeadLetters(object message, IActorRef sender, IActorRef recipient) : IWrappedMessage
{
    public object Message { get; } = message;

    public IActorRef Sender { get; } = sender;

    public IActorRef Recipient { get; } = recipient;

    public override string ToString() => $"{GetType().Name} from {Sender} to {Recipient}: <{Message}>";
}

/// <summary>The receiver has stopped or has never been.</summary>
public sealed class DeadLetter(object message, IActorRef sender, IActorRef recipient) : AllDeadLetters(message, sender, recipient);

/// <summary>Like <see cref="DeadLetter"/>, for messages that nobody misses.</summary>
public sealed class SuppressedDeadLetter(IDeadLetterSuppression message, IActorRef sender, IActorRef recipient)
    : AllDeadLetters(message, sender, recipient);

/// <summary>A bounded buffer was full.</summary>
public sealed class Dropped(object message, string reason, IActorRef sender, IActorRef recipient)
    : AllDeadLetters(message, sender, recipient)
{
    public Dropped(object message, string reason, IActorRef recipient) : this(message, reason, ActorRefs.Nobody, recipient) { }

    public string Reason { get; } = reason;
}

/// <summary>The receiver did not handle the message.</summary>
public sealed class UnhandledMessage(object message, IActorRef sender, IActorRef recipient) : AllDeadLetters(message, sender, recipient);
