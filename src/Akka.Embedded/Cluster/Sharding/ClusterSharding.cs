using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;

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
public class ClusterSharding : IExtension
{
    private static readonly ClusterShardingExtensionProvider Provider = new();

    private readonly ActorSystemImpl _system;
    private readonly ActorCell _guardian;
    private readonly ConcurrentDictionary<string, Lazy<ShardRegion>> _regions = new();

    public ClusterSharding(ExtendedActorSystem system)
    {
        _system = (ActorSystemImpl)system;
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

    /// <summary>Starts the region of a type; a type that has been started before keeps its first settings.</summary>
    /// <param name="typeName">The type of the entities.</param>
    /// <param name="entityProps">How an entity is made.</param>
    /// <param name="settings">How the region behaves.</param>
    /// <param name="messageExtractor">How a message tells its entity.</param>
    /// <returns>The region: messages told to it reach their entities.</returns>
    public IActorRef Start(string typeName, Props entityProps, ClusterShardingSettings settings, IMessageExtractor messageExtractor) =>
        Start(typeName, _ => entityProps, settings, messageExtractor);

    /// <inheritdoc cref="Start(string,Props,ClusterShardingSettings,IMessageExtractor)"/>
    /// <param name="entityPropsFactory">How the entity of an id is made; asked again when it restarts.</param>
    public IActorRef Start(
        string typeName, Func<string, Props> entityPropsFactory, ClusterShardingSettings settings, IMessageExtractor messageExtractor) =>
        Start(typeName, entityPropsFactory, settings, messageExtractor, PoisonPill.Instance);

    /// <inheritdoc cref="Start(string,Props,ClusterShardingSettings,IMessageExtractor)"/>
    public Task<IActorRef> StartAsync(
        string typeName, Props entityProps, ClusterShardingSettings settings, IMessageExtractor messageExtractor) =>
        Task.FromResult(Start(typeName, entityProps, settings, messageExtractor));

    /// <inheritdoc cref="Start(string,Func{string,Props},ClusterShardingSettings,IMessageExtractor)"/>
    public Task<IActorRef> StartAsync(
        string typeName, Func<string, Props> entityPropsFactory, ClusterShardingSettings settings, IMessageExtractor messageExtractor) =>
        Task.FromResult(Start(typeName, entityPropsFactory, settings, messageExtractor));

    /// <summary>The region of a type.</summary>
    /// <exception cref="ArgumentException">The type has not been started.</exception>
    public IActorRef ShardRegion(string typeName) =>
        _regions.TryGetValue(typeName, out var region)
            ? region.Value.Ref
            : throw new ArgumentException($"Shard type [{typeName}] must be started first.", nameof(typeName));

    /// <param name="handOffStopMessage">What stops an entity that is idle or handed off.</param>
    internal IActorRef Start(
        string typeName,
        Func<string, Props> entityPropsFactory,
        ClusterShardingSettings settings,
        IMessageExtractor messageExtractor,
        object handOffStopMessage)
    {
        ArgumentException.ThrowIfNullOrEmpty(typeName);
        ArgumentNullException.ThrowIfNull(entityPropsFactory);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(messageExtractor);
        ArgumentNullException.ThrowIfNull(handOffStopMessage);
        return _regions.GetOrAdd(typeName, name => new Lazy<ShardRegion>(() =>
            new ShardRegion(_system, _guardian, name, entityPropsFactory, settings, messageExtractor, handOffStopMessage))).Value.Ref;
    }

    private async Task<Done> ShutDownRegionsAsync()
    {
        var regions = _regions.Values.Select(region => region.Value).ToList();
        foreach (var region in regions)
            region.Ref.Tell(GracefulShutdown.Instance, ActorRefs.NoSender);

        await Task.WhenAll(regions.Select(region => region.WhenStopped)).ConfigureAwait(false);
        return Done.Instance;
    }

    /// <summary>The parent of all regions.</summary>
    private sealed class ShardingGuardian : ActorBase
    {
        protected override bool Receive(object message) => false;
    }
}
