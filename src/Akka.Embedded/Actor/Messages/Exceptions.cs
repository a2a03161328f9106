namespace Akka.Actor;

/// <summary>The base of the runtime's own exceptions.</summary>
public abstract class AkkaException : Exception
{
    protected AkkaException() { }

    protected AkkaException(string? message, Exception? cause = null) : base(message, cause) { }

    protected Exception? Cause => InnerException;
}

/// <summary>An actor's constructor, <c>PreStart</c> or re-creation threw. The default decider stops such an actor.</summary>
public class ActorInitializationException : AkkaException
{
    public ActorInitializationException() { }

    public ActorInitializationException(string message) : base(message) { }

    public ActorInitializationException(string message, Exception cause) : base(message, cause) { }

    public ActorInitializationException(IActorRef? actor, string message, Exception? cause = null) : base(message, cause) => Actor = actor;

    public IActorRef? Actor { get; set; }

    public override string ToString() => Actor is null ? base.ToString() : $"{Actor}: {base.ToString()}";
}

/// <summary><c>PreRestart</c> threw.</summary>
public class PreRestartException(IActorRef actor, Exception restartException, Exception? cause, object? optionalMessage)
    : ActorInitializationException(actor, $"PreRestart of {actor} failed", restartException)
{
    /// <summary>What made the actor restart.</summary>
    public Exception? RestartCause { get; } = cause;

    public Exception RestartException { get; } = restartException;

    public object? OptionalMessage { get; } = optionalMessage;
}

/// <summary>The constructor or <c>PostRestart</c> of the new instance threw.</summary>
public class PostRestartException(IActorRef actor, Exception cause, Exception originalCause)
    : ActorInitializationException(actor, $"Re-creation of {actor} failed", cause)
{
    /// <summary>What made the actor restart.</summary>
    public Exception OriginalCause { get; } = originalCause;
}

/// <summary>The actor received <see cref="Kill"/>. The default decider stops such an actor.</summary>
public class ActorKilledException : AkkaException
{
    public ActorKilledException() { }

    public ActorKilledException(string message) : base(message) { }
}

/// <summary>An actor did not handle the <see cref="Terminated"/> of an actor that it watched.</summary>
public class DeathPactException(IActorRef deadActor) : AkkaException($"Monitored actor [{deadActor}] terminated")
{
    public IActorRef DeadActor { get; } = deadActor;
}

/// <summary>An <c>Ask</c> got no answer in time.</summary>
public class AskTimeoutException(string message) : AkkaException(message);

/// <summary>An <see cref="ActorSelection"/> resolved to nothing.</summary>
public class ActorNotFoundException : AkkaException
{
    public ActorNotFoundException() { }

    public ActorNotFoundException(string message, Exception? innerException = null) : base(message, innerException) { }
}

/// <summary>The name is not a valid element of an actor path, or its parent has a child of that name already.</summary>
public class InvalidActorNameException : AkkaException
{
    public InvalidActorNameException(string message) : base(message) { }

    public InvalidActorNameException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>A message was null.</summary>
public class InvalidMessageException : AkkaException
{
    public InvalidMessageException() : this("Message is null.") { }

    public InvalidMessageException(string message) : base(message) { }
}

/// <summary>A call that the actor's state does not allow, such as stashing the same message twice.</summary>
public class IllegalActorStateException(string message) : AkkaException(message);

/// <summary>A stash of limited capacity is full.</summary>
public class StashOverflowException(string message, Exception? cause = null) : AkkaException(message, cause);

/// <summary>The scheduler can't take the task, for instance because it has shut down.</summary>
public sealed class SchedulerException(string message) : AkkaException(message);
