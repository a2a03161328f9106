using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster.Sharding;

namespace Akka.Embedded.Tests.Cluster;

/// <summary>The base of tests of shard regions.</summary>
public abstract class ShardingTest : TestKit.Xunit2.TestKit
{
    internal const int Shards = 10;

    protected ShardingTest(params Setup[] setups)
        : base(ActorSystemSetup.Create([.. Provider, .. setups])) => Join();

    internal IActorRef StartRegion(
        Func<string, Props> entity,
        TimeSpan? idle = null,
        int bufferSize = 100_000,
        object? stopMessage = null,
        string typeName = "entity",
        IMessageExtractor? extractor = null)
    {
        var sharding = ClusterSharding.Get(Sys);
        var settings = SettingsOf(idle, bufferSize);
        extractor ??= new ToEntityExtractor();
        stopMessage ??= PoisonPill.Instance;
#if AKKA_EMBEDDED
        return sharding.Start(typeName, entity, settings, extractor, stopMessage);
#else
        return sharding.Start(typeName, entity, settings, extractor, sharding.DefaultShardAllocationStrategy(settings), stopMessage);
#endif
    }

    internal ShardRegionStats StatsOf(IActorRef region)
    {
        region.Tell(GetShardRegionStats.Instance, TestActor);
        return FishForMessage<ShardRegionStats>(_ => true);
    }

    internal int EntitiesOf(IActorRef region) => StatsOf(region).Stats.Values.Sum();

#if AKKA_EMBEDDED
    // Shards without a cluster.
    private static Setup[] Provider => [];

    private static void Join()
    {
    }
#else
    private static Setup[] Provider =>
    [
        BootstrapSetup.Create().WithConfig(
            """
            akka.actor.provider = cluster
            akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
            akka.cluster.sharding.state-store-mode = ddata
            """),
    ];

    private void Join()
    {
        var cluster = Akka.Cluster.Cluster.Get(Sys);
        cluster.JoinAsync(cluster.SelfAddress).GetAwaiter().GetResult();
    }
#endif

    private ClusterShardingSettings SettingsOf(TimeSpan? idle, int bufferSize)
    {
        var settings = ClusterShardingSettings.Create(Sys);
        return settings
            .WithPassivateIdleAfter(idle ?? TimeSpan.Zero)
            .WithTuningParameters(settings.TuningParameters.WithBufferSize(bufferSize));
    }
}

/// <summary>A message to an entity.</summary>
internal sealed record ToEntity(string Id, object Message);

internal sealed class ToEntityExtractor() : HashCodeMessageExtractor(ShardingTest.Shards)
{
    public override string? EntityId(object message) => (message as ToEntity)?.Id;

    public override object? EntityMessage(object message) => ((ToEntity)message).Message;
}

/// <summary>Runs in the entity.</summary>
internal sealed record InEntity(Action<EchoEntity> Script);

/// <summary>Tells the observer what it receives, and that it has started and stopped.</summary>
internal class EchoEntity : ReceiveActor
{
    private readonly IActorRef _observer;

    public EchoEntity(string id, IActorRef observer)
    {
        Id = id;
        _observer = observer;
        Receive<InEntity>(message => message.Script(this));
        ReceiveAny(message => Tell($"{Id}: {message}"));
    }

    public string Id { get; }

    public IActorContext EntityContext => Context;

    public void Tell(object message) => _observer.Tell(message, Self);

    protected override void PreStart() => Tell($"{Id} started");

    protected override void PostStop() => Tell($"{Id} stopped");
}
