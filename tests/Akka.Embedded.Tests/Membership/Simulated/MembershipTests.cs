using Akka.Actor;
using Akka.Cluster;
using Akka.Embedded.Tests.Internals.Remote;

namespace Akka.Embedded.Tests.Membership.Simulated;

public sealed class MembershipTests
{
    [Fact]
    public void Systems_with_seed_nodes_form_a_cluster()
    {
        var cluster = new SimulatedMembers(1);

        cluster.Form("a", "b", "c");

        foreach (var node in cluster.Living)
        {
            node.Cluster.State.Leader.ShouldBe(SimulatedCluster.AddressOf("a"));
            node.Cluster.State.Members.Select(static m => m.Address.Host).ShouldBe(["a", "b", "c"]);
            node.Cluster.SelfMember.Status.ShouldBe(MemberStatus.Up);
        }
    }

    [Fact]
    public void System_that_terminates_leaves_and_no_timer_stays()
    {
        var cluster = new SimulatedMembers(2);
        cluster.Form("a", "b", "c");

        var end = cluster.Nodes["a"].System.Terminate();
        cluster.AdvanceUntil(() => end.IsCompleted, 30).ShouldBeTrue();

        cluster.Await(2, 5);
        ((ActorSystemImpl)cluster.Nodes["a"].System).Timers.Count.ShouldBe(0);
        cluster.Advance(20);
        cluster.Await(2, 0.1);
        foreach (var node in cluster.Living)
            cluster.AdvanceUntil(() => node.System.Terminate().IsCompleted, 60).ShouldBeTrue();
        cluster.Nodes.Values.ShouldAllBe(static n => ((ActorSystemImpl)n.System).Timers.Count == 0);
    }

    [Fact]
    public void Member_that_is_told_to_leave_shuts_its_system_down()
    {
        var cluster = new SimulatedMembers(3);
        cluster.Form("a", "b", "c");

        var left = cluster.Nodes["b"].Cluster.LeaveAsync();
        cluster.AdvanceUntil(() => cluster.Nodes["b"].System.WhenTerminated.IsCompleted, 30).ShouldBeTrue();

        left.IsCompletedSuccessfully.ShouldBeTrue();
        CoordinatedShutdown.Get(cluster.Nodes["b"].System).ShutdownReason.ShouldBe(CoordinatedShutdown.ClusterLeavingReason.Instance);
        cluster.Await(2, 5);
    }

    [Fact]
    public void Minority_shuts_its_systems_down()
    {
        var cluster = new SimulatedMembers(4);
        cluster.Form("a", "b", "c", "d", "e");

        cluster.Partition("ab", "cde");
        cluster.Await(3, 20);

        cluster.AdvanceUntil(() => cluster.Nodes["a"].System.WhenTerminated.IsCompleted, 30).ShouldBeTrue();
        cluster.AdvanceUntil(() => cluster.Nodes["b"].System.WhenTerminated.IsCompleted, 30).ShouldBeTrue();
        CoordinatedShutdown.Get(cluster.Nodes["a"].System).ShutdownReason.ShouldBe(CoordinatedShutdown.ClusterDowningReason.Instance);
        cluster.Net.Network.Heal();
        cluster.Advance(20);
        cluster.Await(3, 1);
    }

    [Fact]
    public void Member_that_dies_is_removed_and_its_successor_joins()
    {
        var cluster = new SimulatedMembers(5);
        cluster.Form("a", "b", "c");

        cluster.Nodes["a"].Node.Kill();
        cluster.Await(2, 15);
        cluster.Start("a", "a", "b", "c");
        cluster.Await(3);

        cluster.Nodes["a"].Cluster.State.Members.Order(Member.AgeOrdering).Last().Address.Host.ShouldBe("a");
    }

    [Fact]
    public void Member_whose_program_has_ended_is_removed_sooner_than_one_that_falls_silent()
    {
        SecondsUntilRemoved(static (_, node) => node.Node.Kill()).ShouldBeLessThan(5);
        SecondsUntilRemoved(static (cluster, _) => cluster.Partition("a", "bc")).ShouldBeInRange(6, 9);
    }

    [Fact]
    public void Member_that_was_removed_while_it_stood_still_shuts_down_when_it_goes_on()
    {
        var cluster = new SimulatedMembers(6);
        cluster.Form("a", "b", "c", "d");
        var node = cluster.Nodes["b"];

        node.Node.Pause();
        cluster.AdvanceUntil(() => cluster.Living.All(n => n == node || n.Size == 3), 30).ShouldBeTrue(cluster.ToString());
        node.Node.Resume();
        cluster.AdvanceUntil(() => node.System.WhenTerminated.IsCompleted, 40).ShouldBeTrue(cluster.ToString());

        cluster.Await(3, 5);
    }

    [Fact]
    public void Watcher_of_an_actor_on_a_member_that_is_removed_is_told()
    {
        var cluster = new SimulatedMembers(7);
        cluster.Form("a", "b", "c");
        var watched = cluster.Nodes["b"].System.ActorOf(Props.Create(() => new Idle()), "watched");
        List<object> deaths = [];
        cluster.Nodes["a"].System.ActorOf(Props.Create(() => new Watcher(deaths, "akka.tcp://sim@b:2552/user/watched")));
        cluster.Advance(1);
        deaths.ShouldBeEmpty();

        cluster.Nodes["b"].Node.Kill();
        cluster.Await(2, 20);
        cluster.Advance(1);

        deaths.Count.ShouldBe(1);
        watched.Path.Name.ShouldBe("watched");
    }

