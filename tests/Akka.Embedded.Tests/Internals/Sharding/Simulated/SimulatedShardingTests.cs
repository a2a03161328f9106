using System.Globalization;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Embedded.Tests.Internals.Remote;

namespace Akka.Embedded.Tests.Internals.Sharding.Simulated;

/// <summary>Sharding in clusters of simulated nodes, with faults drawn from a seed. <c>CHATAKKA_SEEDS</c> raises their number.</summary>
public sealed class SimulatedShardingTests
{
    private static IEnumerable<int> Seeds(int usual)
    {
        var times = int.Parse(Environment.GetEnvironmentVariable("CHATAKKA_SEEDS") ?? "1", CultureInfo.InvariantCulture);
        return Enumerable.Range(1, usual * times);
    }

    [Fact]
    public void Entities_are_spread_over_the_nodes_and_reached_from_each()
    {
        foreach (var seed in Seeds(5))
        {
            var cluster = ShardedCluster.Start(seed, 3);
            cluster.Begin(repeats: false);
            cluster.Advance(30);
            cluster.Settle();

            ExactlyOnce(cluster);
            EvenlySpread(cluster);
            cluster.Ledger.Errors.ShouldBeEmpty();
        }
    }

    [Fact]
    public void Node_that_joins_gets_shards_and_no_message_is_lost()
    {
        foreach (var seed in Seeds(10))
        {
            var cluster = ShardedCluster.Start(seed, 1);
            cluster.Begin(repeats: false);
            cluster.Advance(10);
            cluster.Join("b").Begin(repeats: false);
            cluster.Advance(20);
            cluster.Join("c").Begin(repeats: false);
            cluster.Advance(40);
            cluster.Settle();

            ExactlyOnce(cluster);
            EvenlySpread(cluster);
            cluster.Ledger.Errors.ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    [InlineData("c")]
    public void Node_that_leaves_loses_no_message(string leaving)
    {
        foreach (var seed in Seeds(10))
        {
            var cluster = ShardedCluster.Start(seed, 3, TimeSpan.FromSeconds(3));
            cluster.Begin(repeats: false);
            cluster.Advance(10 + cluster.Random.Next(10));
            cluster.Leave(cluster[leaving]);
            cluster.Advance(20);
            cluster.Settle();

            ExactlyOnce(cluster);
            cluster.Nodes.ShouldAllBe(node => node.IsUp);
            cluster.Ledger.Errors.ShouldBeEmpty();
        }
    }

    [Fact]
    public void What_a_sender_tells_an_entity_arrives_in_order_while_its_shard_moves_over_links_of_different_speed()
    {
        foreach (var seed in Seeds(10))
        {
            var cluster = ShardedCluster.Start(seed, 4);
            cluster.Cluster.Network.MaxLatency = TimeSpan.FromMilliseconds(20);
            cluster.Begin(repeats: false);
            cluster.Advance(10);
            cluster["b"].Client.Tell(Client.Stop, ActorRefs.NoSender);
            foreach (var node in cluster.Nodes.Where(static node => node.Host != "b"))
                node.Begin(repeats: false, everyMs: 2);
            cluster.Advance(0.2);
            // Its shards are among those that get most messages, and all of them move.
            cluster["b"].Region.Tell(GracefulShutdown.Instance, ActorRefs.NoSender);
            cluster.Advance(1.5);
            cluster.Settle();

            ExactlyOnce(cluster);
        }
    }

    [Fact]
    public void Last_node_terminates_quickly()
    {
        foreach (var seed in Seeds(5))
        {
            var cluster = ShardedCluster.Start(seed, 2);
            cluster.Begin(repeats: false);
            cluster.Advance(10);
            cluster.Leave(cluster["a"]);
            cluster.Leave(cluster["b"], limit: 10);
            cluster.Ledger.Overlaps.ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData("a")]
    [InlineData("c")]
    [InlineData("a", "b")]
    [InlineData("b", "c")]
    public void Nodes_that_die_take_no_entity_with_them(params string[] dying)
    {
        foreach (var seed in Seeds(10))
        {
            var cluster = ShardedCluster.Start(seed, 5);
            cluster.Begin(repeats: true);
            cluster.Advance(10 + cluster.Random.NextDouble());
            foreach (var host in dying)
                cluster.Kill(cluster[host]);
            cluster.Advance(30);
            cluster.Settle();

            cluster.Ledger.Overlaps.ShouldBeEmpty($"seed {seed}");
        }
    }

    [Fact]
    public void Rolling_restart_of_all_nodes_loses_no_message()
    {
        foreach (var seed in Seeds(10))
        {
            var cluster = ShardedCluster.Start(seed, 3);
            cluster.Begin(repeats: true);
            cluster.Advance(10);
            foreach (var host in new[] { "a", "b", "c" })
            {
                cluster.Leave(cluster[host]);
                cluster.Advance(cluster.Random.Next(5));
                cluster.Join(host).Begin(repeats: true);
                cluster.Advance(cluster.Random.Next(15));
            }

            cluster.Settle();

            cluster.Ledger.Overlaps.ShouldBeEmpty($"seed {seed}");
            cluster.Ledger.Errors.ShouldBeEmpty();
        }
    }

    [Fact]
    public void Minority_of_a_torn_cluster_stops_and_overlaps_no_longer_than_that_takes()
    {
        foreach (var seed in Seeds(10))
        {
            var cluster = ShardedCluster.Start(seed, 5);
            cluster.Begin(repeats: true);
            cluster.Advance(10);
            var minority = cluster.Nodes.OrderBy(_ => cluster.Random.Next()).Take(2).ToList();
            var majority = cluster.Nodes.Except(minority).ToList();

            cluster.Cluster.Network.Partition([.. minority.Select(n => n.Host)], [.. majority.Select(n => n.Host)]);
            cluster.Until(
                () => minority.TrueForAll(static node => node.Member.System.WhenTerminated.IsCompleted), 60, "the minority doesn't stop");
            minority.ForEach(cluster.Kill);
            cluster.Cluster.Network.Heal();
            cluster.Advance(10);
            cluster.Settle();

            cluster.Ledger.AnyOverlap.ShouldBeFalse();
            cluster.Ledger.Overlaps.ShouldAllBe(static overlap => overlap.Duration < TimeSpan.FromSeconds(12), $"seed {seed}");
        }
    }

    [Fact]
    public void Whatever_happens_all_messages_are_answered_in_the_end_and_entities_are_alone()
    {
        foreach (var seed in Seeds(20))
        {
            var cluster = ShardedCluster.Start(seed, 4, TimeSpan.FromSeconds(5));
            cluster.Begin(repeats: true);
            cluster.Cluster.Network.BreakProbability = 0.001;
            for (var round = 0; round < 8; round++)
                new Trouble(cluster).Happen();
            cluster.Cluster.Network.BreakProbability = 0;
            cluster.Cluster.Network.Heal();
            cluster.Until(
                () => cluster.Nodes.TrueForAll(node => node.Membership.State.Members.Count == cluster.Nodes.Count && node.IsUp),
                120,
                "the nodes aren't one cluster");
            cluster.Advance(10);
            cluster.Settle();

            cluster.Ledger.AnyOverlap.ShouldBeFalse($"seed {seed}");
            cluster.Ledger.Overlaps.ShouldAllBe(static overlap => overlap.Duration < TimeSpan.FromSeconds(15), $"seed {seed}");
        }
    }

    private static void EvenlySpread(ShardedCluster cluster)
    {
        var shards = cluster.Stats().Values.Select(static region => region.Stats.Count).ToList();
        shards.Min().ShouldBeGreaterThan(0, $"seed {cluster.Seed}");
        (shards.Max() - shards.Min()).ShouldBeLessThan(2, $"seed {cluster.Seed}");
    }

    /// <summary>Everything that clients have sent has come once, and in their order.</summary>
    private static void ExactlyOnce(ShardedCluster cluster)
    {
        cluster.Ledger.Received.Values.Sum(static numbers => numbers.Count).ShouldBe(cluster.Ledger.Sent, $"seed {cluster.Seed}");
        foreach (var ((client, entity), numbers) in cluster.Ledger.Received)
            numbers.ShouldBe(numbers.Order().Distinct(), $"seed {cluster.Seed}: {client} to {entity}");
        cluster.Ledger.Overlaps.ShouldBeEmpty($"seed {cluster.Seed}");
    }
}
