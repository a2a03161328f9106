using System.Runtime.CompilerServices;
using Akka.Actor;

namespace Akka.Persistence;

/// <summary>
/// A persistent actor that declares a handler per type of command and of event. Handlers are tried in the order of their
/// declaration. The handlers of events are dropped once the actor has recovered.
/// </summary>
public abstract class ReceivePersistentActor : UntypedPersistentActor
{
    private HandlerTable _commands = HandlerTable.Empty;
    private HandlerTable? _events = HandlerTable.Empty;
    private bool _declaring = true;

    protected void Become(Action configure) => Cell.Become(Declare(configure).Handle);

    protected void BecomeStacked(Action configure) => Cell.BecomeStacked(Declare(configure).Handle);

    protected void Command<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        AddCommand(shouldHandle is null ? ActionHandler<T>.Instance : GuardedHandler<T>.Instance, handler, shouldHandle);

    protected void Command<T>(Predicate<T> shouldHandle, Action<T> handler) => Command(handler, shouldHandle);

    protected void Command(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
        AddCommand(TypedHandler.For(messageType), UntypedHandlers.From(handler, shouldHandle));

    protected void Command(Type messageType, Predicate<object> shouldHandle, Action<object> handler) =>
        Command(messageType, handler, shouldHandle);

    protected void Command<T>(Func<T, bool> handler) => AddCommand(PredicateHandler<T>.Instance, handler);

    protected void Command(Type messageType, Func<object, bool> handler) => AddCommand(TypedHandler.For(messageType), handler);

    /// <summary>Handles whatever no handler declared before accepts.</summary>
    protected void Command(Action<object> handler) => CommandAny(handler);

    /// <summary>Handles whatever no handler declared before accepts.</summary>
    protected void CommandAny(Action<object> handler) => AddCommand(AnyHandler.Instance, handler);

    /// <summary>The next command, and handlers of events, wait until the handler's task is done.</summary>
    protected void CommandAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null) =>
        AddCommand(
            shouldHandle is null ? PersistentAsyncHandler<T>.Instance : GuardedPersistentAsyncHandler<T>.Instance, handler, shouldHandle);

    protected void CommandAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) => CommandAsync(handler, shouldHandle);

    protected void CommandAsync(Type messageType, Func<object, Task> handler, Predicate<object>? shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Func<object, bool> untyped = message =>
            (shouldHandle is null || shouldHandle(message)) && PersistentAsyncHandler<object>.Instance.Invoke(handler, message);
        AddCommand(TypedHandler.For(messageType), untyped);
    }

    protected void CommandAsync(Type messageType, Predicate<object> shouldHandle, Func<object, Task> handler) =>
        CommandAsync(messageType, handler, shouldHandle);

    protected void CommandAnyAsync(Func<object, Task> handler) => AddCommand(PersistentAsyncHandler<object>.Instance, handler);

    protected void Recover<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        AddEvent(shouldHandle is null ? ActionHandler<T>.Instance : GuardedHandler<T>.Instance, handler, shouldHandle);

    protected void Recover<T>(Predicate<T> shouldHandle, Action<T> handler) => Recover(handler, shouldHandle);

    protected void Recover(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
        AddEvent(TypedHandler.For(messageType), UntypedHandlers.From(handler, shouldHandle));

    protected void Recover(Type messageType, Predicate<object> shouldHandle, Action<object> handler) =>
        Recover(messageType, handler, shouldHandle);

    protected void Recover<T>(Func<T, bool> handler) => AddEvent(PredicateHandler<T>.Instance, handler);

    protected void Recover(Type messageType, Func<object, bool> handler) => AddEvent(TypedHandler.For(messageType), handler);

    /// <summary>Handles whatever no handler declared before accepts.</summary>
    protected void RecoverAny(Action<object> handler) => AddEvent(AnyHandler.Instance, handler);

    protected override void OnCommand(object message)
    {
        if (!_commands.Handle(message))
            Unhandled(message);
    }

    protected override void OnRecover(object message)
    {
        if (_events?.Handle(message) != true)
            Unhandled(message);
    }

    internal override void Initialized()
    {
        _declaring = false;
        base.Initialized();
    }

    internal override void Recovered()
    {
        _events = null;
        base.Recovered();
    }

    private HandlerTable Declare(Action configure)
    {
        var (commands, events, wasDeclaring) = (_commands, _events, _declaring);
        (_commands, _events, _declaring) = (HandlerTable.Empty, HandlerTable.Empty, true);
        try
        {
            configure();
            return _commands;
        }
        finally
        {
            (_commands, _events, _declaring) = (commands, events, wasDeclaring);
        }
    }

    private void AddCommand(Handler handler, Delegate action, Delegate? guard = null)
    {
        EnsureDeclaring("Command");
        ArgumentNullException.ThrowIfNull(action);
        _commands = _commands.Add(handler, guard is null ? action : new Guarded(action, guard));
    }

    private void AddEvent(Handler handler, Delegate action, Delegate? guard = null)
    {
        EnsureDeclaring("Recover");
        ArgumentNullException.ThrowIfNull(action);
        _events = _events!.Add(handler, guard is null ? action : new Guarded(action, guard));
    }

    private void EnsureDeclaring(string method)
    {
        if (!_declaring)
        {
            throw new InvalidOperationException(
                $"You may only call {method}-methods when constructing the actor and inside Become().");
        }
    }
}

/// <summary>Calls an asynchronous command handler, and settles what it has persisted when it is done.</summary>
internal sealed class PersistentAsyncHandler<T> : Handler<T>
{
    public static readonly PersistentAsyncHandler<T> Instance = new();

    public override bool Invoke(object action, object message)
    {
        ActorCell.Current!.RunTask(
            static (state, m) => ((Eventsourced)ActorCell.Current!.Actor!).RunToEndAsync(Unsafe.As<Func<T, Task>>(state)((T)m)),
            action,
            message);
        return true;
    }
}

internal sealed class GuardedPersistentAsyncHandler<T> : Handler<T>
{
    public static readonly GuardedPersistentAsyncHandler<T> Instance = new();

    public override bool CatchesAll => false;

    public override bool Invoke(object action, object message)
    {
        var guarded = Unsafe.As<Guarded>(action);
        return Unsafe.As<Predicate<T>>(guarded.Guard)((T)message)
            && PersistentAsyncHandler<T>.Instance.Invoke(guarded.Action, message);
    }
}
