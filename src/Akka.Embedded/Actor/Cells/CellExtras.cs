namespace Akka.Actor;

/// <summary>The parts of a cell that most actors never use. Touched by its cell only.</summary>
internal sealed class CellExtras
{
    /// <summary>The behaviours below the current one; null stands for the actor's own.</summary>
    public Stack<Receive?>? Behaviors;

    public ReceiveTimeoutClock? Timeout;

    /// <summary>Those whose <see cref="Terminated"/> is in the mailbox, with the message of <c>WatchWith</c>.</summary>
    public Dictionary<IActorRef, object?>? QueuedTerminations;

    /// <summary>The child whose escalated failure is the cell's own.</summary>
    public ActorCell? Perpetrator;

    public SupervisorStrategy? Strategy;

    public ActorSynchronizationContext? Tasks;

    /// <summary>The message whose handler is being awaited; user messages are blocked for it.</summary>
    public MessageNode? Awaited;

    /// <summary>Forgets what belongs to the instance; true when a handler was being awaited.</summary>
    public bool ClearActor()
    {
        var wasAwaiting = Awaited is not null;
        Behaviors = null;
        Strategy = null;
        Tasks = null;
        Awaited = null;
        return wasAwaiting;
    }
}
