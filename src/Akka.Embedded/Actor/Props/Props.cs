using System.Linq.Expressions;

namespace Akka.Actor;

/// <summary>Makes actors other than by a constructor and its arguments.</summary>
public interface IIndirectActorProducer
{
    Type ActorType { get; }

    ActorBase Produce();

    void Release(ActorBase actor);
}

/// <summary>How an actor is made: immutable, and made anew for every restart.</summary>
public class Props : IEquatable<Props>
{
    /// <summary>Props of no actor.</summary>
    public static readonly Props None = new();

    private readonly ActorProducer _producer;

    public Props(Type type) : this(type, []) { }

    public Props(Type type, object?[] args) : this(new ConstructorProducer(type, args), null) { }

    protected Props() : this(UnsetProducer.Instance, null) { }

    private Props(ActorProducer producer, SupervisorStrategy? supervisorStrategy)
    {
        _producer = producer;
        SupervisorStrategy = supervisorStrategy;
    }

    public Type Type => _producer.ActorType;

    public string TypeName => Type.AssemblyQualifiedName!;

    public object?[] Arguments => _producer.Arguments;

    /// <summary>Overrides the actor's own strategy; null to leave it to the actor.</summary>
    public SupervisorStrategy? SupervisorStrategy { get; }

    /// <summary>
    /// From an expression that is a constructor call. Its arguments are evaluated once, here; a restart passes the same
    /// values again.
    /// </summary>
    /// <exception cref="ArgumentException">The expression is anything else, or the constructor isn't public.</exception>
    public static Props Create<TActor>(Expression<Func<TActor>> factory, SupervisorStrategy? supervisorStrategy = null)
        where TActor : ActorBase
    {
        if (factory.Body is UnaryExpression)
            return new Props(new DelegateProducer(typeof(TActor), factory.Compile()), supervisorStrategy);
        if (factory.Body is not NewExpression { Constructor: not null } call)
            throw new ArgumentException("The expression must be a call of the actor's constructor", nameof(factory));
        return new Props(new ConstructorProducer(call.Constructor, ExpressionArguments.Evaluate(call)), supervisorStrategy);
    }

    public static Props Create<TActor>(params object?[] args)
        where TActor : ActorBase => new(new ConstructorProducer(typeof(TActor), args), null);

    public static Props Create<TActor>(SupervisorStrategy supervisorStrategy)
        where TActor : ActorBase, new() => new(new ConstructorProducer(typeof(TActor), []), supervisorStrategy);

    public static Props Create(Type type, params object?[] args) => new(type, args);

    /// <summary>From a producer, for instance one that asks a container.</summary>
    public static Props CreateBy(IIndirectActorProducer producer, params object?[] args) =>
        new(new IndirectProducer(producer, args), null);

    public Props WithSupervisorStrategy(SupervisorStrategy supervisorStrategy) => new(_producer, supervisorStrategy);

    /// <summary>Makes an instance; only a cell may do so.</summary>
    public virtual ActorBase NewActor() => _producer.Produce();

    public bool Equals(Props? other) =>
        other is not null && (ReferenceEquals(this, other)
            || (GetType() == other.GetType() && Type == other.Type && Arguments.SequenceEqual(other.Arguments)
                && Equals(SupervisorStrategy, other.SupervisorStrategy)));

    public override bool Equals(object? obj) => Equals(obj as Props);

    public override int GetHashCode() => HashCode.Combine(Type, Arguments.Length);

    /// <summary>Nothing but the making of an actor depends on these very props.</summary>
    internal bool OnlyConstructs => SupervisorStrategy is null && _producer is not IndirectProducer;

    internal void Release(ActorBase actor) => _producer.Release(actor);
}
