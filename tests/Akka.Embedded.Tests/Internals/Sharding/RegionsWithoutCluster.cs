using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Embedded.Tests.Cluster;

namespace Akka.Embedded.Tests.Internals.Sharding;

/// <summary>
/// Several regions of one type in one system, which take each other for other nodes', with a coordinator that decides as the real one does
/// but stores nothing. The test tells which shards move where.
/// </summary>
internal sealed class RegionsWithoutCluster
{
    private readonly List<ShardRegion> _regions = [];

    public RegionsWithoutCluster(
        ActorSystem system,
        int regions,
        Func<string, Props> entity,
        int bufferSize = 100_000,
        object? stopMessage = null,
        Func<ClusterShardingSettings, ClusterShardingSettings>? settings = null)
    {
        var local = (ActorSystemImpl)system;
        Coordinator = system.ActorOf(Props.Create(() => new UnstoringCoordinator()), "coordinator");
        var shared = ClusterShardingSettings.Create(system).WithPassivateIdleAfter(TimeSpan.Zero);
        shared = shared.WithTuningParameters(shared.TuningParameters.WithBufferSize(bufferSize));
        shared = settings?.Invoke(shared) ?? shared;
        for (var i = 0; i < regions; i++)
        {
            var node = (ActorCell)system.ActorOf(Props.Create(() => new Node()), $"node-{i}");
            var start = new ShardRegionStart("entity", entity, shared, new ToEntityExtractor(), stopMessage ?? PoisonPill.Instance);
            var address = new UniqueAddress(new Address("akka.tcp", "test", $"host-{i}", 1), i + 1);
            _regions.Add(new ShardRegion(local, node, start, r => new RegionActor(r, Coordinator, address), ownsAllShards: false));
        }
    }

    public IActorRef Coordinator { get; }

    public IReadOnlyList<ShardRegion> Regions => _regions;

    public IActorRef this[int region] => _regions[region].Ref;

    /// <summary>Hands a shard off; its next home is the given region, from when somebody has a message to it.</summary>
    public void Move(string shard, int region) => Coordinator.Tell(new MoveTo(shard, this[region]), ActorRefs.NoSender);

    public Task<ImmutableSortedDictionary<string, IActorRef>> Homes() =>
        Coordinator.Ask<ImmutableSortedDictionary<string, IActorRef>>("homes", TimeSpan.FromSeconds(30));

    public sealed record MoveTo(string Shard, IActorRef Region);

    private sealed class Node : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class RegionActor(ShardRegion region, IActorRef coordinator, UniqueAddress node) : CoordinatedRegionActor(region)
    {
        protected override bool IsAlone => false;

        protected override void PreStart()
        {
            base.PreStart();
            coordinator.Tell(new RegisterRegion(Region.Ref, node, false, []), Region.Ref);
        }

        protected override bool Receive(object message)
        {
            if (message is not RegisterAck)
                return base.Receive(message);
            Follow(Sender);
            return true;
        }
    }

    private sealed class UnstoringCoordinator : ReceiveActor, IWithTimers
    {
        private readonly Dictionary<string, IActorRef> _next = [];
        private Coordination _coordination = new(CoordinatorState.Empty, 30);

        public UnstoringCoordinator()
        {
            Receive<RegisterRegion>(m => Decide(new RegionRegisters(m.Region, m.Node, m.IsProxy, m.Shards)));
            Receive<GetShardHome>(m => Decide(new HomeAsked(m.ShardId, m.Region)));
            Receive<BeginHandOffAck>(m => Decide(new HandOffBegun(m.ShardId, m.Round, m.Region)));
            Receive<ShardStopped>(m => Decide(new ShardHasStopped(m.ShardId, m.Round)));
            Receive<RegionLeaves>(m => Decide(new RegionWantsToLeave(m.Region)));
            Receive<Terminated>(m => Decide(new RegionDied(m.ActorRef)));
            Receive<CoordinatorInput>(Decide);
            Receive<MoveTo>(m =>
            {
                _next[m.Shard] = m.Region;
                Decide(new ShardsChosen(ImmutableHashSet.Create(m.Shard)));
            });
            Receive<string>(_ => Sender.Tell(_coordination.State.Shards));
        }

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart() => Timers.StartPeriodicTimer("retry", new RetryDue(), TimeSpan.FromSeconds(2));

        private void Decide(CoordinatorInput input)
        {
            var decision = _coordination.Decide(input);
            _coordination = decision.Next;
            foreach (var effect in decision.Effects)
            {
                switch (effect)
                {
                    case TellRegion tell:
                        tell.Region.Tell(ByPath(tell.Message), Self);
                        break;
                    case WatchRegion watch:
                        Context.Watch(watch.Region);
                        break;
                    case ChooseRegion choose:
                        Decide(new RegionChosen(choose.ShardId, _next.GetValueOrDefault(choose.ShardId, choose.Requester)));
                        break;
                }
            }
        }

        // As if it had come from another node: the reference that the region's path stands for.
        private static object ByPath(object message) => message is ShardLivesAt at
            ? at with { Region = ((MinimalActorRef)at.Region).SystemImpl.Provider.ResolveActorRef(at.Region.Path) }
            : message;
    }
}
