using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;

namespace Akka.Embedded.Tests.Internals.Sharding;

public sealed class LeastShardAllocationTests
{
    private readonly Dictionary<string, MemberStatus> _members = new()
    {
        ["a"] = MemberStatus.Up,
        ["b"] = MemberStatus.Up,
        ["c"] = MemberStatus.Up,
    };

    private readonly List<string> _unreachable = [];

    [Theory]
    [InlineData("a=3 b=1 c=2", "b")]
    [InlineData("a=0 b=0 c=0", "a")]
    [InlineData("a=1 b=1 c=0", "c")]
    public async Task Shard_goes_to_the_region_with_the_fewest(string allocations, string expected)
    {
        (await Allocate(allocations)).ShouldBe(expected);
    }

    [Fact]
    public async Task Region_of_a_node_that_leaves_is_avoided_if_there_is_another_one()
    {
        _members["b"] = MemberStatus.Leaving;

        (await Allocate("a=3 b=0 c=2")).ShouldBe("c");
        (await Allocate("b=0")).ShouldBe("b");
        (await Rebalance("a=4 b=0", new LeastShardAllocationStrategy(1000, 1.0))).ShouldBe("", "it would get nothing");
    }

    [Theory]
    [InlineData("a=1 b=1 c=1", "")]
    [InlineData("a=2 b=1 c=1", "")]
    [InlineData("a=2 b=2 c=1", "")]
    [InlineData("a=3 b=0", "a1")]
    [InlineData("a=4 b=2 c=0", "a1 a2")]
    [InlineData("a=9 b=0 c=0", "a1 a2 a3 a4 a5 a6")]
    [InlineData("a=0", "")]
    public async Task What_is_beyond_an_even_share_moves(string allocations, string expected)
    {
        (await Rebalance(allocations, new LeastShardAllocationStrategy(1000, 1.0))).ShouldBe(expected);
    }

    [Theory]
    [InlineData("a=5 b=5 c=3", "a1")]
    [InlineData("a=4 b=4 c=2", "a1")]
    [InlineData("a=5 b=5 c=2", "a1 b1")]
    [InlineData("a=6 b=5 c=4", "a1")]
    public async Task Nobody_keeps_two_less_than_another_one(string allocations, string expected)
    {
        (await Rebalance(allocations, new LeastShardAllocationStrategy(1000, 1.0))).ShouldBe(expected);
    }

    [Theory]
    [InlineData(3, 1.0, 3)]
    [InlineData(1000, 0.1, 2)]
    [InlineData(0, 0.0, 1)]
    public async Task Both_limits_hold_and_one_shard_may_always_move(int absolute, double relative, int expected)
    {
        var moved = await Rebalance("a=20 b=0", new LeastShardAllocationStrategy(absolute, relative));

        moved.Split(' ').Length.ShouldBe(expected);
    }

    [Fact]
    public async Task Nothing_moves_while_a_round_is_under_way_a_node_joins_or_cant_be_reached()
    {
        var strategy = new LeastShardAllocationStrategy(1000, 1.0);
        (await Rebalance("a=4 b=0", strategy, "a1")).ShouldBe("");
        _members["d"] = MemberStatus.Joining;
        (await Rebalance("a=4 b=0", strategy)).ShouldBe("");
        _members["d"] = MemberStatus.Up;
        (await Rebalance("a=4 b=0", strategy)).ShouldNotBe("");
        _unreachable.Add("d");
        (await Rebalance("a=4 b=0", strategy)).ShouldBe("");
    }

    [Fact]
    public async Task Rounds_come_to_an_end_at_which_no_region_has_two_more_than_another_one()
    {
        var random = new Random(1);
        _members["d"] = _members["e"] = MemberStatus.Up;
        for (var i = 0; i < 500; i++)
        {
            var regions = Enumerable.Range(0, random.Next(1, 6))
                .ToDictionary(static r => (IActorRef)new TestRef(((char)('a' + r)).ToString()), _ => new List<string>());
            var refs = regions.Keys.ToList();
            for (var shard = 0; shard < random.Next(60); shard++)
                regions[refs[random.Next(refs.Count)]].Add($"s{shard}");
            var strategy = Started(new LeastShardAllocationStrategy(random.Next(1, 10), random.NextDouble()));

            var rounds = 0;
            while ((await strategy.Rebalance(Immutable(), ImmutableHashSet<string>.Empty)) is { Count: > 0 } moving)
            {
                (++rounds).ShouldBeLessThan(200);
                foreach (var shard in moving)
                {
                    regions.Values.Single(shards => shards.Remove(shard));
                    regions[await strategy.AllocateShard(refs[0], shard, Immutable())].Add(shard);
                }
            }

            (regions.Values.Max(static s => s.Count) - regions.Values.Min(static s => s.Count)).ShouldBeLessThan(2);

            ImmutableDictionary<IActorRef, IImmutableList<string>> Immutable() =>
                regions.ToImmutableDictionary(static r => r.Key, static r => (IImmutableList<string>)[.. r.Value]);
        }
    }

    private async Task<string> Allocate(string allocations)
    {
        var strategy = Started(new LeastShardAllocationStrategy(10, 0.1));
        return (await strategy.AllocateShard(new TestRef("a"), "new", Parse(allocations))).Path.Address.Host!;
    }

    private async Task<string> Rebalance(string allocations, LeastShardAllocationStrategy strategy, params string[] underWay) =>
        string.Join(' ', (await Started(strategy).Rebalance(Parse(allocations), underWay.ToImmutableHashSet())).Order());

    private LeastShardAllocationStrategy Started(LeastShardAllocationStrategy strategy)
    {
        strategy.Start(
            () => new ClusterEvent.CurrentClusterState(
                [.. _members.Select(m => Member(m.Key, m.Value))],
                [.. _unreachable.Select(host => Member(host, _members[host]))],
                [],
                null,
                ImmutableDictionary<string, Address?>.Empty),
            static () => null);
        return strategy;
    }

    private static Member Member(string host, MemberStatus status) =>
        new(new UniqueAddress(new TestRef(host).Path.Address, 1), status, []);

    // "a=2 b=1": shards a1 and a2 on a, b1 on b.
    private static ImmutableDictionary<IActorRef, IImmutableList<string>> Parse(string allocations) => allocations
        .Split(' ')
        .Select(static region => region.Split('='))
        .ToImmutableDictionary(
            static region => (IActorRef)new TestRef(region[0]),
            static region => (IImmutableList<string>)[.. Enumerable.Range(1, int.Parse(region[1])).Select(i => region[0] + i)]);
}
