using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Tools.Singleton;

namespace Akka.Cluster.Sharding;

/// <summary>Creates a system's <see cref="ClusterSharding"/>.</summary>
public sealed class ClusterShardingExtensionProvider : ExtensionIdProvider<ClusterSharding>
{
    public override ClusterSharding CreateExtension(ExtendedActorSystem system) => new(system);
}

/// <summary>
/// Actors, called entities, that are addressed by type and id, wherever they run: they are created with their first message, and
/// there is one of each. Thread-safe.
/// </summary>
/// <remarks>In a system without a <see cref="ClusterSetup"/> all of them run in that system.</remarks>
public class ClusterSharding : IExtension
{
    private static readonly ClusterShardingExtensionProvider Provider = new();

    private readonly ActorSystemImpl _system;
    private readonly ActorCell _guardian;
    private readonly ConcurrentDictionary<string, Lazy<ShardRegion>> _regions = new();
    private readonly ConcurrentDictionary<string, Lazy<ShardRegion>> _proxies = new();

    // Null without a cluster.
    private readonly Cluster? _cluster;
    private readonly ICoordinatorStore? _store;

    public ClusterSharding(ExtendedActorSystem system)
    {
        _system = (ActorSystemImpl)system;
        _cluster = system.Settings.Setup.Get<ClusterSetup>().HasValue ? Cluster.Get(system) : null;
        if (_cluster is not null)
            _store = StoreOf(system);
        _guardian = (ActorCell)system.SystemActorOf(Props.Create<ShardingGuardian>(), "sharding");
        Settings = ClusterShardingSettings.Create(system);
        CoordinatedShutdown.Get(system).AddTask(
            CoordinatedShutdown.PhaseClusterShardingShutdownRegion, "region-shutdown", ShutDownRegionsAsync);
    }

    /// <summary>The system's default settings.</summary>
    public ClusterShardingSettings Settings { get; }

    /// <summary>The types that have been started.</summary>
    public ImmutableHashSet<string> ShardTypeNames => [.. _regions.Keys];

    public static ClusterSharding Get(ActorSystem system) => Provider.Apply(system);

    /// <summary>The strategy of types that are started without one.</summary>
    public IShardAllocationStrategy DefaultShardAllocationStrategy(ClusterShardingSettings settings) =>
        ShardAllocationStrategy.LeastShardAllocationStrategy(
            settings.TuningParameters.LeastShardAllocationAbsoluteLimit, settings.TuningParameters.LeastShardAllocationRelativeLimit);

    /// <summary>
    /// Starts the region of a type; a type that has been started before keeps its first settings. On a node that lacks the settings' role it
    /// is a proxy.
    /// </summary>
    /// <param name="typeName">The type of the entities.</param>
    /// <param name="entityProps">How an entity is made.</param>
    /// <param name="settings">How the region behaves; the same on every node.</param>
    /// <param name="messageExtractor">How a message tells its entity; the same on every node.</param>
    /// <returns>The region: messages told to it reach their entities.</returns>
    public IActorRef Start(string typeName, Props entityProps, ClusterShardingSettings settings, IMessageExtractor messageExtractor) =>
        Start(typeName, _ => entityProps, settings, messageExtractor);

    /// <inheritdoc cref="Start(string,Props,ClusterShardingSettings,IMessageExtractor)"/>
    /// <param name="entityPropsFactory">How the entity of an id is made; asked again when it restarts.</param>
    public IActorRef Start(
        string typeName, Func<string, Props> entityPropsFactory, ClusterShardingSettings settings, IMessageExtractor messageExtractor) =>
        Start(typeName, entityPropsFactory, settings, messageExtractor, PoisonPill.Instance);

