using ChatAkka.MultiNode.Tests.Harness;
using Xunit.Abstractions;

namespace ChatAkka.MultiNode.Tests.Nodes;

/// <summary>Clients are told of the nodes that there are.</summary>
public sealed class DiscoveryTests(PlainCluster cluster, ITestOutputHelper output) : ClusterTest(cluster), IClassFixture<PlainCluster>
{
    private static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(15); // noticed, agreed on, told

    [SkippableFact]
    public Task Every_node_offers_all_nodes() => AllAreOfferedAsync();

    [SkippableFact]
    public async Task Killed_node_is_soon_offered_no_more_and_again_when_it_is_back()
    {
        await AllAreOfferedAsync();

        await Nodes[1].KillAsync();
        Tell(await OffersAsync(Nodes[0], [Nodes[0], Nodes[2]], Forgotten));
        Tell(await OffersAsync(Nodes[2], [Nodes[0], Nodes[2]], Forgotten));

        await Nodes[1].StartAsync();
        await AllAreOfferedAsync();
    }

    [SkippableFact]
    public async Task Node_that_joins_is_offered_and_one_that_leaves_is_not()
    {
        var joiner = Cluster.Add();
        await joiner.StartAsync();
        Tell(await OffersAsync(Nodes[0], [.. Nodes]));
        Tell(await OffersAsync(joiner, [.. Nodes]));

        Cluster.TakeAway(joiner);
        var end = await joiner.StopAsync(TimeSpan.FromSeconds(30));

        end.Code.ShouldBe(0);
        Tell(await OffersAsync(Nodes[0], [.. Nodes.Where(n => n != joiner)]));
    }

    private void Tell(TimeSpan took) => output.WriteLine($"so is the answer after {took.TotalSeconds:0.0} s");
}
