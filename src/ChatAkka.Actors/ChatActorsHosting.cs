using Akka.Cluster.Hosting;
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
    public static AkkaConfigurationBuilder WithChatActors(
        this AkkaConfigurationBuilder builder, ChatOptions options, TimeProvider time, ChatStores stores, TimeSpan onlineFor)
    {
        // Idle entities leave memory by themselves: a user with a connected device doesn't count as idle, however silent.
        var shards = new ShardOptions { ShouldPassivateIdleEntities = false };
        return builder
            .WithCustomSerializer("chatakka", ChatSerializer.BoundTypes, system => new ChatSerializer(system))
            .WithActors((system, registry) =>
                registry.Register<PresenceBoard>(system.ActorOf(PresenceActor.Props(time, stores.Presence, onlineFor), "presence")))
            .WithShardRegion<ChannelRegion>(
                ChannelType,
                (_, registry) =>
                {
                    ChannelServices? services = null;
                    return id => ChannelActor.Props(
                        new ChannelId(id),
                        services ??= new ChannelServices(
                            time, options, stores.Timelines, stores.Accounts, stores.Contacts, registry.Get<UserRegion>(), stores.Deliveries));
                },
                new ChannelExtractor(options.Shards),
                shards)
            .WithShardRegion<UserRegion>(
                UserType,
                (_, registry) =>
                {
                    UserServices? services = null;
                    return id => UserActor.Props(
                        new UserId(id),
                        services ??= new UserServices(
                            options, stores.Timelines, stores.Cursors, stores.Receipts, stores.Contacts, registry.Get<ChannelRegion>(), registry.Get<UserRegion>(), stores.Pushes));
                },
                new UserExtractor(options.Shards),
                shards);
    }
}
