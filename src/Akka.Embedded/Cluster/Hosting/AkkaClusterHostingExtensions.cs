using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.DependencyInjection;
using Akka.Hosting;

namespace Akka.Cluster.Hosting;

/// <summary>Makes the host's actor system a member of a cluster, and puts sharded entities into it.</summary>
public static class AkkaClusterHostingExtensions
{
    /// <summary>
    /// Makes the system a member of a cluster. It joins when its seed nodes answer, and does not wait for that; without any, the application
    /// joins by <see cref="Cluster.Join"/>.
    /// </summary>
    public static AkkaConfigurationBuilder WithClustering(this AkkaConfigurationBuilder builder, ClusterOptions? options = null) =>
        builder.AddSetup((options ?? new ClusterOptions()).ToSetup()).WithExtension<ClusterExtension>();

    /// <summary>Starts a shard region and registers it under <typeparamref name="TKey"/>.</summary>
    /// <param name="builder">The system's configuration.</param>
    /// <param name="typeName">The type of the entities; must never change.</param>
    /// <param name="entityPropsFactory">How the entity of an id is made.</param>
    /// <param name="messageExtractor">How a message tells its entity.</param>
    /// <param name="shardOptions">How the region behaves.</param>
    public static AkkaConfigurationBuilder WithShardRegion<TKey>(
        this AkkaConfigurationBuilder builder,
        string typeName,
        Func<string, Props> entityPropsFactory,
        IMessageExtractor messageExtractor,
        ShardOptions shardOptions) =>
        builder.WithShardRegion<TKey>(typeName, (_, _, _) => entityPropsFactory, messageExtractor, shardOptions);

    /// <inheritdoc cref="WithShardRegion{TKey}(AkkaConfigurationBuilder,string,Func{string,Props},IMessageExtractor,ShardOptions)"/>
    public static AkkaConfigurationBuilder WithShardRegion<TKey>(
        this AkkaConfigurationBuilder builder,
        string typeName,
        Func<ActorSystem, IActorRegistry, Func<string, Props>> entityPropsFactory,
        IMessageExtractor messageExtractor,
        ShardOptions shardOptions) =>
        builder.WithShardRegion<TKey>(
            typeName, (system, registry, _) => entityPropsFactory(system, registry), messageExtractor, shardOptions);

    /// <inheritdoc cref="WithShardRegion{TKey}(AkkaConfigurationBuilder,string,Func{string,Props},IMessageExtractor,ShardOptions)"/>
    public static AkkaConfigurationBuilder WithShardRegion<TKey>(
        this AkkaConfigurationBuilder builder,
        string typeName,
        Func<ActorSystem, IActorRegistry, IDependencyResolver, Func<string, Props>> entityPropsFactory,
        IMessageExtractor messageExtractor,
        ShardOptions shardOptions) =>
        builder.WithActors((system, registry, resolver) =>
        {
            var region = ClusterSharding.Get(system).Start(
                typeName,
                entityPropsFactory(system, registry, resolver),
                SettingsFrom(shardOptions, system),
                messageExtractor,
                shardOptions.HandOffStopMessage ?? PoisonPill.Instance);
            registry.TryRegister<TKey>(region);
        });

    /// <summary>Starts a way to entities that run on other nodes only, and registers it under <typeparamref name="TKey"/>.</summary>
    /// <param name="builder">The system's configuration.</param>
    /// <param name="typeName">The type of the entities.</param>
    /// <param name="roleName">The role of the nodes that run them.</param>
    /// <param name="messageExtractor">How a message tells its entity.</param>
    public static AkkaConfigurationBuilder WithShardRegionProxy<TKey>(
        this AkkaConfigurationBuilder builder, string typeName, string roleName, IMessageExtractor messageExtractor) =>
        builder.WithActors((system, registry) =>
            registry.Register<TKey>(ClusterSharding.Get(system).StartProxy(typeName, roleName, messageExtractor)));

    private static ClusterShardingSettings SettingsFrom(ShardOptions options, ActorSystem system)
    {
        var settings = ClusterShardingSettings.Create(system)
            .WithRole(options.Role)
            .WithStateStoreMode(options.StateStoreMode ?? StateStoreMode.DData);
        if (options.ShouldPassivateIdleEntities == false)
            return settings.WithPassivateIdleAfter(TimeSpan.Zero);
        return options.PassivateIdleEntityAfter is { } idle ? settings.WithPassivateIdleAfter(idle) : settings;
    }
}
