namespace Akka.Actor;

/// <summary>
/// The base of every actor. One thread at a time runs an instance; what it holds needs no lock as long as nothing else
/// holds it.
/// </summary>
public abstract class ActorBase
{
    private readonly ActorCell _cell;

    protected ActorBase()
    {
        // Only the cell that is creating an actor may run the constructor: elsewhere there is no context to give it.
        _cell = ActorCell.Current is { IsCreating: true } cell
            ? cell
            : throw new ActorInitializationException(
                $"[{GetType()}] is an actor: give its Props to ActorOf, its constructor can't be called from elsewhere");
    }

    /// <summary>A behaviour that handles nothing.</summary>
    protected static Receive EmptyReceive { get; } = static _ => false;

    /// <summary>The context of the actor that runs on this thread.</summary>
    /// <exception cref="NotSupportedException">No actor runs on this thread.</exception>
    protected static IActorContext Context => ActorCell.Current ?? throw NoContext();

    protected IActorRef Self => _cell;

    protected IActorRef Sender => _cell.Sender;

    internal ActorCell Cell => _cell;

    /// <summary>Handles a message; false makes it <see cref="Unhandled"/>.</summary>
    protected abstract bool Receive(object message);

    /// <summary>Wraps the handling of every message. A null <paramref name="receive"/> stands for the actor's own
    /// <see cref="Receive"/>.</summary>
    protected virtual bool AroundReceive(Receive receive, object message)
    {
        // The runtime passes null, so that an actor without Become costs no delegate of its own.
        var handled = receive is null ? Receive(message) : receive(message);
        if (!handled)
            Unhandled(message);
        return handled;
    }

    public virtual void AroundPreStart() => PreStart();

    public virtual void AroundPostStop() => PostStop();

    public virtual void AroundPreRestart(Exception cause, object message) => PreRestart(cause, message);

    public virtual void AroundPostRestart(Exception cause, object message) => PostRestart(cause);

    /// <summary>Runs before the first message.</summary>
    protected virtual void PreStart() { }

    /// <summary>Runs after the last message; the children have stopped.</summary>
    protected virtual void PostStop() { }

    /// <summary>Runs in the failed instance. By default stops the children and calls <see cref="PostStop"/>.</summary>
    protected virtual void PreRestart(Exception reason, object message)
    {
        foreach (var child in _cell.GetChildren())
        {
            _cell.Unwatch(child);
            _cell.Stop(child);
        }

        PostStop();
    }

    /// <summary>Runs in the new instance. By default calls <see cref="PreStart"/>.</summary>
    protected virtual void PostRestart(Exception reason) => PreStart();

    /// <summary>Takes a message that nothing handled: throws for <see cref="Terminated"/>, otherwise publishes it.</summary>
    protected virtual void Unhandled(object message)
    {
        if (message is Terminated terminated)
            throw new DeathPactException(terminated.ActorRef);
        _cell.SystemImpl.EventStream.Publish(new Event.UnhandledMessage(message, Sender, Self));
    }

    /// <summary>How this actor treats the failures of its children.</summary>
    protected virtual SupervisorStrategy SupervisorStrategy() => Actor.SupervisorStrategy.DefaultStrategy;

    protected void Become(Receive receive) => _cell.Become(receive);

    protected void BecomeStacked(Receive receive) => _cell.BecomeStacked(receive);

    protected void UnbecomeStacked() => _cell.UnbecomeStacked();

    protected void SetReceiveTimeout(TimeSpan? timeout) => _cell.SetReceiveTimeout(timeout);

    /// <summary>
    /// The one way by which the cell hands a message to the actor; a persistent actor overrides it to stand before
    /// <see cref="AroundReceive"/>. A null <paramref name="behavior"/> is the actor's own <see cref="Receive"/>.
    /// </summary>
    internal virtual void Deliver(Receive? behavior, object message)
    {
        if (behavior is null && _cell.WrapsReceive)
            behavior = Receive;
        AroundReceive(behavior!, message);
    }

    /// <summary>Runs when the constructor is done and the runtime has injected what it injects.</summary>
    internal virtual void Initialized() { }

    /// <summary>A child begins to stop. Runs on the child's thread, beside whatever this actor does.</summary>
    internal virtual void ChildStopping(ActorCell child) { }

    /// <summary>A child has stopped and its name is free.</summary>
    internal virtual void ChildStopped(ActorCell child) { }

    internal SupervisorStrategy GetSupervisorStrategy() => SupervisorStrategy();

    private static NotSupportedException NoContext() =>
        new("No actor runs on this thread: a context may be used only while its actor handles a message");
}
