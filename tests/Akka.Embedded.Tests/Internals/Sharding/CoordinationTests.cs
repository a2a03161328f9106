using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;

namespace Akka.Embedded.Tests.Internals.Sharding;

/// <summary>What a coordinator decides, without actors.</summary>
public sealed class CoordinationTests
{
    private const int MaxRetries = 3;

    private readonly IActorRef _a = new TestRef("a");
    private readonly IActorRef _b = new TestRef("b");
    private readonly IActorRef _proxy = new TestRef("p");
    private readonly List<CoordinatorEvent> _stored = [];
    private List<CoordinatorEffect> _effects = [];
    private Coordination _coordination = new(CoordinatorState.Empty, MaxRetries);

    [Fact]
    public void Region_that_registers_is_stored_watched_and_told()
    {
        Register(_a);

        _stored.ShouldBe([new RegionAdded(_a, NodeOf(_a), false)]);
        _effects.ShouldBe([new WatchRegion(_a), new TellRegion(_a, new RegisterAck())]);
    }

    [Fact]
    public void Region_that_registers_again_is_only_told()
    {
        Register(_a);
        Register(_a);

        _stored.Count.ShouldBe(1);
        _effects.ShouldBe([new TellRegion(_a, new RegisterAck())]);
    }

    [Fact]
    public void Home_of_a_shard_is_chosen_stored_and_told_the_home_and_all_that_wait()
    {
        Register(_a, _b);

        Decide(new HomeAsked("1", _b));
        _effects.ShouldBe([new ChooseRegion("1", _b)]);
        Decide(new HomeAsked("1", _b));
        _effects.ShouldBeEmpty("a second choice would contradict the first");
        Decide(new RegionChosen("1", _a));

        _stored[^1].ShouldBe(new ShardAllocated("1", _a));
        _effects.ShouldBe([Tell(_a, new ShardLivesAt("1", _a)), Tell(_b, new ShardLivesAt("1", _a))]);
    }

    [Fact]
    public void Home_that_is_known_is_told_without_a_choice()
    {
        Register(_a, _b);
        Allocate("1", _a);

        Decide(new HomeAsked("1", _b));

        _effects.ShouldBe([Tell(_b, new ShardLivesAt("1", _a))]);
    }

    [Fact]
    public void Home_isnt_told_somebody_that_has_not_registered()
    {
        Register(_a);
        Allocate("1", _a);

        Decide(new HomeAsked("1", _b));

        _effects.ShouldBeEmpty();
    }

    [Fact]
    public void Choice_of_a_region_that_has_gone_is_made_anew_when_the_home_is_asked_for_again()
    {
        Register(_a, _b);
        Decide(new HomeAsked("1", _b));
        Decide(new RegionDied(_a));
        Decide(new RegionChosen("1", _a));
        _effects.ShouldBeEmpty();

        Decide(new RetryDue());

        _effects.ShouldBe([new ChooseRegion("1", _b)]);
    }

    [Fact]
    public void Proxy_gets_no_shards_and_hears_of_hand_offs()
    {
        Register(_a);
        Decide(new RegionRegisters(_proxy, NodeOf(_proxy), true, []));
        _coordination.Candidates.Keys.ShouldBe([_a]);
        Allocate("1", _a);

        Decide(new ShardsChosen(Set("1")));

        Told<BeginHandOff>().ShouldBe([_a, _proxy], ignoreOrder: true);
    }

    [Fact]
    public void Shard_is_stopped_only_when_all_hold_its_messages_and_gets_a_home_only_when_it_has_stopped()
    {
        Register(_a, _b);
        Allocate("1", _a);

        Decide(new ShardsChosen(Set("1")));
        Told<BeginHandOff>().ShouldBe([_a, _b], ignoreOrder: true);
        Decide(new HandOffBegun("1", 1, _b));
        _effects.ShouldBeEmpty();
        Decide(new HomeAsked("1", _b));
        _effects.ShouldBeEmpty("nobody is told the home while it changes");
        Decide(new HandOffBegun("1", 1, _a));
        _effects.ShouldBe([Tell(_a, new HandOff("1", 1))]);
        _coordination.State.Shards["1"].ShouldBe(_a);
        Decide(new ShardHasStopped("1", 1));

        _stored[^1].ShouldBe(new ShardFreed("1"));
        _effects.ShouldBe([new ChooseRegion("1", _b)]);
    }