    [Fact]
    public void Node_that_no_member_knows_can_join_by_address_and_wait_for_it()
    {
        var cluster = new SimulatedMembers(8);
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        var first = a.Cluster.JoinAsync(SimulatedCluster.AddressOf("a"));
        cluster.AdvanceUntil(() => first.IsCompleted, 5).ShouldBeTrue();

        var second = b.Cluster.JoinAsync(SimulatedCluster.AddressOf("a"));
        b.Cluster.IsUp.ShouldBeFalse();
        cluster.AdvanceUntil(() => second.IsCompleted, 5).ShouldBeTrue();

        first.IsCompletedSuccessfully.ShouldBeTrue();
        second.IsCompletedSuccessfully.ShouldBeTrue();
        cluster.Await(2, 5);
        b.Cluster.JoinAsync(SimulatedCluster.AddressOf("a")).IsCompletedSuccessfully.ShouldBeTrue();
        b.Cluster.JoinSeedNodes([SimulatedCluster.AddressOf("b")]);
        cluster.Advance(5);
        cluster.Await(2, 1);
    }

    [Fact]
    public async Task Waiting_for_a_join_can_be_given_up_and_fails_when_the_node_ends()
    {
        var cluster = new SimulatedMembers(9);
        var a = cluster.Start("a");
        using var impatience = new CancellationTokenSource();
        var given = a.Cluster.JoinSeedNodesAsync([SimulatedCluster.AddressOf("x")], impatience.Token);
        var patient = a.Cluster.JoinSeedNodesAsync([SimulatedCluster.AddressOf("x")]);
        cluster.Advance(30);
        given.IsCompleted.ShouldBeFalse();

        impatience.Cancel();
        cluster.AdvanceUntil(() => a.System.Terminate().IsCompleted, 60).ShouldBeTrue();

        await Should.ThrowAsync<OperationCanceledException>(given);
        patient.Exception!.InnerException.ShouldBeOfType<ClusterJoinFailedException>();
        await Should.ThrowAsync<ClusterJoinFailedException>(a.Cluster.JoinAsync(SimulatedCluster.AddressOf("a")));
    }

    [Fact]
    public void Callbacks_run_once_the_member_is_up_and_once_it_is_removed()
    {
        var cluster = new SimulatedMembers(10);
        var a = cluster.Start("a");
        List<string> ran = [];
        a.Cluster.RegisterOnMemberUp(() => ran.Add("up"));
        a.Cluster.RegisterOnMemberRemoved(() => ran.Add("removed"));
        cluster.Advance(1);
        ran.ShouldBeEmpty();

        a.Cluster.Join(a.Cluster.SelfAddress);
        cluster.Advance(1);
        ran.ShouldBe(["up"]);
        a.Cluster.RegisterOnMemberUp(() => ran.Add("up already"));
        cluster.Advance(1);
        a.Cluster.Leave(a.Cluster.SelfAddress);
        cluster.Advance(30);

        ran.ShouldBe(["up", "up already", "removed"]);
        a.Cluster.RegisterOnMemberRemoved(() => ran.Add("removed already"));
        ran.Last().ShouldBe("removed already");
        a.Cluster.IsTerminated.ShouldBeTrue();
    }

    [Fact]
    public void System_without_remoting_is_a_cluster_of_its_own()
    {
        var simulation = new Akka.Runtime.Simulation(1);
        var system = ActorSystem.Create("alone", Akka.Actor.Setup.ActorSystemSetup.Create(simulation.Setup));
        var cluster = Akka.Cluster.Cluster.Get(system);

        cluster.Join(cluster.SelfAddress);
        simulation.Advance(TimeSpan.FromSeconds(1));

        cluster.IsUp.ShouldBeTrue();
        cluster.State.Leader.ShouldBe(cluster.SelfAddress);
        var end = system.Terminate();
        simulation.Advance(TimeSpan.FromSeconds(1));
        end.IsCompleted.ShouldBeTrue();
    }

    /// <summary>From what happens to the first of three members on, until the others don't count it any more.</summary>
    private static double SecondsUntilRemoved(Action<SimulatedMembers, SimulatedMember> happens)
    {
        var cluster = new SimulatedMembers(9);
        cluster.Form("a", "b", "c");
        cluster.Advance(10);
        var began = cluster.Now;
        happens(cluster, cluster.Nodes["a"]);
        cluster.AdvanceUntil(() => cluster.Nodes["b"].Members == "bc" && cluster.Nodes["c"].Members == "bc", 20).ShouldBeTrue($"{cluster}");
        return (cluster.Now - began).TotalSeconds;
    }

    private sealed class Idle : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class Watcher : UntypedActor
    {
        private readonly List<object> _deaths;

        public Watcher(List<object> deaths, string path)
        {
            _deaths = deaths;
            Context.Watch(((ExtendedActorSystem)Context.System).Provider.ResolveActorRef(path));
        }

        protected override void OnReceive(object message) => _deaths.Add(message);
    }
}
