using Akka.Cluster.Hosting;
using Akka.Hosting;
using ChatAkka.Actors.Channels;
using ChatAkka.Actors.Serialization;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Accounts;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Timelines;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors;

/// <summary>Puts the chat actors into a host's actor system.</summary>
public static class ChatActorsHosting
{
    /// <summary>The type names of the two kinds of entities; part of what is stored.</summary>
    private const string ChannelType = "channel";

    private const string UserType = "user";

    /// <summary>Starts the shard regions of channels and users, registered as <see cref="ChannelRegion"/> and
    /// <see cref="UserRegion"/>.</summary>
    public static AkkaConfigurationBuilder WithChatActors(
        this AkkaConfigurationBuilder builder,
        ChatOptions options,
        TimeProvider time,
        ITimelineReader timelines,
        IAccountStore accounts,
        ICursorStore cursors,
        IReceiptStore receipts)
    {
        // Idle entities leave memory by themselves: a user with a connected device doesn't count as idle, however silent.
        var shards = new ShardOptions { ShouldPassivateIdleEntities = false };
        return builder
            .WithCustomSerializer("chatakka", ChatSerializer.BoundTypes, system => new ChatSerializer(system))
            .WithShardRegion<ChannelRegion>(
                ChannelType,
                (_, registry) =>
                {
                    ChannelServices? services = null;
                    return id => ChannelActor.Props(
                        new ChannelId(id), services ??= new ChannelServices(time, options, timelines, accounts, registry.Get<UserRegion>()));
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
                        services ??= new UserServices(options, timelines, cursors, receipts, registry.Get<ChannelRegion>(), registry.Get<UserRegion>()));
                },
                new UserExtractor(options.Shards),
                shards);
    }
}
