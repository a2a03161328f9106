using System.Runtime.CompilerServices;
using Akka.Actor;

namespace Akka.Persistence;

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
