namespace Akka.Actor;

/// <summary>
/// What the cells of a tree tell each other. A cell handles system messages before any user message, and while it is
/// suspended. One instance is queued once: it carries the queue's link.
/// </summary>
internal abstract class SystemMessage
{
    public SystemMessage? Next;

    /// <summary>Runs in the receiving cell.</summary>
    public abstract void Invoke(ActorCell cell);

    /// <summary>Runs instead when the receiver has stopped, on any thread.</summary>
    public virtual void Dead(ActorSystemImpl system) { }
}

/// <summary>A lock-free list of system messages, drained whole and in order.</summary>
internal struct SystemQueue
{
    private SystemMessage? _newest;

    public readonly bool IsEmpty => Volatile.Read(in _newest) is null;

    public void Enqueue(SystemMessage message)
    {
        SystemMessage? newest;
        do
        {
            newest = Volatile.Read(ref _newest);
            message.Next = newest;
        }
        while (Interlocked.CompareExchange(ref _newest, message, newest) != newest);
    }

    /// <summary>Takes all, oldest first.</summary>
    public SystemMessage? Drain()
    {
        var message = Interlocked.Exchange(ref _newest, null);
        SystemMessage? oldest = null;
        while (message is not null)
        {
            var next = message.Next;
            message.Next = oldest;
            oldest = message;
            message = next;
        }

        return oldest;
    }
}

internal sealed class Suspend : SystemMessage
{
    public override void Invoke(ActorCell cell) => FaultHandling.Suspend(cell);
}

/// <param name="cause">The failure that is being resumed from; null when an ancestor's was.</param>
internal sealed class Resume(Exception? cause) : SystemMessage
{
    public override void Invoke(ActorCell cell) => FaultHandling.Resume(cell, cause);
}

internal sealed class Recreate(Exception cause) : SystemMessage
{
    public override void Invoke(ActorCell cell) => FaultHandling.Recreate(cell, cause);
}

internal sealed class Terminate : SystemMessage
{
    public override void Invoke(ActorCell cell) => Termination.Begin(cell);
}

/// <summary>A child tells its parent that it has failed and waits, suspended, for the verdict.</summary>
internal sealed class Failed(ActorCell child, Exception cause) : SystemMessage
{
    public ActorCell Child => child;

    public override void Invoke(ActorCell cell) => Supervision.HandleFailure(cell, child, cause);
}

internal sealed class Watch(IInternalActorRef watchee, IInternalActorRef watcher) : SystemMessage
{
    public IInternalActorRef Watchee => watchee;

    public IInternalActorRef Watcher => watcher;

    public override void Invoke(ActorCell cell) => cell.DeathWatch.AddWatcher(watcher);

    public override void Dead(ActorSystemImpl system) =>
        watcher.SendSystemMessage(new DeathWatchNotification(watchee, existenceConfirmed: false, addressTerminated: false));
}

internal sealed class Unwatch(IInternalActorRef watcher) : SystemMessage
{
    public IInternalActorRef Watcher => watcher;

    public override void Invoke(ActorCell cell) => cell.DeathWatch.RemoveWatcher(watcher);
}

/// <summary>The watched actor, or the child, has stopped.</summary>
internal sealed class DeathWatchNotification(IActorRef actor, bool existenceConfirmed, bool addressTerminated) : SystemMessage
{
    public IActorRef Actor => actor;

    public bool ExistenceConfirmed => existenceConfirmed;

    public bool AddressTerminated => addressTerminated;

    public override void Invoke(ActorCell cell) => Termination.OnDeath(cell, this);
}
