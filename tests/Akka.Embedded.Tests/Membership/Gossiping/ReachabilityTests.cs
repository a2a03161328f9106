using Akka.Cluster;
using static Akka.Embedded.Tests.Membership.Nodes;

namespace Akka.Embedded.Tests.Membership.Gossiping;

public sealed class ReachabilityTests
{
    [Fact]
    public void Subject_is_unreachable_while_any_observer_does_not_reach_it()
    {
        var reachability = Reachability.Empty.With(Node('a'), Node('c'), Unreachability.Silent).With(Node('b'), Node('c'), Unreachability.Silent);

        reachability.IsReachable(Node('c')).ShouldBeFalse();
        reachability = reachability.Without(Node('a'), Node('c'));
        reachability.IsReachable(Node('c')).ShouldBeFalse();
        reachability.IsReachable(Node('a'), Node('c')).ShouldBeTrue();
        reachability = reachability.Without(Node('b'), Node('c'));
        reachability.IsAllReachable.ShouldBeTrue();
        reachability.Rows.Count.ShouldBe(2);
    }

    [Fact]
    public void What_is_terminated_is_never_reached_again()
    {
        var reachability = Reachability.Empty.With(Node('a'), Node('c'), Unreachability.Silent).With(Node('a'), Node('c'), Unreachability.Terminated);

        reachability.Without(Node('a'), Node('c')).ShouldBeSameAs(reachability);
        reachability.With(Node('a'), Node('c'), Unreachability.Silent).ShouldBeSameAs(reachability);
    }

    [Fact]
    public void What_is_known_already_changes_nothing()
    {
        var reachability = Reachability.Empty.With(Node('a'), Node('c'), Unreachability.Silent);

        reachability.With(Node('a'), Node('c'), Unreachability.Silent).ShouldBeSameAs(reachability);
        reachability.Without(Node('b'), Node('c')).ShouldBeSameAs(reachability);
        reachability.Restrict(static _ => true).ShouldBeSameAs(reachability);
        reachability.WithoutObservers(static _ => false).ShouldBeSameAs(reachability);
    }

    [Fact]
    public void Newer_row_of_each_observer_wins()
    {
        var older = Reachability.Empty.With(Node('a'), Node('c'), Unreachability.Silent).With(Node('b'), Node('c'), Unreachability.Silent);
        var newer = older.Without(Node('a'), Node('c'));

        var merged = older.Merge(newer);

        merged.ShouldBe(newer);
        newer.Merge(older).ShouldBe(newer);
        string.Join(' ', merged.Records.Select(static r => $"{r.Observer.Address.Host}{r.Subject.Address.Host}")).ShouldBe("bc");
    }

    [Fact]
    public void Only_members_are_observers_and_subjects()
    {
        var reachability = Gossip("a b c d").Unreachable("ab bc cd").Reachability;

        var restricted = reachability.Restrict(node => node != Node('b'));

        string.Join(' ', restricted.Records.Select(static r => $"{r.Observer.Address.Host}{r.Subject.Address.Host}")).ShouldBe("cd");
        restricted.Rows[Node('a')].Version.ShouldBe(1);
        Hosts(reachability.WithoutObservers(node => node == Node('a')).Unreachable).ShouldBe("cd");
    }
}
