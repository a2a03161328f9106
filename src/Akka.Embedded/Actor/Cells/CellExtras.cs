namespace Akka.Actor;

/// <summary>
/// The parts of a cell that most actors never use, or use for a while: what has no content is null. Touched by its cell only.
/// </summary>
internal sealed class CellExtras
{
    /// <summary>The behaviours below the current one; null stands for the actor's own.</summary>
    public Stack<Receive?>? Behaviors;

    public ReceiveTimeoutClock? Timeout;

    /// <summary>The child whose escalated failure is the cell's own.</summary>
    public ActorCell? Perpetrator;

    public SupervisorStrategy? Strategy;

    public ActorSynchronizationContext? Tasks;

    /// <summary>The message whose handler is being awaited; user messages are blocked for it.</summary>
    public MessageNode? Awaited;

    // Those whose Terminated is in the mailbox, with the message of WatchWith.
    private Dictionary<IActorRef, object?>? _terminations;

    /// <summary>There is nothing in it, so the cell need not keep it.</summary>
    public bool IsEmpty =>
        (Behaviors ?? Timeout ?? Perpetrator ?? Strategy ?? Tasks ?? Awaited ?? (object?)_terminations) is null;

    /// <summary>A <see cref="Terminated"/> goes to the mailbox, in place of which the actor may want another message.</summary>
    public void QueueTermination(IActorRef subject, object? message) => (_terminations ??= [])[subject] = message;

    /// <summary>False if no <see cref="Terminated"/> of the subject is to be delivered, because it was unwatched meanwhile.</summary>
    public bool TryTakeTermination(IActorRef subject, out object? message)
    {
        message = null;
        if (_terminations?.Remove(subject, out message) != true)
            return false;
        if (_terminations.Count == 0)
            _terminations = null;
        return true;
    }

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