    [Fact]
    public void Answers_of_an_earlier_hand_off_dont_count()
    {
        Register(_a, _b);
        Allocate("1", _a);
        HandOff("1", 1);
        Allocate("1", _a);
        Decide(new ShardsChosen(Set("1")));

        Decide(new HandOffBegun("1", 1, _a));
        Decide(new HandOffBegun("1", 1, _b));
        _effects.ShouldBeEmpty();
        Decide(new ShardHasStopped("1", 1));
        _coordination.State.Shards.ShouldContainKey("1");
        Decide(new HandOffBegun("1", 2, _a));
        Decide(new HandOffBegun("1", 2, _b));

        _effects.ShouldBe([Tell(_a, new HandOff("1", 2))]);
    }

    [Fact]
    public void Hand_off_is_repeated_to_those_that_have_not_answered_and_given_up_in_the_end()
    {
        Register(_a, _b);
        Allocate("1", _a);
        Decide(new ShardsChosen(Set("1")));
        Decide(new HandOffBegun("1", 1, _a));
        Decide(new HomeAsked("1", _a));

        for (var i = 0; i < MaxRetries; i++)
        {
            Decide(new RetryDue());
            _effects.ShouldBe([Tell(_b, new BeginHandOff("1", 1))]);
        }

        Decide(new RetryDue());

        _effects.ShouldBe([Tell(_a, new ShardLivesAt("1", _a))]);
        _coordination.HandOffs.ShouldBeEmpty();
    }

    [Fact]
    public void Order_to_stop_is_repeated_without_an_end()
    {
        Register(_a);
        Allocate("1", _a);
        Decide(new ShardsChosen(Set("1")));
        Decide(new HandOffBegun("1", 1, _a));

        for (var i = 0; i < MaxRetries * 10; i++)
        {
            Decide(new RetryDue());
            _effects.ShouldBe([Tell(_a, new HandOff("1", 1))]);
        }
    }

    [Fact]
    public void Death_of_a_region_frees_its_shards_and_is_no_reason_to_wait_for_it()
    {
        Register(_a, _b);
        Allocate("1", _a);
        Allocate("2", _b);
        Decide(new ShardsChosen(Set("1", "2")));
        Decide(new HandOffBegun("2", 2, _b));
        Decide(new HomeAsked("1", _b));

        Decide(new RegionDied(_a));

        _stored[^1].ShouldBe(new RegionGone(_a));
        _coordination.State.Shards.ShouldBe([KeyValuePair.Create("2", _b)]);
        _effects.ShouldBe([Tell(_b, new HandOff("2", 2)), new ChooseRegion("1", _b)]);
    }

    [Fact]
    public void Death_of_a_node_takes_its_regions_and_proxies()
    {
        Register(_a, _b);
        Decide(new RegionRegisters(_proxy, NodeOf(_a), true, []));

        Decide(new NodeDied(NodeOf(_a)));

        _coordination.State.All.ShouldBe([_b]);
    }

    [Fact]
    public void Region_that_leaves_gets_rid_of_all_shards_and_is_let_go_then()
    {
        Register(_a, _b);
        Allocate("1", _a);
        Allocate("2", _a);

        Decide(new RegionWantsToLeave(_a));
        Told<BeginHandOff>().Count().ShouldBe(4);
        Told<RegionIsEmpty>().ShouldBeEmpty();
        _coordination.Candidates.Keys.ShouldBe([_b]);
        Acknowledge("1", 1);
        Acknowledge("2", 2);
        Decide(new ShardHasStopped("1", 1));
        Told<RegionIsEmpty>().ShouldBeEmpty();
        Decide(new ShardHasStopped("2", 2));

        _effects.ShouldBe([Tell(_a, new RegionIsEmpty())]);
    }

    [Fact]
    public void Region_without_shards_may_leave_at_once()
    {
        Register(_a, _b);

        Decide(new RegionWantsToLeave(_a));

        _effects.ShouldBe([Tell(_a, new RegionIsEmpty())]);
    }

