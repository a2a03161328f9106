using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Akka.Actor;

/// <summary>A delegate together with the predicate that must agree before it runs.</summary>
internal sealed record Guarded(Delegate Action, Delegate Guard);

/// <summary>
/// Knows how to call one kind of handler for one type of message; there is a single instance per kind and type, so the
/// message path has a virtual call and no reflection. The caller has checked the message's type.
/// </summary>
internal abstract class Handler
{
    public abstract Type MessageType { get; }

    public virtual bool CatchesAll => false;

    public abstract bool Invoke(object action, object message);
}

internal abstract class Handler<T> : Handler
{
    public sealed override Type MessageType => typeof(T);

    // Receive<object> without a predicate catches all, as ReceiveAny does.
    public override bool CatchesAll => typeof(T) == typeof(object);
}

internal sealed class ActionHandler<T> : Handler<T>
{
    public static readonly ActionHandler<T> Instance = new();

    public override bool Invoke(object action, object message)
    {
        Unsafe.As<Action<T>>(action)((T)message);
        return true;
    }
}

internal sealed class GuardedHandler<T> : Handler<T>
{
    public static readonly GuardedHandler<T> Instance = new();

    public override bool CatchesAll => false;

    public override bool Invoke(object action, object message)
    {
        var guarded = Unsafe.As<Guarded>(action);
        var typed = (T)message;
        if (!Unsafe.As<Predicate<T>>(guarded.Guard)(typed))
            return false;
        Unsafe.As<Action<T>>(guarded.Action)(typed);
        return true;
    }
}

internal sealed class PredicateHandler<T> : Handler<T>
{
    public static readonly PredicateHandler<T> Instance = new();

    public override bool CatchesAll => false;

    public override bool Invoke(object action, object message) => Unsafe.As<Func<T, bool>>(action)((T)message);
}

internal sealed class AsyncHandler<T> : Handler<T>
{
    public static readonly AsyncHandler<T> Instance = new();

    public override bool Invoke(object action, object message)
    {
        ActorCell.Current!.RunTask(static (state, m) => Unsafe.As<Func<T, Task>>(state)((T)m), action, message);
        return true;
    }
}

internal sealed class GuardedAsyncHandler<T> : Handler<T>
{
    public static readonly GuardedAsyncHandler<T> Instance = new();

    public override bool CatchesAll => false;

    public override bool Invoke(object action, object message)
    {
        var guarded = Unsafe.As<Guarded>(action);
        return Unsafe.As<Predicate<T>>(guarded.Guard)((T)message) && AsyncHandler<T>.Instance.Invoke(guarded.Action, message);
    }
}

internal sealed class AnyHandler : Handler<object>
{
    public static readonly AnyHandler Instance = new();

    public override bool Invoke(object action, object message)
    {
        Unsafe.As<Action<object>>(action)(message);
        return true;
    }
}

internal sealed class AnyAsyncHandler : Handler<object>
{
    public static readonly AnyAsyncHandler Instance = new();

    public override bool Invoke(object action, object message) => AsyncHandler<object>.Instance.Invoke(action, message);
}

/// <summary>A handler whose type is known only at run time; its delegate is a <c>Func&lt;object, bool&gt;</c>.</summary>
internal sealed class TypedHandler : Handler
{
    private static readonly ConcurrentDictionary<Type, TypedHandler> Known = new();

    private TypedHandler(Type messageType) => MessageType = messageType;

    public override Type MessageType { get; }

    public static TypedHandler For(Type messageType) => Known.GetOrAdd(messageType, static type => new TypedHandler(type));

    public override bool Invoke(object action, object message) => Unsafe.As<Func<object, bool>>(action)(message);
}

/// <summary>Brings the untyped kinds of handler to the one form that <see cref="TypedHandler"/> calls.</summary>
internal static class UntypedHandlers
{
    public static Func<object, bool> From(Action<object> handler, Predicate<object>? shouldHandle)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return message =>
        {
            if (shouldHandle is not null && !shouldHandle(message))
                return false;
            handler(message);
            return true;
        };
    }

    public static Func<object, bool> From(Func<object, Task> handler, Predicate<object>? shouldHandle)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return message =>
            (shouldHandle is null || shouldHandle(message)) && AsyncHandler<object>.Instance.Invoke(handler, message);
    }
}