    /// <inheritdoc cref="Start(string,Props,ClusterShardingSettings,IMessageExtractor)"/>
    /// <param name="allocationStrategy">Decides on which node a shard lives.</param>
    /// <param name="handOffStopMessage">What stops an entity that is idle or handed off: it must stop itself on it.</param>
    public IActorRef Start(
        string typeName,
        Props entityProps,
        ClusterShardingSettings settings,
        IMessageExtractor messageExtractor,
        IShardAllocationStrategy allocationStrategy,
        object handOffStopMessage) =>
        Start(typeName, _ => entityProps, settings, messageExtractor, allocationStrategy, handOffStopMessage);

    /// <inheritdoc cref="Start(string,Props,ClusterShardingSettings,IMessageExtractor,IShardAllocationStrategy,object)"/>
    /// <param name="entityPropsFactory">How the entity of an id is made; asked again when it restarts.</param>
    public IActorRef Start(
        string typeName,
        Func<string, Props> entityPropsFactory,
        ClusterShardingSettings settings,
        IMessageExtractor messageExtractor,
        IShardAllocationStrategy allocationStrategy,
        object handOffStopMessage)
    {
        ArgumentException.ThrowIfNullOrEmpty(typeName);
        ArgumentNullException.ThrowIfNull(entityPropsFactory);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(messageExtractor);
        ArgumentNullException.ThrowIfNull(allocationStrategy);
        ArgumentNullException.ThrowIfNull(handOffStopMessage);
        if (_cluster is not null && !settings.ShouldHostShard(_cluster))
            return StartProxy(typeName, settings.Role, messageExtractor);
        var start = new ShardRegionStart(typeName, entityPropsFactory, settings, messageExtractor, handOffStopMessage);
        return _regions.GetOrAdd(typeName, _ => new Lazy<ShardRegion>(() =>
        {
            if (_cluster is not null)
                StartCoordinator(typeName, settings, allocationStrategy);
            return StartRegion(start);
        })).Value.Ref;
    }

    /// <inheritdoc cref="Start(string,Props,ClusterShardingSettings,IMessageExtractor)"/>
    public Task<IActorRef> StartAsync(
        string typeName, Props entityProps, ClusterShardingSettings settings, IMessageExtractor messageExtractor) =>
        Task.FromResult(Start(typeName, entityProps, settings, messageExtractor));

    /// <inheritdoc cref="Start(string,Func{string,Props},ClusterShardingSettings,IMessageExtractor)"/>
    public Task<IActorRef> StartAsync(
        string typeName, Func<string, Props> entityPropsFactory, ClusterShardingSettings settings, IMessageExtractor messageExtractor) =>
        Task.FromResult(Start(typeName, entityPropsFactory, settings, messageExtractor));

    /// <inheritdoc cref="Start(string,Props,ClusterShardingSettings,IMessageExtractor,IShardAllocationStrategy,object)"/>
    public Task<IActorRef> StartAsync(
        string typeName,
        Props entityProps,
        ClusterShardingSettings settings,
        IMessageExtractor messageExtractor,
        IShardAllocationStrategy allocationStrategy,
        object handOffStopMessage) =>
        Task.FromResult(Start(typeName, entityProps, settings, messageExtractor, allocationStrategy, handOffStopMessage));

    /// <inheritdoc cref="Start(string,Func{string,Props},ClusterShardingSettings,IMessageExtractor,IShardAllocationStrategy,object)"/>
    public Task<IActorRef> StartAsync(
        string typeName,
        Func<string, Props> entityPropsFactory,
        ClusterShardingSettings settings,
        IMessageExtractor messageExtractor,
        IShardAllocationStrategy allocationStrategy,
        object handOffStopMessage) =>
        Task.FromResult(Start(typeName, entityPropsFactory, settings, messageExtractor, allocationStrategy, handOffStopMessage));

