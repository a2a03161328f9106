using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using ChatAkka.Actors.Channels;
using ChatAkka.Actors.Presence;
using ChatAkka.Actors.Serialization;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors;

/// <summary>Puts the chat actors into a host's actor system.</summary>
public static class ChatActorsHosting
{
    /// <summary>The type names of the two kinds of entities; part of what is stored.</summary>
    private const string ChannelType = "channel";

    private const string UserType = "user";

    /// <summary>Starts the shard regions of channels and users and the presence of this node, registered as <see cref="ChannelRegion"/>,
    /// <see cref="UserRegion"/> and <see cref="PresenceBoard"/>.</summary>
    /// <param name="onlineFor">How long a user is online after the last sign of life of the last device.</param>
    /// <param name="isClustered">This node is one of several.</param>
    public static AkkaConfigurationBuilder WithChatActors(
        this AkkaConfigurationBuilder builder, ChatOptions options, TimeProvider time, ChatStores stores, TimeSpan onlineFor, bool isClustered)
    {
        return builder
            .WithCustomSerializer("chatakka", ChatSerializer.BoundTypes, system => new ChatSerializer(system))
            .WithCustomSerializer("chatakka-nodes", NodeSerializer.BoundTypes, system => new NodeSerializer(system))
            .WithActors((system, registry) =>
                system.ActorOf(Props.Create(() => new LostRequests(() => registry.Get<UserRegion>())), "lost-requests"))
            .WithActors((system, registry) => system.ActorOf(
                Props.Create(() => new RelayActor(() => registry.Get<UserRegion>(), () => registry.Get<ChannelRegion>())), RelayActor.Name))
            .WithActors((system, registry) =>
                registry.Register<PresenceBoard>(
                    system.ActorOf(PresenceActor.Props(time, stores.Presence, onlineFor, isClustered), PresenceActor.Name)))
            .WithEntities<ChannelRegion>(
                ChannelType,
                (system, registry) =>
                {
                    ChannelServices? services = null;
                    return id => ChannelActor.Props(
                        new ChannelId(id),
                        services ??= new ChannelServices(
                            time, options, stores.Timelines, stores.Accounts, stores.Contacts, registry.Get<UserRegion>(),
                            stores.Deliveries, NodeRelays.Of(system), registry.Get<ChannelRegion>()));
                },
                new ChannelExtractor(options.Shards))
            .WithEntities<UserRegion>(
                UserType,
                (_, registry) =>
                {
                    UserServices? services = null;
                    return id => UserActor.Props(
                        new UserId(id),
                        services ??= new UserServices(
                            options, stores.Timelines, stores.Cursors, stores.Receipts, stores.Contacts, registry.Get<ChannelRegion>(),
                            registry.Get<UserRegion>(), stores.Pushes, registry.Get<PresenceBoard>(), isClustered));
                },
                new UserExtractor(options.Shards));
    }

    private static AkkaConfigurationBuilder WithEntities<TKey>(
        this AkkaConfigurationBuilder builder,
        string type,
        Func<ActorSystem, IActorRegistry, Func<string, Props>> props,
        HashCodeMessageExtractor extractor) =>
        builder.WithActors((system, registry) =>
        {
            // Idle entities leave memory by themselves: a user with a connected device doesn't count as idle, however silent.
            var settings = ClusterShardingSettings.Create(system)
                .WithStateStoreMode(StateStoreMode.DData)
                .WithPassivateIdleAfter(TimeSpan.Zero);
            registry.Register<TKey>(ClusterSharding.Get(system).Start(
                type, props(system, registry), settings, extractor, new PlannedShards(extractor.MaxNumberOfShards), StopForHandOff.Instance));
        });
}
