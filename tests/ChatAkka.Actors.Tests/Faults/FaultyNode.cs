using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster.Sharding;
using Akka.Serialization;
using ChatAkka.Actors.Channels;
using ChatAkka.Actors.Serialization;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Accounts;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Storage;
using ChatAkka.Storage.InMemory;
using ChatAkka.Storage.Journals;
using ChatAkka.Tests;

namespace ChatAkka.Actors.Tests.Faults;

/// <summary>The actors of a node in their shard regions, over a <see cref="FaultyStore"/> whose truth is in memory.</summary>
internal sealed class FaultyNode : IAsyncDisposable
{
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(1);

    private readonly InMemoryStore _truth;
    private readonly ActorSystem _system;

    /// <param name="data">Two nodes with the same data are two that can't reach each other, but both reach the store.</param>
    public FaultyNode(InMemoryData data)
    {
        _truth = new InMemoryStore(data, new StorageOptions(), TimeProvider.System);
        var store = new FaultyStore(_truth, Plan);
        var serializers = SerializationSetup.Create(
            system => [SerializerDetails.Create("chatakka", new ChatSerializer(system), [.. ChatSerializer.BoundTypes])]);
        _system = ActorSystem.Create(
            "faults", ActorSystemSetup.Create(serializers, DefaultPlugins.Of(typeof(ChatJournal), typeof(ChatSnapshotStore))));
        _system.RegisterExtension(new ChatStoreProvider(store));
        var options = new ChatOptions();
        var timelines = new TimelineReader(store.Timelines);
        var sharding = ClusterSharding.Get(_system);
        var settings = ClusterShardingSettings.Create(_system);
        IActorRef users = ActorRefs.Nobody;
        Channels = sharding.Start(
            "channel",
            id => ChannelActor.Props(
                new ChannelId(id), new ChannelServices(TimeProvider.System, options, timelines, store.Accounts, store.Contacts, users)),
            settings,
            new ChannelExtractor(8));
        Users = users = sharding.Start(
            "user",
            id => UserActor.Props(
                new UserId(id), new UserServices(options, timelines, store.Cursors, store.Receipts, store.Contacts, Channels, users)),
            settings,
            new UserExtractor(8));
    }

    public FaultPlan Plan { get; } = new();

    /// <summary>The shard region of channels.</summary>
    public IActorRef Channels { get; }

    /// <summary>The shard region of users.</summary>
    public IActorRef Users { get; }

    public async ValueTask DisposeAsync()
    {
        Plan.Release();
        await _system.Terminate().Within("the actor system to end");
        await _truth.DisposeAsync();
    }

    /// <summary>A device of a new user whose connection is live.</summary>
    public async Task<Device> ConnectAsync(UserId user, DeviceId id)
    {
        await _truth.Accounts.CreateAsync(new Account(user, $"name{user}", $"Name {user}", 1), "hash", CancellationToken.None);
        var device = new Device(id, user, _system.ActorOf(Props.Create(() => new DeviceActor(this, user, id))));
        await device.LiveAsync();
        return device;
    }

    /// <summary>Creates a group, and repeats it until it is answered with the group.</summary>
    public async Task CreateGroupAsync(ChannelId channel, UserId by, params UserId[] members)
    {
        ChannelReply? reply;
        do
        {
            reply = await AskAsync(new CreateGroup(channel, by, 1, "title", [.. members]));
        }
        while (reply is null or Refused { Reason: Refusal.Unavailable });
        reply.ShouldBeOfType<ChannelInfo>();
    }

    /// <summary>What is stored of a channel, all of it or a range.</summary>
    public IReadOnlyList<ChannelEvent> Stored(ChannelId channel, long from = 1, long to = long.MaxValue) =>
        new TimelineReader(_truth.Timelines).ReadAsync(channel, from, to, int.MaxValue, backward: false, CancellationToken.None)
            .GetAwaiter().GetResult();

    /// <summary>Null if it isn't answered for long: an entity that is about to stop loses what comes to it.</summary>
    private async Task<ChannelReply?> AskAsync(ChannelCommand command)
    {
        try
        {
            return await Channels.Ask<ChannelReply>(command, RepeatAfter);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }
}
