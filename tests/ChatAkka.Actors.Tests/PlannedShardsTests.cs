using System.Collections.Immutable;
using Akka.Actor;
using ChatAkka.Domain.Discovery;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Tests;

/// <summary>Shards lie where the plan has them, those of users and of channels alike.</summary>
public sealed class PlannedShardsTests : Akka.TestKit.Xunit2.TestKit
{
    private const int Shards = 60;

    private readonly IActorRef[] _regions;
    private readonly PlannedShards _strategy = new(Shards);
    private PlannedShards.Nodes _nodes = new([Name(1), Name(2), Name(3)], AreSettled: true);

    public PlannedShardsTests()
    {
        _regions = [.. Enumerable.Range(1, 3).Select(n => CreateTestProbe(Name(n)).Ref)];
        _strategy.Start(() => _nodes, region => region.Path.Name);
    }

    [Fact]
    public async Task Direct_channel_is_where_one_of_its_users_is()
    {
        var users = new UserExtractor(Shards);
        var channels = new ChannelExtractor(Shards);
        var (anna, ben) = (new UserId("117300000000000001"), new UserId("117300000000000002"));

        var shard = channels.ShardId(ChannelId.Direct(ben, anna).Value);

        shard.ShouldBe(users.ShardId(anna.Value));
        shard.ShouldBe($"{UserExtractor.ShardOf(anna, Shards)}");
        (await HomeAsync(shard)).Path.Name.ShouldBe(Plan(1, 2, 3).HomeOf(int.Parse(shard)));
    }

    [Fact]
    public async Task Shard_goes_to_no_node_that_leaves()
    {
        _nodes = new([Name(1), Name(3)], AreSettled: false);

        for (var shard = 0; shard < Shards; shard++)
        {
            (await HomeAsync($"{shard}")).Path.Name.ShouldBe(Plan(1, 3).HomeOf(shard));
        }
    }

    [Fact]
    public async Task Misplaced_shards_move_a_few_at_a_time_until_none_is()
    {
        var allocations = _regions.ToImmutableDictionary(region => region, _ => (IImmutableList<string>)[])
            .SetItem(_regions[0], [.. Enumerable.Range(0, Shards).Select(shard => $"{shard}")]);
        for (var rounds = 0; await _strategy.Rebalance(allocations, []) is { Count: > 0 } moving; rounds++)
        {
            moving.Count.ShouldBeLessThanOrEqualTo(Shards / 10);
            rounds.ShouldBeLessThan(10);
            foreach (var shard in moving)
            {
                allocations = allocations.SetItem(_regions[0], allocations[_regions[0]].Remove(shard));
                var home = await HomeAsync(shard);
                allocations = allocations.SetItem(home, allocations[home].Add(shard));
            }
        }

        allocations.Values.Select(shards => shards.Count).ShouldAllBe(count => count == Shards / 3);
    }

    [Fact]
    public async Task Nothing_moves_while_something_moves_or_nodes_are_not_settled()
    {
        var allocations = _regions.ToImmutableDictionary(region => region, _ => (IImmutableList<string>)[])
            .SetItem(_regions[0], [.. Enumerable.Range(0, Shards).Select(shard => $"{shard}")]);
        (await _strategy.Rebalance(allocations, ["1"])).ShouldBeEmpty();
        _nodes = _nodes with { AreSettled = false };
        (await _strategy.Rebalance(allocations, [])).ShouldBeEmpty();
    }

    private static ShardPlan Plan(params int[] nodes) => ShardPlan.Of(nodes.Select(Name), Shards);

    private Task<IActorRef> HomeAsync(string shard) =>
        _strategy.AllocateShard(_regions[1], shard, _regions.ToImmutableDictionary(region => region, _ => (IImmutableList<string>)[]));

    private static string Name(int node) => $"node-{node}";
}
