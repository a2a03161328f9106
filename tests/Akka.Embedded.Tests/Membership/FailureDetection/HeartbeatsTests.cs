using Akka.Cluster;
using static Akka.Embedded.Tests.Membership.Nodes;

namespace Akka.Embedded.Tests.Membership.FailureDetection;

public sealed class HeartbeatsTests
{
    [Fact]
    public void Each_of_many_nodes_watches_as_many_as_watch_it()
    {
        const string hosts = "abcdefghijklmnopqrst";
        var watched = hosts.ToDictionary(static host => host, host => HeartbeatRing.WatchedBy(Node(host), Set(hosts), [], 5));

        watched.Values.ShouldAllBe(static nodes => nodes.Count == 5);
        foreach (var host in hosts)
        {
            watched[host].ShouldNotContain(Node(host));
            watched.Values.Count(nodes => nodes.Contains(Node(host))).ShouldBe(5);
        }
    }

    [Fact]
    public void Unreachable_nodes_are_watched_but_others_instead_of_them_too()
    {
        var nodes = HeartbeatRing.WatchedBy(Node('a'), Set("abcdefgh"), [], 3);
        var first = nodes[0];

        var more = HeartbeatRing.WatchedBy(Node('a'), Set("abcdefgh"), [first], 3);

        more.Count.ShouldBe(4);
        more.IsSupersetOf(nodes).ShouldBeTrue();
        HeartbeatRing.WatchedBy(Node('a'), Set("ab"), [], 9).ShouldBe([Node('b')]);
        HeartbeatRing.WatchedBy(Node('a'), Set("a"), [], 9).ShouldBeEmpty();
    }

    [Fact]
    public void Node_that_falls_silent_is_unreachable_until_it_answers_again()
    {
        var (heartbeats, reachability) = Watching("abc");
        for (var time = 0; time <= 10_000; time += 500)
        {
            Answer(heartbeats, "bc", time);
            heartbeats.Observe(reachability, At(time)).ShouldBeSameAs(reachability);
        }

        for (var time = 10_500; time <= 15_000; time += 500)
        {
            Answer(heartbeats, "b", time);
            reachability = heartbeats.Observe(reachability, At(time));
        }

        Hosts(reachability.Unreachable).ShouldBe("c");
        Answer(heartbeats, "bc", 15_500);
        heartbeats.Observe(reachability, At(15_500)).IsAllReachable.ShouldBeTrue();
    }

    [Fact]
    public void Node_that_never_answers_is_unreachable()
    {
        var (heartbeats, reachability) = Watching("ab");

        heartbeats.Sent(At(0));
        heartbeats.Observe(reachability, At(900)).IsAllReachable.ShouldBeTrue();
        heartbeats.Observe(reachability, At(1000)).IsAllReachable.ShouldBeTrue();

        Hosts(heartbeats.Observe(reachability, At(5500)).Unreachable).ShouldBe("b");
    }

    [Fact]
    public void Node_where_nobody_listens_is_unreachable_at_once_until_it_answers()
    {
        var (heartbeats, reachability) = Watching("abc");
        Answer(heartbeats, "bc", 0);
        heartbeats.Refused(Node('c'));
        heartbeats.Refused(Node('x'));

        reachability = heartbeats.Observe(reachability, At(1));

        Hosts(reachability.Unreachable).ShouldBe("c");
        heartbeats.Observe(reachability, At(500)).ShouldBeSameAs(reachability);
        Answer(heartbeats, "bc", 900);
        heartbeats.Observe(reachability, At(1000)).IsAllReachable.ShouldBeTrue();
    }

    [Fact]
    public void Answer_of_another_incarnation_is_none()
    {
        var (heartbeats, reachability) = Watching("ab");
        for (var time = 0; time <= 6000; time += 500)
        {
            heartbeats.Sent(At(time));
            heartbeats.Answered(Node('b', 2), At(time));
            reachability = heartbeats.Observe(reachability, At(time));
        }

        Hosts(reachability.Unreachable).ShouldBe("b");
    }

    [Fact]
    public void Own_pause_is_nobodys_fault_but_a_cut_is_noticed_all_the_same()
    {
        var (heartbeats, reachability) = Watching("abc");
        for (var time = 0; time <= 10_000; time += 500)
            Answer(heartbeats, "bc", time);

        heartbeats.Forgive(reachability, At(30_000));
        heartbeats.Observe(reachability, At(30_000)).ShouldBeSameAs(reachability);
        // The link to c was cut meanwhile, and this node stands still all the time.
        for (var time = 30_000; time < 80_000; time += 10_000)
        {
            Answer(heartbeats, "b", time);
            heartbeats.Forgive(reachability, At(time + 9_900));
            reachability = heartbeats.Observe(reachability, At(time + 9_900));
        }

        Hosts(reachability.Unreachable).ShouldBe("c");
    }

    [Fact]
    public void Who_was_unreachable_before_the_pause_stays_so()
    {
        var (heartbeats, reachability) = Watching("ab");
        Answer(heartbeats, "b", 0);
        reachability = heartbeats.Observe(reachability, At(6000));
        Hosts(reachability.Unreachable).ShouldBe("b");

        heartbeats.Forgive(reachability, At(30_000));

        heartbeats.Observe(reachability, At(30_000)).ShouldBeSameAs(reachability);
    }

    [Fact]
    public void Nodes_that_are_removed_are_forgotten_and_unreachable_ones_are_not()
    {
        var setup = new ClusterSetup { MonitoredByNrOfMembers = 1 };
        var heartbeats = new Heartbeats(Node('a'), setup);
        var gossip = Gossip("a b c d e");
        heartbeats.Update(gossip.At('a'));
        var watched = heartbeats.Watching.Single();

        heartbeats.Update(gossip.WithReachability(gossip.Reachability.With(Node('a'), watched, Unreachability.Silent)).At('a'));
        heartbeats.Watching.Count.ShouldBe(2);
        heartbeats.Watching.ShouldContain(watched);

        heartbeats.Update(Gossip("a").At('a'));
        heartbeats.Watching.ShouldBeEmpty();
    }

    [Fact]
    public void Pause_is_noticed_by_whoever_looks_first_and_lateness_is_none()
    {
        var pauses = new PauseDetector(TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(1250));

        pauses.Check(At(10_000)).ShouldBe(TimeSpan.Zero);
        pauses.Check(At(10_200)).ShouldBe(TimeSpan.Zero);
        pauses.Check(At(11_900)).ShouldBe(TimeSpan.Zero);
        pauses.Check(At(21_900)).ShouldBe(At(9500));
        pauses.Check(At(21_900)).ShouldBe(TimeSpan.Zero);
    }

    private static (Heartbeats Heartbeats, Reachability Reachability) Watching(string hosts)
    {
        var heartbeats = new Heartbeats(Node(hosts[0]), new ClusterSetup());
        var gossip = Gossip(string.Join(' ', hosts.ToCharArray()));
        heartbeats.Update(gossip.At(hosts[0]));
        return (heartbeats, gossip.Reachability);
    }

    private static void Answer(Heartbeats heartbeats, string hosts, int time)
    {
        heartbeats.Sent(At(time));
        foreach (var host in hosts)
            heartbeats.Answered(Node(host), At(time));
    }

    private static TimeSpan At(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
