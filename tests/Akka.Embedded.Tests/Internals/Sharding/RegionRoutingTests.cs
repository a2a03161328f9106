using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster.Sharding;
using Akka.Embedded.Tests.Cluster;
using Akka.Event;
using Akka.Runtime;

namespace Akka.Embedded.Tests.Internals.Sharding;

/// <summary>Where regions send messages while shards have no home, move, and are fought over; in a simulation.</summary>
public sealed class RegionRoutingTests
{
    private static readonly string Shard = new ToEntityExtractor().ShardId("e");

    private readonly Simulation _simulation = new(1);
    private readonly ActorSystem _system;
    private readonly List<string> _observed = [];
    private readonly List<object> _published = [];

    public RegionRoutingTests()
    {
        _system = ActorSystem.Create("regions", ActorSystemSetup.Create(_simulation.Setup, new LoggingSetup { Enabled = false }));
        var observer = _system.ActorOf(Props.Create(() => new Observer(_published)));
        _system.EventStream.Subscribe(observer, typeof(DeadLetter));
        _system.EventStream.Subscribe(observer, typeof(Warning));
    }

    [Fact]
    public void First_region_with_a_message_gets_the_shard_and_the_others_send_there()
    {
        var regions = Start(3);
        regions[1].Tell(new ToEntity("e", "1"), ActorRefs.NoSender);
        _simulation.RunUntilIdle();
        regions[0].Tell(new ToEntity("e", "2"), ActorRefs.NoSender);
        _simulation.RunUntilIdle();

        _observed.ShouldBe(["node-1: started", "node-1: 1", "node-1: 2"]);
        regions.Regions[0].Homes[Shard].ShouldBeOfType<RemoteShard>();
        regions.Regions[1].Homes[Shard].ShouldBeOfType<LocalShard>();
        regions.Regions[2].Homes.ShouldBeEmpty();
    }

    [Fact]
    public void Envelope_goes_to_another_node_as_it_is()
    {
        var regions = Start(2);
        regions[0].Tell(new ToEntity("e", "1"), ActorRefs.NoSender);
        _simulation.RunUntilIdle();
        regions[1].Tell(new ShardingEnvelope("e", "2"), ActorRefs.NoSender);
        _simulation.RunUntilIdle();

        _observed.ShouldBe(["node-0: started", "node-0: 1", "node-0: 2"]);
    }

    [Fact]
    public void Messages_to_a_shard_whose_home_isnt_known_are_bounded_and_the_rest_are_dead_letters_with_one_warning()
    {
        var regions = Start(1, bufferSize: 3);
        for (var i = 0; i < 6; i++)
            regions[0].Tell(new ToEntity("e", $"{i}"), ActorRefs.NoSender);
        _simulation.RunUntilIdle();

        _observed.ShouldBe(["node-0: started", "node-0: 0", "node-0: 1", "node-0: 2"]);
        _published.OfType<Warning>().Count().ShouldBe(1);
        _published.OfType<DeadLetter>().Select(static letter => letter.Message).ShouldBe(["3", "4", "5"]);
        for (var i = 6; i < 12; i++)
            regions[0].Tell(new ToEntity("e", $"{i}"), ActorRefs.NoSender);
        _simulation.RunUntilIdle();
        _observed.Count.ShouldBe(10, "the room is free again");
    }

    [Fact]
    public void Handed_off_entity_gets_all_that_came_before_and_its_successor_all_that_comes_after()
    {
        var regions = Start(2);
        for (var i = 0; i < 5; i++)
            regions[0].Tell(new ToEntity("e", $"{i}"), ActorRefs.NoSender);
        _simulation.RunUntilIdle();
        regions.Move(Shard, 1);
        for (var i = 5; i < 10; i++)
            regions[0].Tell(new ToEntity("e", $"{i}"), ActorRefs.NoSender);
        _simulation.RunUntilIdle();
        regions[0].Tell(new ToEntity("e", "10"), ActorRefs.NoSender);
        _simulation.Advance(TimeSpan.FromSeconds(5));

        _observed.Where(static line => !line.EndsWith("ed")).Select(static line => line.Split(' ')[1])
            .ShouldBe(Enumerable.Range(0, 11).Select(static i => $"{i}"));
        _observed.ShouldContain("node-0: stopped");
        _observed[^1].ShouldBe("node-1: 10");
    }

