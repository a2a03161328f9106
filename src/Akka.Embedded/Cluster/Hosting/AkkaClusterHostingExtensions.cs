using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.DependencyInjection;
using Akka.Hosting;

namespace Akka.Cluster.Hosting;

/// <summary>Puts sharded entities into the host's actor system.</summary>
public static class AkkaClusterHostingExtensions
{
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

    private static ClusterShardingSettings SettingsFrom(ShardOptions options, ActorSystem system)
    {
        var settings = ClusterShardingSettings.Create(system).WithRole(options.Role);
        if (options.ShouldPassivateIdleEntities == false)
            return settings.WithPassivateIdleAfter(TimeSpan.Zero);
        return options.PassivateIdleEntityAfter is { } idle ? settings.WithPassivateIdleAfter(idle) : settings;
    }
}
