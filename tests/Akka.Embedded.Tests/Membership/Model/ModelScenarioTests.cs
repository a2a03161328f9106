using Akka.Cluster;
using Akka.Cluster.SBR;

namespace Akka.Embedded.Tests.Membership.Model;

/// <summary>What happens to a whole cluster, of state machines only.</summary>
public sealed class ModelScenarioTests
{
    private static readonly string[] Hosts = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(10, 4)]
    public void Nodes_that_start_together_form_one_cluster(int size, int seed)
    {
        var network = new ModelNetwork(seed);

        Form(network, size);

        network.Living.Select(static n => n.State.Leader!.Address.Host).Distinct().ShouldBe(["a"]);
        network.Living.Select(static n => n.State.Gossip.Version.Digest).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public void Nodes_that_start_one_after_another_are_older_the_earlier_they_came()
    {
        var network = new ModelNetwork(1);
        foreach (var host in new[] { "c", "b", "a", "d" })
        {
            network.Start(host, "c", "d");
            network.AdvanceUntil(() => network.Living.All(n => n.Size == network.Nodes.Count), 20).ShouldBeTrue();
        }

        var members = network.Nodes["a"].State.Members.Values;
        members.Order(Member.AgeOrdering).Select(static m => m.Address.Host).ShouldBe(["c", "b", "a", "d"]);
        network.Nodes["d"].State.Leader!.Address.Host.ShouldBe("a");
    }

    [Fact]
    public void Node_that_leaves_is_removed_without_being_downed()
    {
        foreach (var leaver in Hosts.Take(5))
        {
            var network = new ModelNetwork(7);
            Form(network, 5);

            network.Nodes[leaver].Do(machine => machine.Leave(ModelNetwork.AddressOf(leaver)));

            network.AdvanceUntil(() => network.Living.Count == 4 && network.Living.All(static n => n.Size == 4), 10).ShouldBeTrue();
            network.Nodes[leaver].Ended.ShouldBe(ClusterEnd.Left);
            network.Living.ShouldAllBe(static n => !n.Events.Any(static e => e.Contains("Down") || e.Contains("Unreachable")));
        }
    }

    [Fact]
    public void All_nodes_can_leave_at_once()
    {
        var network = new ModelNetwork(3);
        Form(network, 5);

        foreach (var node in network.Living)
            node.Do(machine => machine.Leave(node.Self.Address));

        network.AdvanceUntil(() => network.Living.Count == 0, 30).ShouldBeTrue();
        network.Nodes.Values.ShouldAllBe(static n => n.Ended == ClusterEnd.Left);
    }

    [Fact]
    public void Dead_node_is_removed()
    {
        var network = new ModelNetwork(1);
        Form(network, 3);
        network.Nodes["b"].Kill();
        var since = network.Now;

        network.AdvanceUntil(() => network.Living.All(static n => n.Size == 2), 20).ShouldBeTrue();

        (network.Now - since).ShouldBeLessThan(TimeSpan.FromSeconds(9));
        network.Living.Count.ShouldBe(2);
    }

    [Fact]
    public void Two_of_five_that_die_at_once_are_removed()
    {
        var network = new ModelNetwork(1);
        Form(network, 5);
        network.Nodes["a"].Kill();
        network.Nodes["d"].Kill();

        network.AdvanceUntil(() => network.Living.All(static n => n.Size == 3), 20).ShouldBeTrue();

        network.Living.Count.ShouldBe(3);
    }

    [Fact]
    public void Node_that_is_started_again_takes_the_place_of_its_dead_incarnation()
    {
        foreach (var host in Hosts.Take(3))
        {
            var network = new ModelNetwork(2);
            Form(network, 3);
            var earlier = network.Nodes[host].Self;
            network.Nodes[host].Kill();
            network.Advance(0.2);

            network.Start(host, "a", "b");

            network.AdvanceUntil(() => network.Living.All(static n => n.Size == 3), 20).ShouldBeTrue(string.Join('\n', network.Log));
            network.Living.ShouldAllBe(n => n.State.Gossip.IsRemoved(earlier));
        }
    }

    [Fact]
    public void Node_that_was_let_in_by_one_that_died_at_once_is_a_member_all_the_same()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var network = new ModelNetwork(seed);
            Form(network, 3);
            var joining = network.Start("d", "b");
            network.AdvanceUntil(() => network.Nodes["b"].State.Members.Count == 4, 10).ShouldBeTrue();
            network.Cut("b", "a");
            network.Cut("b", "c");
            network.AdvanceUntil(() => joining.State.Members.Count == 4, 10).ShouldBeTrue();
            network.Nodes["b"].Kill();
            network.Heal(loses: true);

            network.AdvanceUntil(() => network.Living.All(static n => n.Size == 3), 20).ShouldBeTrue(string.Join('\n', network.Log));
        }
    }

    [Theory]
    [InlineData("ab", "cde", "cde")]
    [InlineData("abc", "de", "abc")]
    [InlineData("ab", "cd", "ab")]
    [InlineData("ad", "bc", "ad")]
    [InlineData("a", "bcdefghij", "bcdefghij")]
    public void Majority_goes_on_and_the_others_shut_down(string one, string other, string survivors)
    {
        var network = new ModelNetwork(5);
        Form(network, one.Length + other.Length);

        network.Partition([.. one.Select(static c => $"{c}")], [.. other.Select(static c => $"{c}")]);

        network.AdvanceUntil(() => network.Living.Count == survivors.Length && network.Living.All(n => n.Size == survivors.Length), 20)
            .ShouldBeTrue(string.Join('\n', network.Log));
        string.Concat(network.Living.Select(static n => n.Host)).ShouldBe(survivors);
    }

    [Theory]
    [InlineData("ab", "cde", "ab")]
    [InlineData("a", "bc", "bc")]
    [InlineData("a", "b", "a")]
    public void Side_of_the_oldest_goes_on_unless_it_is_alone(string one, string other, string survivors)
    {
        var network = new ModelNetwork(5) { Setup = new ClusterSetup { SplitBrainResolver = new KeepOldest() } };
        Form(network, one.Length + other.Length);
        network.Nodes["b"].State.Members.Values.Min(Member.AgeOrdering)!.Address.Host.ShouldBe("a");

        network.Partition([.. one.Select(static c => $"{c}")], [.. other.Select(static c => $"{c}")]);

        network.AdvanceUntil(() => network.Living.Count == survivors.Length && network.Living.All(n => n.Size == survivors.Length), 20)
            .ShouldBeTrue(string.Join('\n', network.Log));
        string.Concat(network.Living.Select(static n => n.Host)).ShouldBe(survivors);
    }

    [Fact]
    public void First_seed_that_has_begun_a_cluster_of_its_own_gives_it_up_for_the_larger_one()
    {
        var network = new ModelNetwork(5);
        Form(network, 4);
        network.Partition(["a"], ["b", "c", "d"]);
        network.AdvanceUntil(() => network.Living.Count == 3 && network.Living.All(static n => n.Size == 3), 20).ShouldBeTrue();
        network.Start("a", "a", "b");
        network.AdvanceUntil(() => network.Nodes["a"].Size == 1, 20).ShouldBeTrue();
        network.Advance(60);
        network.Living.Count.ShouldBe(4);

        network.Heal(loses: true);
        network.AdvanceUntil(() => !network.Nodes["a"].IsAlive, 20).ShouldBeTrue(string.Join('\n', network.Log));
        network.Start("a", "a", "b");

        network.AdvanceUntil(() => network.Living.All(static n => n.Size == 4), 20).ShouldBeTrue(string.Join('\n', network.Log));
    }

    [Fact]
    public void Short_cut_is_forgotten()
    {
        var network = new ModelNetwork(5);
        Form(network, 4);
        network.Partition(["a"], ["b", "c", "d"]);
        network.AdvanceUntil(() => network.Living.All(static n => !n.State.Reachability.IsAllReachable), 10).ShouldBeTrue();

        network.Heal(loses: true);

        network.AdvanceUntil(() => network.Living.All(static n => n.Size == 4), 10).ShouldBeTrue(string.Join('\n', network.Log));
    }

    [Fact]
    public void Nodes_that_reach_each_other_only_by_a_third_one_are_downed()
    {
        var network = new ModelNetwork(5);
        Form(network, 5);

        network.Partition(["b"], ["d"]);

        network.AdvanceUntil(() => network.Living.Count == 3 && network.Living.All(static n => n.Size == 3), 20)
            .ShouldBeTrue(string.Join('\n', network.Log));
        network.Living.Select(static n => n.Host).ShouldBe(["a", "c", "e"]);
    }

    [Fact]
    public void Link_that_is_cut_one_way_is_as_one_that_is_cut_both_ways()
    {
        var network = new ModelNetwork(5);
        Form(network, 5);

        network.Cut("b", "d");

        network.AdvanceUntil(() => network.Living.Count == 3 && network.Living.All(static n => n.Size == 3), 20)
            .ShouldBeTrue(string.Join('\n', network.Log));
        network.Living.Select(static n => n.Host).ShouldBe(["a", "c", "e"]);
    }

    [Fact]
    public void Node_that_stood_still_for_a_moment_takes_nobody_for_dead()
    {
        var network = new ModelNetwork(5);
        Form(network, 4);
        var node = network.Nodes["b"];
        var known = node.Events.Count;

        node.Pause();
        network.Advance(2.5);
        node.Resume();
        network.Advance(10);

        network.Living.ShouldAllBe(static n => n.Size == 4);
        node.Events.Skip(known).ShouldBeEmpty();
    }

    [Fact]
    public void Node_that_stood_still_until_it_was_removed_shuts_down()
    {
        var network = new ModelNetwork(5);
        Form(network, 4);
        var node = network.Nodes["b"];

        node.Pause();
        network.AdvanceUntil(() => network.Living.All(n => n == node || n.Size == 3), 20).ShouldBeTrue();
        network.Heal(loses: true);
        node.Resume();
        network.Advance(10);

        node.Ended.ShouldBe(ClusterEnd.Downed, string.Join('\n', network.Log));
        network.Living.ShouldAllBe(static n => n.Size == 3);
    }

    [Fact]
    public void Node_with_another_resolver_is_refused_and_ends()
    {
        var network = new ModelNetwork(1);
        Form(network, 2);
        var stranger = new ModelNode(network, new UniqueAddress(ModelNetwork.AddressOf("x"), 7));
        network.Nodes["x"] = stranger;

        network.Nodes["a"].Machine.Receive(new Join(stranger.Self, [], new JoinTerms(1, 1, "keep-referee")));
        network.Nodes["a"].Machine.Receive(new Join(stranger.Self, [], new JoinTerms(9, 8, "keep-majority, stable-after 3000 ms")));
        network.Advance(3);

        network.Living.Where(n => n != stranger).ShouldAllBe(static n => n.Size == 2);
    }

    private static void Form(ModelNetwork network, int size)
    {
        network.Start("a", "a", "b");
        network.Advance(0.1);
        foreach (var host in Hosts.Take(size).Skip(1))
            network.Start(host, "a", "b");
        network.AdvanceUntil(() => network.Living.All(n => n.Size == size), 30).ShouldBeTrue(string.Join('\n', network.Log));
        network.Advance(5);
    }
}
