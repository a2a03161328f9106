using ChatAkka.Domain.Discovery;

namespace ChatAkka.Domain.Tests.Discovery;

public sealed class NodeChoiceTests
{
    [Fact]
    public void Nodes_of_the_region_come_first_however_loaded() =>
        Names([Node("a", "eu", 10), Node("b", "us", 90_000), Node("c", "eu", 20_000)], "us").ShouldBe(["b", "a", "c"]);

    [Fact]
    public void Less_loaded_nodes_come_first() =>
        Names([Node("a", "eu", 9_000), Node("b", "eu", 100), Node("c", "eu", 2_000)], "eu").ShouldBe(["b", "c", "a"]);

    [Fact]
    public void Draining_node_is_not_offered() =>
        Names([Node("a", "eu", 9_000), Node("b", "eu", 0) with { IsDraining = true }], "eu").ShouldBe(["a"]);

    [Fact]
    public void Draining_node_is_better_than_none() =>
        Names([Node("b", "eu", 0) with { IsDraining = true }], "eu").ShouldBe(["b"]);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(10_000, 10_500)]
    public void Clients_spread_over_near_equals(int first, int second)
    {
        var random = new Random(1);
        NodeInfo[] nodes = [Node("a", "eu", first), Node("b", "eu", second)];

        var toFirst = Enumerable.Range(0, 1_000).Count(_ => NodeChoice.BestFirst(nodes, "eu", null, random.NextDouble)[0].Name == "a");

        toFirst.ShouldBeInRange(400, 800);
    }

    [Theory]
    [InlineData(1_000, 1_500, "home")]
    [InlineData(1_000, 1_700, "a")] // much more loaded
    [InlineData(0, 90, "home")]
    public void Where_the_user_lives_comes_first_if_it_is_not_much_more_loaded(int other, int home, string first)
    {
        var node = Node("home", "eu", home);

        Names([Node("a", "eu", other), node], "eu", node)[0].ShouldBe(first);
        Names([Node("a", "us", other), node], "us", node)[0].ShouldBe("a", "another region");
        Names([Node("a", "eu", other), node with { IsDraining = true }], "eu", node with { IsDraining = true }).ShouldBe(["a"]);
    }

    private static NodeInfo Node(string name, string region, int sockets) => new("1", name, $"ws://{name}/v1/ws", region, sockets, false);

    private static string[] Names(NodeInfo[] nodes, string region, NodeInfo? home = null) =>
        [.. NodeChoice.BestFirst(nodes, region, home, new Random(1).NextDouble).Select(node => node.Name)];
}