    /// <summary>Starts a way to entities of a type that run on other nodes only.</summary>
    /// <param name="typeName">The type of the entities.</param>
    /// <param name="role">Of the nodes that run them; null for all.</param>
    /// <param name="messageExtractor">How a message tells its entity; the same on every node.</param>
    /// <exception cref="InvalidOperationException">The system is in no cluster: there are no other nodes.</exception>
    public IActorRef StartProxy(string typeName, string? role, IMessageExtractor messageExtractor)
    {
        ArgumentException.ThrowIfNullOrEmpty(typeName);
        ArgumentNullException.ThrowIfNull(messageExtractor);
        if (_cluster is null)
            throw new InvalidOperationException($"A proxy of shard type [{typeName}] needs a cluster: the system has no ClusterSetup.");
        var start = new ShardRegionStart(typeName, null, Settings.WithRole(role), messageExtractor, PoisonPill.Instance);
        return _proxies.GetOrAdd(typeName, _ => new Lazy<ShardRegion>(() => StartRegion(start))).Value.Ref;
    }

    /// <inheritdoc cref="StartProxy"/>
    public Task<IActorRef> StartProxyAsync(string typeName, string? role, IMessageExtractor messageExtractor) =>
        Task.FromResult(StartProxy(typeName, role, messageExtractor));

    /// <summary>The region of a type, or its proxy if this node has no region of it.</summary>
    /// <exception cref="ArgumentException">The type has not been started.</exception>
    public IActorRef ShardRegion(string typeName) =>
        _regions.TryGetValue(typeName, out var region) || _proxies.TryGetValue(typeName, out region)
            ? region.Value.Ref
            : throw new ArgumentException($"Shard type [{typeName}] must be started first.", nameof(typeName));

    /// <summary>The proxy of a type.</summary>
    /// <exception cref="ArgumentException">No proxy of the type has been started.</exception>
    public IActorRef ShardRegionProxy(string typeName) =>
        _proxies.TryGetValue(typeName, out var proxy)
            ? proxy.Value.Ref
            : throw new ArgumentException($"A proxy of shard type [{typeName}] must be started first.", nameof(typeName));

    /// <param name="handOffStopMessage">What stops an entity that is idle or handed off.</param>
    internal IActorRef Start(
        string typeName,
        Func<string, Props> entityPropsFactory,
        ClusterShardingSettings settings,
        IMessageExtractor messageExtractor,
        object handOffStopMessage) =>
        Start(typeName, entityPropsFactory, settings, messageExtractor, DefaultShardAllocationStrategy(settings), handOffStopMessage);

    private ShardRegion StartRegion(ShardRegionStart start) => _cluster is null
        ? new ShardRegion(_system, _guardian, start, static region => new ShardRegionActor(region), ownsAllShards: true)
        : new ShardRegion(_system, _guardian, start, static region => new ClusterRegionActor(region), ownsAllShards: false);

    private void StartCoordinator(string typeName, ClusterShardingSettings settings, IShardAllocationStrategy strategy)
    {
        var singleton = settings.CoordinatorSingletonSettings.WithSingletonName(CoordinatorPath.Singleton).WithRole(settings.Role);
        var coordinator = ShardCoordinator.Props(typeName, settings, strategy, _store!.Props(typeName, settings));
        _guardian.ActorOf(ClusterSingletonManager.Props(coordinator, singleton), CoordinatorPath.ManagerName(typeName));
    }

    private static ICoordinatorStore StoreOf(ExtendedActorSystem system)
    {
        if (system.Settings.Setup.Get<CoordinatorStoreSetup>() is { HasValue: true } setup)
            return setup.Value.Store;
        // Every node has to keep a copy, not only that of the coordinator.
        DistributedData.DistributedData.Get(system);
        return new DistributedDataCoordinatorStore();
    }

    private async Task<Done> ShutDownRegionsAsync()
    {
        var regions = _regions.Values.Concat(_proxies.Values).Select(region => region.Value).ToList();
        foreach (var region in regions)
            region.Ref.Tell(GracefulShutdown.Instance, ActorRefs.NoSender);

        await Task.WhenAll(regions.Select(region => region.WhenStopped)).ConfigureAwait(false);
        return Done.Instance;
    }

    /// <summary>The parent of all regions and coordinators.</summary>
    private sealed class ShardingGuardian : ActorBase
    {
        protected override bool Receive(object message) => false;
    }
}
