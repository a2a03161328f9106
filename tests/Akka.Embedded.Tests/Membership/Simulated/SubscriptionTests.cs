using Akka.Actor;
using Akka.Cluster;
using Akka.Embedded.Tests.Internals.Remote;

namespace Akka.Embedded.Tests.Membership.Simulated;

public sealed class SubscriptionTests
{
    private readonly SimulatedMembers _cluster = new(1);

    [Fact]
    public void Snapshot_comes_first_and_then_events_of_the_types()
    {
        _cluster.Form("a", "b");
        var seen = Subscribe("a", ClusterEvent.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.MemberUp));

        _cluster.Start("c", "a");
        _cluster.Await(3);

        seen.Count.ShouldBe(3);
        seen[0].ShouldBeOfType<ClusterEvent.CurrentClusterState>().Members.Count.ShouldBe(2);
        seen[1].ShouldBeOfType<ClusterEvent.MemberJoined>().Member.Address.Host.ShouldBe("c");
        seen[2].ShouldBeOfType<ClusterEvent.MemberUp>().Member.Address.Host.ShouldBe("c");
    }

    [Fact]
    public void Current_state_can_come_as_the_events_that_lead_to_it()
    {
        _cluster.Form("a", "b");

        var seen = Subscribe("b", ClusterEvent.InitialStateAsEvents, typeof(ClusterEvent.IClusterDomainEvent));
        _cluster.Advance(1);

        string.Join(' ', seen.Select(static e => e.GetType().Name)).ShouldBe("MemberUp MemberUp LeaderChanged");
    }

    [Fact]
    public void State_is_as_new_as_the_event_that_an_actor_handles()
    {
        _cluster.Form("a", "b");
        List<string> seen = [];
        var cluster = _cluster.Nodes["a"].Cluster;
        Action<object> compare = message =>
        {
            if (message is ClusterEvent.IMemberEvent changed)
                seen.Add($"{cluster.State.Members.Single(m => m.Equals(changed.Member)).Status >= changed.Member.Status}");
        };
        var recorder = _cluster.Nodes["a"].System.ActorOf(Props.Create(() => new Recorder(compare)));
        cluster.Subscribe(recorder, typeof(ClusterEvent.MemberJoined), typeof(ClusterEvent.MemberUp));

        _cluster.Start("c", "a");
        _cluster.Await(3);

        seen.ShouldBe(["True", "True"]);
    }

    [Fact]
    public void Subscriber_hears_of_unreachable_members_and_of_who_leads()
    {
        _cluster.Form("a", "b", "c");
        var seen = Subscribe("b", ClusterEvent.InitialStateAsEvents, typeof(ClusterEvent.IReachabilityEvent), typeof(ClusterEvent.LeaderChanged));
        _cluster.Nodes["a"].Node.Kill();
        _cluster.Await(2);

        seen.Select(static e => $"{e}").ShouldBe(
        [
            $"LeaderChanged({SimulatedCluster.AddressOf("a")})",
            $"UnreachableMember({((ClusterEvent.UnreachableMember)seen[1]).Member})",
            $"LeaderChanged({SimulatedCluster.AddressOf("b")})",
        ]);
    }

    [Fact]
    public void Subscriber_that_unsubscribes_or_stops_hears_nothing_more()
    {
        _cluster.Form("a");
        var (cluster, system) = (_cluster.Nodes["a"].Cluster, _cluster.Nodes["a"].System);
        List<object> one = [], other = [], stopped = [];
        var (first, second, third) = (Record(system, one), Record(system, other), Record(system, stopped));
        cluster.Subscribe(first, typeof(ClusterEvent.MemberJoined), typeof(ClusterEvent.MemberUp));
        cluster.Subscribe(second, typeof(ClusterEvent.MemberUp));
        cluster.Subscribe(third, typeof(ClusterEvent.MemberUp));
        cluster.Unsubscribe(first, typeof(ClusterEvent.MemberUp));
        cluster.Unsubscribe(second);
        system.Stop(third);
        _cluster.Advance(1);

        _cluster.Start("b", "a");
        _cluster.Await(2);

        one.Select(static e => e.GetType()).ShouldBe([typeof(ClusterEvent.CurrentClusterState), typeof(ClusterEvent.MemberJoined)]);
        other.Count.ShouldBe(1);
        stopped.Count.ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public void Node_that_goes_tells_its_subscribers_only_of_itself()
    {
        _cluster.Form("a", "b");
        List<object> seen = [];
        var cluster = _cluster.Nodes["b"].Cluster;
        var recorder = ((ExtendedActorSystem)_cluster.Nodes["b"].System).SystemActorOf(Props.Create(() => new Recorder(seen.Add)));
        cluster.Subscribe(recorder, ClusterEvent.InitialStateAsEvents, typeof(ClusterEvent.IClusterDomainEvent));
        _cluster.Advance(1);
        seen.Clear();

        cluster.Leave(cluster.SelfAddress);
        _cluster.Await(1, 10);

        seen.Where(static e => e is not ClusterEvent.LeaderChanged).Select(static e => e.GetType().Name)
            .ShouldBe(["MemberLeft", "MemberExited", "ClusterShuttingDown", "MemberRemoved"]);
        var removed = seen.OfType<ClusterEvent.MemberRemoved>().Single();
        removed.Member.UniqueAddress.ShouldBe(cluster.SelfUniqueAddress);
        removed.PreviousStatus.ShouldBe(MemberStatus.Exiting);
    }

    [Fact]
    public void Current_state_is_sent_to_whoever_asks()
    {
        _cluster.Form("a", "b");
        List<object> seen = [];
        var receiver = Record(_cluster.Nodes["a"].System, seen);

        _cluster.Nodes["a"].Cluster.SendCurrentClusterState(receiver);
        _cluster.Advance(1);

        seen.Single().ShouldBeOfType<ClusterEvent.CurrentClusterState>().Members.Count.ShouldBe(2);
    }

    [Fact]
    public void Only_events_of_the_cluster_can_be_subscribed_to()
    {
        var a = _cluster.Start("a");
        var receiver = Record(a.System, []);

        Should.Throw<ArgumentException>(() => a.Cluster.Subscribe(receiver));
        Should.Throw<ArgumentException>(() => a.Cluster.Subscribe(receiver, typeof(string)));
    }

    [Fact]
    public void Remote_path_of_an_actor_has_the_address_of_the_node()
    {
        var a = _cluster.Start("a");
        var actor = Record(a.System, []);

        var path = a.Cluster.RemotePathOf(actor);

        path.ToString().ShouldBe($"akka.tcp://sim@a:2552/user/{actor.Path.Name}");
        path.Uid.ShouldBe(actor.Path.Uid);
    }

    private List<object> Subscribe(string host, ClusterEvent.SubscriptionInitialStateMode mode, params Type[] types)
    {
        List<object> seen = [];
        _cluster.Nodes[host].Cluster.Subscribe(Record(_cluster.Nodes[host].System, seen), mode, types);
        _cluster.Advance(0.1);
        return seen;
    }

    private static IActorRef Record(ActorSystem system, List<object> seen) => system.ActorOf(Props.Create(() => new Recorder(seen.Add)));

    private sealed class Recorder(Action<object> record) : UntypedActor
    {
        protected override void OnReceive(object message) => record(message);
    }
}
