using System.Runtime.CompilerServices;
using Akka.Actor;

namespace Akka.Persistence;

/// <summary>
/// What a persistent actor holds from its first unconfirmed event to the end of the last one's handler, and only then: an idle
/// actor has none. Instances are reused by the actors that run on one thread after each other; one that is not idle, of an actor
/// that has restarted or stopped, is not, since its batch may still come back.
/// </summary>
internal sealed class PersistWork
{
    private const int LargestKept = 64;

    [ThreadStatic]
    private static PersistWork? _spare;

    private readonly List<AtomicWrite> _writes = [];
    private readonly Queue<PendingHandler> _pending = [];
    private readonly WriteBatch _batch = new();

    /// <summary>The last sequence number given to an event; those above the actor's last one are unconfirmed.</summary>
    public long AssignedSequenceNr { get; set; }

    /// <summary>The batch that the journal has; null when there is none.</summary>
    public WriteBatch? InFlight { get; set; }

    /// <summary>The batch in flight once it has ended, while it waits for the end of an asynchronous command handler.</summary>
    public WriteBatch? Answered { get; set; }

    /// <summary>The handlers of the batch in flight go on with the mailbox's first message.</summary>
    public bool ContinuesLater { get; set; }

    /// <summary>The actor's commands wait in the mailbox.</summary>
    public bool HoldsCommands { get; set; }

    /// <summary>How many pending handlers no command may overtake.</summary>
    public int Exclusive { get; private set; }

    public bool HasPending => _pending.Count > 0;

    public bool HasWrites => _writes.Count > 0;

    public bool IsIdle => _pending.Count == 0 && InFlight is null && _writes.Count == 0;

    public static PersistWork Rent(long lastSequenceNr)
    {
        var work = _spare ?? new PersistWork();
        _spare = null;
        work.AssignedSequenceNr = lastSequenceNr;
        return work;
    }

    /// <summary>Gives an idle instance back.</summary>
    public void Return()
    {
        _batch.Clear();
        if (_pending.Capacity <= LargestKept && _writes.Capacity <= LargestKept)
            _spare = this;
    }

    public void Add(AtomicWrite write) => _writes.Add(write);

    public void Add(in PendingHandler handler)
    {
        _pending.Enqueue(handler);
        if (handler.IsExclusive)
            Exclusive++;
    }

    /// <summary>Everything that was added since the last batch becomes the next one.</summary>
    public WriteBatch TakeBatch(ActorCell persistentActor)
    {
        _batch.Begin(persistentActor, [.. _writes]);
        _writes.Clear();
        InFlight = _batch;
        return _batch;
    }

    public PendingHandler Oldest => _pending.Peek();

    public void RemoveOldest()
    {
        if (_pending.Dequeue().IsExclusive)
            Exclusive--;
    }
}

/// <summary>A handler that waits for its event to be stored, or, when deferred, only for the handlers before it.</summary>
internal readonly struct PendingHandler(PersistHandler caller, Delegate handler, object @event, MessageNode? command, PersistKind kind)
{
    public object Event => @event;

    /// <summary>The command that the event comes from: its sender is the handler's.</summary>
    public MessageNode? Command => command;

    public bool IsExclusive => kind == PersistKind.Exclusive;

    public bool IsDeferred => kind == PersistKind.Deferred;

    public void Invoke() => caller.Invoke(handler, @event);
}

internal enum PersistKind : byte
{
    /// <summary><c>Persist</c>: no command runs before the handler has.</summary>
    Exclusive,

    /// <summary><c>PersistAsync</c>.</summary>
    Async,

    /// <summary><c>DeferAsync</c>: nothing is stored.</summary>
    Deferred,
}

/// <summary>Calls handlers of one event type; one instance per type, so that a persisted event needs no closure.</summary>
internal abstract class PersistHandler
{
    public abstract void Invoke(Delegate handler, object @event);
}

internal sealed class PersistHandler<TEvent> : PersistHandler
{
    public static readonly PersistHandler<TEvent> Instance = new();

    public override void Invoke(Delegate handler, object @event) => Unsafe.As<Action<TEvent>>(handler)((TEvent)@event);
}
