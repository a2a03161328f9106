using Akka.DistributedData;

namespace Akka.Embedded.Tests.Internals.DistributedData;

/// <summary>What goes over the network: changes, and not whole values.</summary>
public sealed class DeltaTrafficTests
{
    private const int Buckets = 16;
    private const int Entries = 500;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Steady_changes_of_large_values_cost_what_the_changes_do(int breaksPerSecond)
    {
        var nodes = ReplicatedNodes.Start(1, 3);
        Fill(nodes);
        nodes.Converge(30);
        nodes.Advance(10);

        var before = nodes.Cluster.Network.Bytes;
        const int seconds = 20;
        for (var i = 0; i < seconds * 10; i++)
        {
            for (var j = 0; j < 10; j++)
                Toggle(nodes, i * 10 + j);
            nodes.Advance(0.1);
            if (breaksPerSecond > 0 && i % (10 / breaksPerSecond) == 0)
                nodes.Cluster.Network.Break("a", "b");
        }

        // 100 changes a second, each to two nodes. One comparison that takes every bucket for different would cost 400,000 bytes.
        var perSecond = (nodes.Cluster.Network.Bytes - before) / seconds;
        perSecond.ShouldBeLessThan(16_000);
        nodes.Converge(10);
    }

    [Fact]
    public void Node_that_joins_while_values_change_gets_each_about_once()
    {
        var nodes = ReplicatedNodes.Start(2, 4);
        Fill(nodes);
        nodes.Converge(30);
        nodes.Advance(10);
        var (toLate, all) = (0L, 0L);
        nodes.Cluster.Network.OnFrame = (_, to, length) =>
        {
            all += length;
            toLate += to == "z" ? length : 0;
        };
        var late = nodes.Join("z");
        for (var i = 0; i < 200; i++)
        {
            for (var j = 0; j < 10; j++)
                Toggle(nodes, i * 10 + j);
            nodes.Advance(0.1);
        }

        nodes.Converge(10);
        late.Replica.Store.Count.ShouldBe(Buckets);
        // Some 30 bytes an entry, once, and the changes of 20 seconds.
        toLate.ShouldBeLessThan(2 * Buckets * Entries * 30 + 20 * 10_000);
    }

    [Fact]
    public void Change_of_most_of_a_value_comes_as_the_value()
    {
        var nodes = ReplicatedNodes.Start(3, 3);
        var key = Bucket(0);
        nodes[0].Update(key, ORSet<long>.Empty, set => Enumerable.Range(0, 5000).Aggregate(set, (s, i) => s.Add(nodes[0].Address, i)));
        nodes.Converge(20);
        nodes[1].Update(key, ORSet<long>.Empty, set => set.Clear(nodes[1].Address));
        nodes.Converge(20);
        nodes.Members.ShouldAllBe(node => node.Copy(key)!.IsEmpty);
    }

    private static ORSetKey<long> Bucket(int number) => new($"presence-{number % Buckets}");

    private static void Fill(ReplicatedNodes nodes)
    {
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            var node = nodes[bucket % nodes.Members.Count];
            var first = bucket * Entries;
            node.Update(
                Bucket(bucket),
                ORSet<long>.Empty,
                set => Enumerable.Range(0, Entries).Aggregate(set, (s, i) => s.Add(node.Address, first + i)));
        }
    }

    private static void Toggle(ReplicatedNodes nodes, int number)
    {
        var node = nodes[nodes.Random.Next(nodes.Members.Count)];
        var bucket = number % Buckets;
        var user = bucket * Entries + nodes.Random.Next(Entries);
        node.Update(
            Bucket(bucket),
            ORSet<long>.Empty,
            set => set.Contains(user) ? set.Remove(node.Address, user) : set.Add(node.Address, user));
    }
}
