using Akka.DistributedData;
using Akka.DistributedData.Replication;

namespace Akka.Embedded.Tests.Internals.DistributedData;

/// <summary>Nodes that were removed are forgotten, and nothing of what they have written is lost.</summary>
public sealed class PruningTests
{
    private static readonly ReplicatorSettings Settings = ReplicatorSettings.Default
        .WithPruning(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10))
        .WithPruningMarkerTimeToLive(TimeSpan.FromSeconds(120));

    private static readonly ORSetKey<string> Set = new("set");
    private static readonly PNCounterKey Count = new("count");
    private static readonly LWWDictionaryKey<string, int> Words = new("words");
    private static readonly ORDictionaryKey<string, PNCounter> Counts = new("counts");

    [Fact]
    public void Removed_node_is_forgotten_and_its_work_is_kept()
    {
        for (var seed = 0; seed < 15; seed++)
        {
            var nodes = ReplicatedNodes.Start(seed, 4, Settings);
            nodes.Cluster.Network.BreakProbability = seed % 2 == 0 ? 0.01 : 0;
            for (var i = 0; i < 40; i++)
                Change(nodes[i % 4], i);
            nodes.Advance(5);
            nodes.Converge(30);
            var removed = nodes[seed % 4];
            nodes.Remove(removed);
            Total(nodes[0]).ShouldBe(40);

            // The others go on all the while.
            for (var i = 40; i < 100; i++)
            {
                Change(nodes[i % 3], i);
                nodes.Advance(0.7);
            }

            nodes.Cluster.Network.BreakProbability = 0;
            nodes.Advance(30);
            nodes.Converge(30);
            foreach (var node in nodes.Members)
            {
                node.Replica.Store.All.ShouldAllBe(entry => !entry.Value.NeedPruningFrom(removed.Address), $"seed {seed}");
                Total(node).ShouldBe(100, $"seed {seed}");
                node.Copy(Count)!.Value.ShouldBe(100, $"seed {seed}");
                node.Copy(Words)!.Count.ShouldBe(100, $"seed {seed}");
                node.Copy(Counts)!["n"].Value.ShouldBe(100, $"seed {seed}");
                node.Replica.Store.All.ShouldAllBe(entry => entry.Value.Pruning[removed.Address] is PruningPerformed);
            }

            // In the end not even the marks are left.
            nodes.Advance(140);
            nodes.Converge(10);
            nodes.Members.ShouldAllBe(node => node.Replica.Replicas.Removed.Count == 0, $"seed {seed}");
            nodes.Members.SelectMany(static node => node.Replica.Store.All)
                .ShouldAllBe(entry => entry.Value.Pruning.IsEmpty && !entry.Value.NeedPruningFrom(removed.Address), $"seed {seed}");
        }
    }

    [Fact]
    public void Node_that_was_removed_before_the_others_came_is_forgotten_too()
    {
        var nodes = ReplicatedNodes.Start(1, 2, Settings);
        Change(nodes[0], 1);
        nodes.Converge(10);
        var removed = nodes[0];
        nodes.Join("c");
        nodes.Converge(10);
        nodes.Remove(removed);
        nodes.Remove(nodes[0]);
        nodes[0].Replica.Replicas.Removed.Clear();
        nodes.Join("d");
        nodes.Converge(10);
        nodes.Advance(30);
        nodes.Converge(10);
        nodes.Members.ShouldAllBe(node => node.Copy(Count)!.Value == 1 && node.Copy(Set)!.Count == 1);
        nodes.Members.SelectMany(static node => node.Replica.Store.All).ShouldAllBe(entry => !entry.Value.NeedPruningFrom(removed.Address));
    }

    [Fact]
    public void Nothing_is_pruned_while_a_node_is_unreachable()
    {
        var nodes = ReplicatedNodes.Start(2, 4, Settings);
        nodes.Members.ForEach(node => Change(node, node.Age));
        nodes.Converge(10);
        var removed = nodes[3];
        nodes.Remove(removed);
        nodes[0].Tell(new MembershipChange.Unreachable(nodes[2].Address));
        nodes[1].Tell(new MembershipChange.Unreachable(nodes[2].Address));
        nodes.Advance(60);
        nodes.Members.ShouldAllBe(node => node.Copy(Count)!.NeedPruningFrom(removed.Address));
        nodes[0].Tell(new MembershipChange.Reachable(nodes[2].Address));
        nodes[1].Tell(new MembershipChange.Reachable(nodes[2].Address));
        nodes.Advance(60);
        nodes.Members.ShouldAllBe(node => !node.Copy(Count)!.NeedPruningFrom(removed.Address));
    }

    [Fact]
    public void What_comes_late_of_a_removed_node_is_dropped()
    {
        var nodes = ReplicatedNodes.Start(3, 3, Settings);
        nodes.Members.ForEach(node => Change(node, node.Age));
        nodes.Converge(10);
        var removed = nodes[2];
        nodes.Members.Remove(removed);
        nodes.Members.ForEach(node => node.Tell(new MembershipChange.Removed(removed.Address)));
        nodes.Advance(40);
        Change(removed, 100);
        nodes.Advance(20);
        nodes.Members.ShouldAllBe(node => node.Copy(Count)!.Value == 3 && !node.Copy(Count)!.NeedPruningFrom(removed.Address));
        nodes.Members.ShouldAllBe(node => node.Copy(Set)!.Count == 3 && !node.Copy(Set)!.NeedPruningFrom(removed.Address));
    }

    /// <summary>Everything grows by one.</summary>
    private static void Change(ReplicatedNode node, int number)
    {
        node.Update(Set, ORSet<string>.Empty, set => set.Add(node.Address, $"{number}"));
        node.Update(Count, PNCounter.Empty, counter => counter.Increment(node.Address));
        node.Update(Words, LWWDictionary<string, int>.Empty, words => words.SetItem(node.Address, $"{number}", number));
        node.Update(
            Counts,
            ORDictionary<string, PNCounter>.Empty,
            counts => counts.AddOrUpdate(node.Address, "n", PNCounter.Empty, counter => counter.Increment(node.Address)));
    }

    private static int Total(ReplicatedNode node) => node.Copy(Set)!.Count;
}
