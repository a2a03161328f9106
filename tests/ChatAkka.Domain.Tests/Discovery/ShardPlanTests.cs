using ChatAkka.Domain.Discovery;

namespace ChatAkka.Domain.Tests.Discovery;

public sealed class ShardPlanTests
{
    private const int Shards = 256;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(300)]
    public void Nodes_have_equal_shares(int count)
    {
        var shares = Homes(Names(count)).CountBy(home => home!).Select(home => home.Value).ToArray();

        shares.Max().ShouldBe((Shards + count - 1) / count);
        shares.Sum().ShouldBe(Shards);
    }

    [Fact]
    public void Plan_depends_on_nothing_but_the_nodes() =>
        Homes([.. Names(5).Reverse(), "node-1"]).ShouldBe(Homes(Names(5)));

    [Theory]
    [InlineData(3)]
    [InlineData(9)]
    public void Few_shards_move_when_a_node_comes(int count)
    {
        var moved = Homes(Names(count)).Zip(Homes(Names(count + 1))).Where(homes => homes.First != homes.Second).ToArray();

        moved.Length.ShouldBeLessThan(2 * Shards / (count + 1));
        moved.Count(homes => homes.Second == $"node-{count}").ShouldBeGreaterThan(Shards / (count + 1) / 2);
    }

    [Fact]
    public void Without_nodes_there_is_no_home() => ShardPlan.Of([], Shards).HomeOf(3).ShouldBeNull();

    [Theory]
    [InlineData("120603702267478016", 52)]
    [InlineData("1", 143)]
    public void Shard_of_a_name_never_changes(string name, int shard) => ShardPlan.ShardOf(name, Shards).ShouldBe(shard);

    private static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(n => $"node-{n}")];

    private static string[] Homes(IEnumerable<string> nodes)
    {
        var plan = ShardPlan.Of(nodes, Shards);
        return [.. Enumerable.Range(0, Shards).Select(shard => plan.HomeOf(shard)!)];
    }
}
