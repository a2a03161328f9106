using Akka.Actor;
using Microsoft.Extensions.DependencyInjection;

namespace Akka.DependencyInjection;

/// <summary>Makes actors whose constructors take services of the host's.</summary>
public interface IDependencyResolver
{
    object? GetService(Type type);

    T? GetService<T>();

    /// <summary>Props of an actor; constructor parameters that <paramref name="args"/> doesn't give come from the host.</summary>
    Props Props(Type type, params object[] args);

    /// <inheritdoc cref="Props(Type, object[])"/>
    Props Props<T>(params object[] args)
        where T : ActorBase;
}

internal sealed class ServiceProviderDependencyResolver(IServiceProvider services) : IDependencyResolver
{
    public object? GetService(Type type) => services.GetService(type);

    public T? GetService<T>() => services.GetService<T>();

    public Props Props(Type type, params object[] args) =>
        Actor.Props.CreateBy(new ServiceActorProducer(services, ActivatorUtilities.CreateFactory(type, Types(args)), type, args), args);

    public Props Props<T>(params object[] args)
        where T : ActorBase => Props(typeof(T), args);

    private static Type[] Types(object[] args) => [.. args.Select(static arg => arg.GetType())];

    private sealed class ServiceActorProducer(IServiceProvider services, ObjectFactory factory, Type actorType, object[] args)
        : IIndirectActorProducer
    {
        public Type ActorType => actorType;

        public ActorBase Produce() => (ActorBase)factory(services, args);

        public void Release(ActorBase actor) { }
    }
}
