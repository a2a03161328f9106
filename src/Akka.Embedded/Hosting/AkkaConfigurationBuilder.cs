using System.Collections.Immutable;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.DependencyInjection;
using Akka.Event;
using Akka.Runtime;
using Akka.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Akka.Hosting;

/// <summary>Starts actors and registers them.</summary>
public delegate Task ActorStarter(ActorSystem system, IActorRegistry registry);

/// <inheritdoc cref="ActorStarter"/>
public delegate Task ActorStarterWithResolver(ActorSystem system, IActorRegistry registry, IDependencyResolver resolver);

/// <summary>Runs when all actors have been started.</summary>
public delegate Task StartupTask(ActorSystem system, IActorRegistry registry);

/// <summary>
/// Collects how the host's actor system is made. Starters run one after another in the order of their adding, then the
/// start-up tasks; the host has started when they are done.
/// </summary>
public sealed class AkkaConfigurationBuilder
{
    /// <summary>Given to the system as it is created; at most one of each type.</summary>
    public readonly HashSet<Setup> Setups = [];

    private readonly List<ActorStarterWithResolver> _starters = [];
    private readonly List<StartupTask> _startupTasks = [];
    private readonly List<IExtensionId> _extensions = [];
    private readonly List<(string Name, ImmutableHashSet<Type> BoundTypes, Func<ExtendedActorSystem, Serializer> Factory)> _serializers = [];

    public AkkaConfigurationBuilder(IServiceCollection serviceCollection, string actorSystemName)
    {
        ServiceCollection = serviceCollection;
        ActorSystemName = actorSystemName;
    }

    internal IServiceCollection ServiceCollection { get; }

    internal string ActorSystemName { get; }

    internal LoggerConfigBuilder Loggers { get; } = new();

    public AkkaConfigurationBuilder StartActors(ActorStarterWithResolver starter)
    {
        _starters.Add(starter);
        return this;
    }

    public AkkaConfigurationBuilder StartActors(ActorStarter starter) => StartActors((system, registry, _) => starter(system, registry));

    public AkkaConfigurationBuilder StartActors(Action<ActorSystem, IActorRegistry> starter) =>
        StartActors((system, registry, _) => starter(system, registry));

    public AkkaConfigurationBuilder StartActors(Action<ActorSystem, IActorRegistry, IDependencyResolver> starter) =>
        StartActors((system, registry, resolver) =>
        {
            starter(system, registry, resolver);
            return Task.CompletedTask;
        });

    public AkkaConfigurationBuilder AddStartup(StartupTask startupTask)
    {
        _startupTasks.Add(startupTask);
        return this;
    }

    public AkkaConfigurationBuilder AddStartup(Action<ActorSystem, IActorRegistry> startupTask) => AddStartup((system, registry) =>
    {
        startupTask(system, registry);
        return Task.CompletedTask;
    });

    /// <param name="serializerIdentifier">A name for the serializer.</param>
    /// <param name="boundTypes">The types, with what derives from them, that it is for.</param>
    /// <param name="serializerFactory">Makes it.</param>
    public AkkaConfigurationBuilder WithCustomSerializer(
        string serializerIdentifier, IEnumerable<Type> boundTypes, Func<ExtendedActorSystem, Serializer> serializerFactory)
    {
        _serializers.Add((serializerIdentifier, [.. boundTypes], serializerFactory));
        return this;
    }

    /// <summary>Registers an extension as the system starts.</summary>
    public AkkaConfigurationBuilder WithExtension<T>()
        where T : IExtensionId
    {
        _extensions.Add(Activator.CreateInstance<T>());
        return this;
    }

    internal ActorSystem Build(IServiceProvider services)
    {
        var setup = ActorSystemSetup.Create([.. Setups])
            .And(Loggers.Build(services.GetService<ILoggerFactory>()));
        if (_serializers.Count > 0)
        {
            setup = setup.And(SerializationSetup.Create(system =>
                [.. _serializers.Select(s => SerializerDetails.Create(s.Name, s.Factory(system), s.BoundTypes))]));
        }

        if (!setup.Get<RuntimeSetup>().HasValue && services.GetService<TimeProvider>() is { } time)
            setup = setup.And(new RuntimeSetup { Time = time });
        return ActorSystem.Create(ActorSystemName, setup);
    }

    internal async Task StartAsync(IServiceProvider services)
    {
        var system = services.GetRequiredService<ActorSystem>();
        var registry = ActorRegistry.For(system);
        var resolver = services.GetRequiredService<IDependencyResolver>();
        foreach (var extension in _extensions)
            system.RegisterExtension(extension);
        foreach (var starter in _starters)
            await starter(system, registry, resolver).ConfigureAwait(false);
        foreach (var task in _startupTasks)
            await task(system, registry).ConfigureAwait(false);
    }
}