    [Fact]
    public void Entity_that_is_being_passivated_handles_what_waits_for_it_before_its_shard_moves()
    {
        var regions = Start(2, stopMessage: "leave");
        regions[0].Tell(new ToEntity("e", "passivate"), ActorRefs.NoSender);
        _simulation.RunUntilIdle();
        regions[0].Tell(new ToEntity("e", "waits"), ActorRefs.NoSender);
        regions.Move(Shard, 1);
        _simulation.RunUntilIdle();
        regions[0].Tell(new ToEntity("e", "later"), ActorRefs.NoSender);
        _simulation.Advance(TimeSpan.FromSeconds(5));

        _observed.ShouldBe(
        [
            "node-0: started", "node-0: passivate", "node-0: stopped",
            "node-0: started", "node-0: waits", "node-0: leave", "node-0: stopped",
            "node-1: started", "node-1: later",
        ]);
    }

    [Fact]
    public void Entity_that_doesnt_stop_is_stopped_when_its_time_is_over()
    {
        var regions = Start(2, stopMessage: "ignored", settings: static s => s.WithTuningParameters(
            s.TuningParameters.WithHandOffTimeout(TimeSpan.FromSeconds(15))));
        regions[0].Tell(new ToEntity("e", "1"), ActorRefs.NoSender);
        _simulation.RunUntilIdle();
        regions.Move(Shard, 1);
        _simulation.Advance(TimeSpan.FromSeconds(1));
        regions[0].Tell(new ToEntity("e", "2"), ActorRefs.NoSender);
        _simulation.Advance(TimeSpan.FromSeconds(8));
        _observed.ShouldNotContain("node-0: stopped");
        _simulation.Advance(TimeSpan.FromSeconds(4));

        _observed.ShouldBe(["node-0: started", "node-0: 1", "node-0: ignored", "node-0: stopped", "node-1: started", "node-1: 2"]);
    }

    [Fact]
    public void Regions_that_take_each_other_for_the_home_dont_send_a_message_round_and_round()
    {
        var regions = Start(2);
        var (one, other) = (regions.Regions[0], regions.Regions[1]);
        one.Put(Shard, new RemoteShard(one, Shard, ByPath(other)));
        other.Put(Shard, new RemoteShard(other, Shard, ByPath(one)));

        regions[0].Tell(new ToEntity("e", "lost"), ActorRefs.NoSender);
        _simulation.RunUntilIdle();
        _published.OfType<DeadLetter>().Select(static letter => letter.Message).ShouldBe(["lost"]);

        // One of them has learned that it was wrong; it asks.
        regions[0].Tell(new ToEntity("e", "found"), ActorRefs.NoSender);
        regions[1].Tell(new ToEntity("e", "found too"), ActorRefs.NoSender);
        _simulation.RunUntilIdle();
        _observed.Count(static line => line.Contains("found")).ShouldBe(2);
        _observed.Count(static line => line.Contains("started")).ShouldBe(1);
    }

    [Fact]
    public void Message_that_comes_to_a_region_that_isnt_the_home_any_more_goes_on_to_the_one_that_is()
    {
        var regions = Start(3);
        regions[1].Tell(new ToEntity("e", "1"), ActorRefs.NoSender);
        _simulation.RunUntilIdle();
        regions[2].Tell(new ToEntity("e", "2"), ActorRefs.NoSender);
        _simulation.RunUntilIdle();
        var stale = regions.Regions[0];
        stale.Put(Shard, new RemoteShard(stale, Shard, ByPath(regions.Regions[2])));

        regions[0].Tell(new ToEntity("e", "3"), ActorRefs.NoSender);
        _simulation.RunUntilIdle();

        _observed.ShouldBe(["node-1: started", "node-1: 1", "node-1: 2", "node-1: 3"]);
    }

    [Fact]
    public void Home_on_another_node_is_quiet_only_when_the_last_sender_is_done()
    {
        var region = Start(1).Regions[0];
        var log = new List<string>();
        RemoteShard? home = null;
        var message = new ShardMessage("e", "m", "m", null);
        home = new RemoteShard(region, Shard, new ScriptedRef(() =>
        {
            log.Add("sending");
            if (log.Count == 1)
            {
                home!.Close(() => log.Add("quiet"));
                home.TryDeliver(message).ShouldBeFalse();
                log.Add("sent");
            }
        }));

        home.TryDeliver(message).ShouldBeTrue();
        home.TryDeliver(message).ShouldBeFalse();

        log.ShouldBe(["sending", "sent", "quiet"]);
    }

