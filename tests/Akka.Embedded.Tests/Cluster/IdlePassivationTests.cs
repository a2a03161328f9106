using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Runtime;

namespace Akka.Embedded.Tests.Cluster;

public sealed class IdlePassivationTests
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(2);

    private readonly Simulation _simulation = new(1);
    private readonly List<string> _observed = [];
    private readonly ActorSystem _system;

    public IdlePassivationTests() =>
        _system = ActorSystem.Create("idle", Actor.Setup.ActorSystemSetup.Create(_simulation.Setup));

    [Fact]
    public void Entity_without_messages_is_stopped_between_one_and_one_and_a_half_idle_times()
    {
        var region = Start(Idle);
        Tell(region, "a");

        _simulation.Advance(Idle);
        _observed.ShouldBe(["a started", "a hello"]);
        _simulation.Advance(Idle / 2);

        _observed.ShouldBe(["a started", "a hello", "a stopped"]);
    }

    [Fact]
    public void Entity_that_gets_messages_lives_on()
    {
        var region = Start(Idle);

        for (var i = 0; i < 20; i++)
        {
            Tell(region, "a");
            _simulation.Advance(Idle * 0.9);
        }

        _observed.ShouldNotContain("a stopped");
    }

    [Fact]
    public void Only_the_idle_entities_are_stopped()
    {
        var region = Start(Idle);
        Tell(region, "a");
        Tell(region, "b");

        for (var i = 0; i < 4; i++)
        {
            _simulation.Advance(Idle / 2);
            Tell(region, "b");
        }

        _observed.ShouldContain("a stopped");
        _observed.ShouldNotContain("b stopped");
    }

    [Fact]
    public void Idle_time_of_zero_keeps_entities()
    {
        var region = Start(TimeSpan.Zero);
        Tell(region, "a");

        _simulation.Advance(TimeSpan.FromDays(1));

        _observed.ShouldNotContain("a stopped");
    }

    [Fact]
    public void Idle_entity_gets_the_regions_stop_message()
    {
        var region = Start(Idle, "time to go");
        Tell(region, "a");

        _simulation.Advance(Idle * 2);

        _observed.ShouldBe(["a started", "a hello", "a time to go"]);
    }

    [Fact]
    public void Passivated_entity_comes_back_with_the_next_message()
    {
        var region = Start(Idle);
        Tell(region, "a");
        _simulation.Advance(Idle * 2);

        Tell(region, "a");

        _observed.ShouldBe(["a started", "a hello", "a stopped", "a started", "a hello"]);
    }

    private IActorRef Start(TimeSpan idle, object? stopMessage = null) => ClusterSharding.Get(_system).Start(
        "entity",
        id => Props.Create(() => new Observed(id, _observed)),
        ClusterShardingSettings.Create(_system).WithPassivateIdleAfter(idle),
        new ToEntityExtractor(),
        stopMessage ?? PoisonPill.Instance);

    private void Tell(IActorRef region, string id)
    {
        region.Tell(new ToEntity(id, "hello"), ActorRefs.NoSender);
        _simulation.RunUntilIdle();
    }

    private sealed class Observed(string id, List<string> observed) : UntypedActor
    {
        protected override void PreStart() => observed.Add($"{id} started");

        protected override void OnReceive(object message) => observed.Add($"{id} {message}");

        protected override void PostStop() => observed.Add($"{id} stopped");
    }
}
