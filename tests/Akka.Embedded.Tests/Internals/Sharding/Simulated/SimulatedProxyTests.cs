using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Embedded.Tests.Internals.Remote;

namespace Akka.Embedded.Tests.Internals.Sharding.Simulated;

/// <summary>What regions and proxies answer in a cluster, and how they end one by one.</summary>
public sealed class SimulatedProxyTests
{
    [Fact]
    public void Node_without_the_role_reaches_the_entities_and_runs_none()
    {
        var cluster = new ShardedCluster(1, role: "worker");
        cluster.Join("a", "worker");
        cluster.Join("b", "worker");
        var front = cluster.Join("c");
        front.Client.Tell(new Client.Start(TimeSpan.FromMilliseconds(100), Repeats: false), ActorRefs.NoSender);
        cluster.Advance(20);
        cluster.Settle();

        cluster.Ledger.Received.Values.Sum(static numbers => numbers.Count).ShouldBe(cluster.Ledger.Sent);
        cluster.Stats().Where(static node => node.Value.Stats.Count > 0).Select(static node => node.Key).ShouldBe(["a", "b"], ignoreOrder: true);
        front.Region.Path.Name.ShouldBe("entityProxy");
        ClusterSharding.Get(front.Member.System).ShardRegion("entity").ShouldBe(front.Region);
    }

    [Fact]
    public void Every_region_tells_of_all_regions_and_their_entities()
    {
        var cluster = ShardedCluster.Start(1, 3);
        cluster.Begin(repeats: false);
        cluster.Advance(20);

        foreach (var node in cluster.Nodes)
        {
            var regions = cluster.Cluster.Await(node.Region.Ask<CurrentRegions>(GetCurrentRegions.Instance, TimeSpan.FromSeconds(3)));
            regions.Regions.ShouldBe(new[] { "a", "b", "c" }.Select(SimulatedCluster.AddressOf), ignoreOrder: true);
            var all = cluster.Cluster.Await(node.Region.Ask<ClusterShardingStats>(
                new GetClusterShardingStats(TimeSpan.FromSeconds(3)), TimeSpan.FromSeconds(5)));
            foreach (var (host, stats) in cluster.Stats())
                all.Regions[SimulatedCluster.AddressOf(host)].ShouldBe(stats);
            var state = cluster.Cluster.Await(node.Region.Ask<CurrentShardRegionState>(GetShardRegionState.Instance, TimeSpan.FromSeconds(3)));
            state.Shards.Sum(static shard => shard.EntityIds.Count).ShouldBe(cluster.Stats()[node.Host].Stats.Values.Sum());
        }
    }

    [Fact]
    public void Statistics_leave_out_nodes_that_dont_answer_in_time()
    {
        var cluster = ShardedCluster.Start(1, 3);
        cluster.Begin(repeats: false);
        cluster.Advance(10);
        cluster["c"].Member.Node.Pause();

        var all = cluster.Cluster.Await(cluster["b"].Region.Ask<ClusterShardingStats>(
            new GetClusterShardingStats(TimeSpan.FromSeconds(1)), TimeSpan.FromSeconds(5)));

        all.Regions.Keys.ShouldBe(new[] { "a", "b" }.Select(SimulatedCluster.AddressOf), ignoreOrder: true);
    }

    [Fact]
    public void Region_that_is_shut_down_alone_hands_its_shards_over()
    {
        var cluster = ShardedCluster.Start(2, 3);
        cluster.Begin(repeats: false);
        cluster.Advance(10);
        var leaving = cluster["b"];
        leaving.Client.Tell(Client.Stop, ActorRefs.NoSender);
        cluster.Advance(1);

        leaving.Region.Tell(GracefulShutdown.Instance, ActorRefs.NoSender);
        cluster.Advance(20);
        cluster.Nodes.Remove(leaving);
        cluster.Settle();

        cluster.Ledger.Received.Values.Sum(static numbers => numbers.Count).ShouldBe(cluster.Ledger.Sent);
        var regions = cluster.Cluster.Await(cluster["a"].Region.Ask<CurrentRegions>(GetCurrentRegions.Instance, TimeSpan.FromSeconds(3)));
        regions.Regions.ShouldBe(new[] { "a", "c" }.Select(SimulatedCluster.AddressOf), ignoreOrder: true);
    }

    [Fact]
    public void Proxy_without_a_cluster_is_refused()
    {
        using var system = ActorSystem.Create("alone");

        Should.Throw<InvalidOperationException>(
            () => ClusterSharding.Get(system).StartProxy("entity", null, HashCodeMessageExtractor.Create(1, static _ => null)));
    }
}
