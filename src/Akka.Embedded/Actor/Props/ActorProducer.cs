using System.Collections.Concurrent;
using System.Reflection;

namespace Akka.Actor;

/// <summary>One way of making an actor.</summary>
internal abstract class ActorProducer
{
    public abstract Type ActorType { get; }

    public virtual object?[] Arguments => [];

    public abstract ActorBase Produce();

    public virtual void Release(ActorBase actor) { }
}

/// <summary>
/// Calls a public constructor, as Akka.NET can call no other. The invoker is looked up once per constructor: a program has few of them and creates millions of
/// actors.
/// </summary>
internal sealed class ConstructorProducer : ActorProducer
{
    private static readonly ConcurrentDictionary<ConstructorInfo, ConstructorInvoker> Invokers = new();
    private static readonly ConcurrentDictionary<Type, ConstructorInvoker?> Parameterless = new();

    private readonly object?[] _arguments;
    private readonly ConstructorInvoker? _invoker;

    public ConstructorProducer(ConstructorInfo constructor, object?[] arguments)
    {
        if (!constructor.IsPublic)
            throw new ArgumentException($"The constructor of {constructor.DeclaringType} must be public", nameof(constructor));
        ActorType = constructor.DeclaringType!;
        _arguments = arguments;
        _invoker = InvokerOf(constructor);
    }

    public ConstructorProducer(Type type, object?[]? arguments)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (!typeof(ActorBase).IsAssignableFrom(type))
            throw new ArgumentException($"{type} is not an actor", nameof(type));
        ActorType = type;
        _arguments = arguments ?? [null];
        if (_arguments.Length == 0)
        {
            _invoker = Parameterless.GetOrAdd(type, static t => t.GetConstructor(Type.EmptyTypes) is { } constructor
                ? InvokerOf(constructor)
                : null);
        }
    }

    public override Type ActorType { get; }

    public override object?[] Arguments => _arguments;

    public override ActorBase Produce()
    {
        try
        {
            var actor = _invoker is not null
                ? _invoker.Invoke(_arguments.AsSpan())
                // Without a known constructor, reflection picks the overload: the arguments alone tell which.
                : Activator.CreateInstance(ActorType, _arguments);
            return (ActorBase)actor!;
        }
        catch (TargetInvocationException e) when (e.InnerException is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerException);
            throw;
        }
    }

    private static ConstructorInvoker InvokerOf(ConstructorInfo constructor) =>
        Invokers.GetOrAdd(constructor, static c => ConstructorInvoker.Create(c));
}

internal sealed class DelegateProducer(Type actorType, Func<ActorBase> factory) : ActorProducer
{
    public override Type ActorType => actorType;

    public override ActorBase Produce() => factory();
}

internal sealed class IndirectProducer(IIndirectActorProducer producer, object?[] arguments) : ActorProducer
{
    public override Type ActorType => producer.ActorType;

    public override object?[] Arguments => arguments;

    public override ActorBase Produce() => producer.Produce();

    public override void Release(ActorBase actor) => producer.Release(actor);
}

internal sealed class UnsetProducer : ActorProducer
{
    public static readonly UnsetProducer Instance = new();

    public override Type ActorType => typeof(ActorBase);

    public override ActorBase Produce() => throw new InvalidOperationException("These props make no actor");
}