    [Fact]
    public void Home_on_another_node_that_nobody_sends_to_is_quiet_at_once()
    {
        var home = new RemoteShard(Start(1).Regions[0], Shard, new ScriptedRef(static () => { }));
        var quiet = 0;

        home.Close(() => quiet++);

        quiet.ShouldBe(1);
    }

    [Fact]
    public void Region_that_shuts_down_stops_when_its_shards_and_messages_have_another_home()
    {
        var regions = Start(2);
        regions[0].Tell(new ToEntity("e", "1"), ActorRefs.NoSender);
        _simulation.RunUntilIdle();
        regions.Coordinator.Tell(new RegionsWithoutCluster.MoveTo(Shard, regions[1]), ActorRefs.NoSender);
        regions[0].Tell(GracefulShutdown.Instance, ActorRefs.NoSender);
        regions[0].Tell(new ToEntity("e", "2"), ActorRefs.NoSender);
        _simulation.Advance(TimeSpan.FromSeconds(10));

        regions.Regions[0].WhenStopped.IsCompleted.ShouldBeTrue();
        _observed.ShouldContain(static line => line.EndsWith(": 2"));
        regions[0].Tell(new ToEntity("e", "3"), ActorRefs.NoSender);
        _simulation.RunUntilIdle();
        _published.OfType<DeadLetter>().Select(static letter => letter.Message).ShouldBe(["3"]);
        regions[1].Tell(new ToEntity("e", "4"), ActorRefs.NoSender);
        _simulation.RunUntilIdle();
        _observed[^1].ShouldBe("node-1: 4");
    }

    [Fact]
    public void Region_that_dies_leaves_its_shards_to_the_others()
    {
        var regions = Start(2);
        regions[0].Tell(new ToEntity("e", "1"), ActorRefs.NoSender);
        _simulation.RunUntilIdle();
        regions[1].Tell(new ToEntity("e", "2"), ActorRefs.NoSender);
        _simulation.RunUntilIdle();

        _system.Stop(regions[0]);
        _simulation.RunUntilIdle();
        regions[1].Tell(new ToEntity("e", "3"), ActorRefs.NoSender);
        _simulation.RunUntilIdle();

        _observed.ShouldBe(["node-0: started", "node-0: 1", "node-0: 2", "node-0: stopped", "node-1: started", "node-1: 3"]);
    }

    private IActorRef ByPath(ShardRegion region) => ((ExtendedActorSystem)_system).Provider.ResolveActorRef(region.Ref.Path);

    private RegionsWithoutCluster Start(
        int regions,
        int bufferSize = 1000,
        object? stopMessage = null,
        Func<ClusterShardingSettings, ClusterShardingSettings>? settings = null)
    {
        var started = new RegionsWithoutCluster(
            _system, regions, _ => Props.Create(() => new Observed(_observed)), bufferSize, stopMessage, settings);
        _simulation.RunUntilIdle();
        return started;
    }

    private sealed class Observed(List<string> observed) : UntypedActor
    {
        protected override void PreStart() => Say("started");

        protected override void OnReceive(object message)
        {
            Say((string)message);
            if (message is "leave")
                Context.Stop(Self);
            if (message is "passivate")
                Context.Parent.Tell(new Passivate(PoisonPill.Instance));
        }

        protected override void PostStop() => Say("stopped");

        // The region's parent tells the node.
        private void Say(string text) => observed.Add($"{Self.Path.Parent.Parent.Parent.Name}: {text}");
    }

    private sealed class ScriptedRef(Action told) : IActorRef
    {
        public ActorPath Path { get; } = new TestRef("other").Path;

        public void Tell(object message, IActorRef? sender) => told();

        public bool Equals(IActorRef? other) => ReferenceEquals(this, other);

        public int CompareTo(IActorRef? other) => 0;

        public int CompareTo(object? obj) => 0;
    }

    private sealed class Observer(List<object> published) : UntypedActor
    {
        protected override void OnReceive(object message) => published.Add(message);
    }
}
