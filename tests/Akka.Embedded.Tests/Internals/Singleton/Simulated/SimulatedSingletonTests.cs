using System.Globalization;
using Akka.Actor;

namespace Akka.Embedded.Tests.Internals.Singleton.Simulated;

/// <summary>Singletons in clusters of simulated nodes. <c>CHATAKKA_SEEDS</c> raises the number of seeds.</summary>
public sealed class SimulatedSingletonTests
{
    private static IEnumerable<int> Seeds(int usual)
    {
        var times = int.Parse(Environment.GetEnvironmentVariable("CHATAKKA_SEEDS") ?? "1", CultureInfo.InvariantCulture);
        return Enumerable.Range(1, usual * times);
    }

    [Fact]
    public void Oldest_node_runs_it_and_every_node_reaches_it()
    {
        foreach (var seed in Seeds(5))
        {
            var cluster = SingletonCluster.Start(seed, 3);
            cluster.Advance(5);

            cluster.Alive.Single().Node.Host.ShouldBe("a");
            foreach (var node in cluster.Nodes)
                cluster.Cluster.Await(node.Proxy.Ask<string>("hello", TimeSpan.FromSeconds(3))).ShouldBe("hello at a");
        }
    }

    [Fact]
    public void Node_that_leaves_hands_it_over_to_the_next_one()
    {
        foreach (var seed in Seeds(10))
        {
            var cluster = SingletonCluster.Start(seed, 3);
            foreach (var next in new[] { "b", "c" })
            {
                cluster.Leave(cluster.Nodes[0]);
                cluster.Until(() => cluster.Alive.Count == 1, 5, "it doesn't run again");
                cluster.Alive.Single().Node.Host.ShouldBe(next);
            }

            cluster.Leave(cluster.Nodes[0]);
            cluster.Alive.ShouldBeEmpty();
            cluster.LongestOverlap.ShouldBe(TimeSpan.Zero, $"seed {seed}");
        }
    }

    [Fact]
    public void Two_oldest_nodes_that_leave_at_the_same_time_leave_it_to_the_third()
    {
        foreach (var seed in Seeds(10))
        {
            var cluster = SingletonCluster.Start(seed, 4);
            var both = new[] { cluster["a"].Member.System.Terminate(), cluster["b"].Member.System.Terminate() };
            cluster.Until(() => both.All(static task => task.IsCompleted), 60, "they don't terminate");
            cluster.Until(() => cluster.Alive.Count == 1 && cluster.Alive[0].Node.Host == "c", 10, "it doesn't run at c");

            cluster.LongestOverlap.ShouldBe(TimeSpan.Zero, $"seed {seed}");
        }
    }

    [Fact]
    public void Node_that_dies_is_succeeded_by_the_next_one()
    {
        foreach (var seed in Seeds(10))
        {
            var cluster = SingletonCluster.Start(seed, 3);
            cluster.Kill(cluster["a"]);
            cluster.Until(() => cluster.Alive.Count == 1, 30, "it doesn't run again");

            cluster.Alive.Single().Node.Host.ShouldBe("b");
        }
    }

    [Fact]
    public void Torn_off_oldest_node_has_stopped_it_before_the_others_start_it()
    {
        foreach (var seed in Seeds(10))
        {
            var cluster = SingletonCluster.Start(seed, 3);
            cluster.Advance(5);
            cluster.Cluster.Network.Partition(["a"], ["b", "c"]);
            cluster.Until(() => cluster.Alive.Any(static only => only.Node.Host == "b"), 60, "it doesn't run at b");

            cluster.LongestOverlap.ShouldBe(TimeSpan.Zero, $"seed {seed}");
            cluster.Alive.Count.ShouldBe(1);
        }
    }