    [Fact]
    public void New_coordinator_allocates_nothing_before_all_regions_that_it_knows_of_have_registered()
    {
        Register(_a, _b);
        Allocate("1", _a);
        Restart();

        Register(_b);
        Decide(new HomeAsked("1", _b));
        _effects.ShouldBe([Tell(_b, new ShardLivesAt("1", _a))], "what is stored may be told");
        Decide(new HomeAsked("2", _b));
        Decide(new RetryDue());
        Decide(new RebalanceDue());
        _effects.ShouldBeEmpty();
        Register(_a);

        _effects.ShouldContain(new ChooseRegion("2", _b));
    }

    [Fact]
    public void New_coordinator_waits_for_no_region_that_has_died()
    {
        Register(_a, _b);
        Restart();
        Register(_b);
        Decide(new HomeAsked("2", _b));

        Decide(new RegionDied(_a));

        _effects.ShouldBe([new ChooseRegion("2", _b)]);
    }

    [Fact]
    public void Shard_that_a_region_runs_and_the_state_has_lost_is_the_regions()
    {
        Decide(new RegionRegisters(_a, NodeOf(_a), false, ["1"]));

        _stored[^1].ShouldBe(new ShardAllocated("1", _a));
    }

    [Fact]
    public void Shard_that_a_region_runs_against_the_state_is_stopped_there()
    {
        Register(_b);
        Allocate("1", _b);

        Decide(new RegionRegisters(_a, NodeOf(_a), false, ["1"]));

        _effects.ShouldContain(Tell(_a, new HandOff("1", 1)));
        _coordination.State.Shards["1"].ShouldBe(_b);
    }

    [Fact]
    public void Region_that_takes_the_place_of_another_one_buries_it()
    {
        Register(_a);
        Allocate("1", _a);
        var next = new TestRef("a", uid: 2);

        Register(next);

        _stored[^2..].ShouldBe([new RegionGone(_a), new RegionAdded(next, NodeOf(next), false)]);
        _coordination.State.Shards.ShouldBeEmpty();
    }

    [Fact]
    public void State_is_what_its_events_make_of_it()
    {
        Register(_a, _b);
        Allocate("1", _a);
        Allocate("2", _b);
        HandOff("1", 1);
        Allocate("1", _b);

        var replayed = _stored.Aggregate(CoordinatorState.Empty, static (state, e) => state.Apply(e));
        replayed.Shards.ShouldBe(_coordination.State.Shards);
        replayed.Regions.Select(static r => (r.Ref, string.Join(",", r.Shards))).ShouldBe([(_a, ""), (_b, "2,1")]);
        CoordinatorState.From(replayed.Regions, replayed.Proxies).Shards.ShouldBe(replayed.Shards);
    }

    private static UniqueAddress NodeOf(IActorRef region) => new(region.Path.Address, (int)region.Path.Uid);

    private static ImmutableHashSet<string> Set(params string[] shards) => [.. shards];

    private static CoordinatorEffect Tell(IActorRef region, object message) => new TellRegion(region, message);

    private IEnumerable<IActorRef> Told<T>() =>
        _effects.OfType<TellRegion>().Where(static tell => tell.Message is T).Select(static tell => tell.Region);

    private void Register(params IActorRef[] regions)
    {
        foreach (var region in regions)
            Decide(new RegionRegisters(region, NodeOf(region), false, []));
    }

    private void Allocate(string shard, IActorRef region)
    {
        Decide(new HomeAsked(shard, region));
        Decide(new RegionChosen(shard, region));
    }

    private void HandOff(string shard, long round)
    {
        Decide(new ShardsChosen(Set(shard)));
        Acknowledge(shard, round);
        Decide(new ShardHasStopped(shard, round));
    }

    private void Acknowledge(string shard, long round)
    {
        foreach (var region in _coordination.State.All)
            Decide(new HandOffBegun(shard, round, region));
    }

    /// <summary>The coordinator has died; its successor knows what was stored.</summary>
    private void Restart() => _coordination = new Coordination(_coordination.State, MaxRetries);

    private void Decide(CoordinatorInput input)
    {
        var decision = _coordination.Decide(input);
        _coordination = decision.Next;
        _stored.AddRange(decision.Events);
        _effects = [.. decision.Effects];
    }
}
