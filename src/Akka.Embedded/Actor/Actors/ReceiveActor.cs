namespace Akka.Actor;

/// <summary>
/// An actor that declares a handler per message type. Handlers are tried in the order of their declaration; the first
/// that accepts the message handles it.
/// </summary>
/// <remarks>
/// An instance holds only its delegates; the types they stand for, and the way from a message's type to them, are in a
/// <see cref="HandlerShape"/> that all instances with the same sequence of declarations share.
/// </remarks>
public abstract class ReceiveActor : UntypedActor
{
    private HandlerTable _handlers = HandlerTable.Empty;
    private bool _declaring = true;

    /// <summary>Replaces the behaviour with what <paramref name="configure"/> declares.</summary>
    protected void Become(Action configure) => Cell.Become(Declare(configure).Handle);

    /// <summary>Puts what <paramref name="configure"/> declares on top of the current behaviour.</summary>
    protected void BecomeStacked(Action configure) => Cell.BecomeStacked(Declare(configure).Handle);

    protected void Receive<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        Add(shouldHandle is null ? ActionHandler<T>.Instance : GuardedHandler<T>.Instance, handler, shouldHandle);

    protected void Receive<T>(Predicate<T> shouldHandle, Action<T> handler) => Receive(handler, shouldHandle);

    protected void Receive<T>(Func<T, bool> handler) => Add(PredicateHandler<T>.Instance, handler);

    protected void Receive(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
        Add(TypedHandler.For(messageType), UntypedHandlers.From(handler, shouldHandle));

    protected void Receive(Type messageType, Predicate<object> shouldHandle, Action<object> handler) =>
        Receive(messageType, handler, shouldHandle);

    protected void Receive(Type messageType, Func<object, bool> handler) => Add(TypedHandler.For(messageType), handler);

    /// <summary>Handles whatever nothing declared before handles; nothing can be declared after it.</summary>
    protected void ReceiveAny(Action<object> handler) => Add(AnyHandler.Instance, handler);

    /// <summary>The next message waits until the handler's task is done; an exception goes to the supervisor.</summary>
    protected void ReceiveAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null) =>
        Add(shouldHandle is null ? AsyncHandler<T>.Instance : GuardedAsyncHandler<T>.Instance, handler, shouldHandle);

    protected void ReceiveAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) => ReceiveAsync(handler, shouldHandle);

    protected void ReceiveAsync(Type messageType, Func<object, Task> handler, Predicate<object>? shouldHandle = null) =>
        Add(TypedHandler.For(messageType), UntypedHandlers.From(handler, shouldHandle));

    protected void ReceiveAsync(Type messageType, Predicate<object> shouldHandle, Func<object, Task> handler) =>
        ReceiveAsync(messageType, handler, shouldHandle);

    protected void ReceiveAnyAsync(Func<object, Task> handler) => Add(AnyAsyncHandler.Instance, handler);

    protected sealed override bool Receive(object message) => _handlers.Handle(message);

    protected sealed override void OnReceive(object message) => throw new NotSupportedException();

    internal override void Initialized()
    {
        _declaring = false;
        base.Initialized();
    }

    private HandlerTable Declare(Action configure)
    {
        var (outer, wasDeclaring) = (_handlers, _declaring);
        (_handlers, _declaring) = (HandlerTable.Empty, true);
        try
        {
            configure();
            return _handlers;
        }
        finally
        {
            (_handlers, _declaring) = (outer, wasDeclaring);
        }
    }

    private void Add(Handler handler, Delegate action, Delegate? guard = null)
    {
        if (!_declaring)
            throw new InvalidOperationException("Handlers are declared in the constructor or inside Become only");
        ArgumentNullException.ThrowIfNull(action);
        _handlers = _handlers.Add(handler, guard is null ? action : new Guarded(action, guard));
    }
}