    [Fact]
    public void Proxy_holds_messages_until_there_is_a_singleton_and_delivers_them_in_order()
    {
        foreach (var seed in Seeds(5))
        {
            var cluster = new SingletonCluster(seed);
            var node = cluster.StartNode("a");
            for (var i = 0; i < 100; i++)
                node.Proxy.Tell($"{i}", ActorRefs.NoSender);
            cluster.Advance(20);

            cluster.Received.ShouldBe(Enumerable.Range(0, 100).Select(static i => $"{i}"));
        }
    }

    [Fact]
    public void Proxy_with_a_full_buffer_drops_the_oldest_messages()
    {
        var cluster = new SingletonCluster(1);
        var node = cluster.StartNode("a", bufferSize: 10);
        for (var i = 0; i < 100; i++)
            node.Proxy.Tell($"{i}", ActorRefs.NoSender);
        cluster.Advance(20);

        cluster.Received.ShouldBe(Enumerable.Range(90, 10).Select(static i => $"{i}"));
    }

    [Fact]
    public void Proxy_finds_it_again_wherever_it_goes()
    {
        foreach (var seed in Seeds(10))
        {
            var cluster = SingletonCluster.Start(seed, 4);
            cluster.Advance(3);
            var proxy = cluster["c"].Proxy;
            cluster.Leave(cluster["a"]);
            cluster.Cluster.Await(proxy.Ask<string>("hello", TimeSpan.FromSeconds(10))).ShouldBe("hello at b");
            cluster.Kill(cluster["b"]);
            // The proxy doesn't know yet: what it sends now is lost.
            cluster.Until(() => cluster.Alive.Count == 1, 30, "it doesn't run again");
            cluster.Advance(2);
            cluster.Cluster.Await(proxy.Ask<string>("hello", TimeSpan.FromSeconds(10))).ShouldBe("hello at c");
        }
    }

    [Fact]
    public void Whatever_happens_to_the_nodes_there_is_one_in_the_end_and_never_two_for_long()
    {
        foreach (var seed in Seeds(20))
        {
            var cluster = SingletonCluster.Start(seed, 3);
            for (var round = 0; round < 10; round++)
                Happen(cluster);
            cluster.Cluster.Network.Heal();
            cluster.Until(
                () => cluster.Nodes.Count > 0 && cluster.Nodes.TrueForAll(node => node.IsUp && Knows(node, cluster.Nodes.Count)),
                120,
                "the nodes aren't one cluster");
            cluster.Until(() => cluster.Alive.Count == 1, 30, "there isn't one singleton");

            // Only a node that stood still while it was declared dead may be late.
            cluster.LongestOverlap.ShouldBeLessThan(TimeSpan.FromSeconds(5), $"seed {seed}");
        }
    }

    private static bool Knows(SingletonNode node, int members) =>
        Akka.Cluster.Cluster.Get(node.Member.System).State.Members.Count == members;

    private static void Happen(SingletonCluster cluster)
    {
        var any = cluster.Nodes.Count > 0 ? cluster.Nodes[cluster.Random.Next(cluster.Nodes.Count)] : null;
        switch (cluster.Nodes.Count < 3 ? 0 : cluster.Random.Next(4))
        {
            case 0 when cluster.Nodes.Count < 5:
                var host = "abcdefgh".First(host => cluster.Nodes.TrueForAll(node => node.Host != $"{host}"));
                cluster.StartNode($"{host}");
                break;
            case 1 when cluster.Nodes.Count > 3:
                cluster.Kill(any!);
                break;
            case 2 when cluster.Nodes.Count > 3:
                cluster.Leave(any!);
                break;
            default:
                var others = cluster.Nodes.Where(node => node != any).Select(static node => node.Host).ToList();
                cluster.Cluster.Network.Partition([any!.Host], others);
                cluster.Advance(cluster.Random.NextDouble() * 15);
                cluster.Cluster.Network.Heal();
                break;
        }

        cluster.Advance(cluster.Random.NextDouble() * 10);
        foreach (var node in cluster.Nodes.Where(static node => node.Member.System.WhenTerminated.IsCompleted).ToList())
            cluster.Kill(node);
    }
}
