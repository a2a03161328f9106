using Akka.Cluster;
using static Akka.Embedded.Tests.Membership.Nodes;

namespace Akka.Embedded.Tests.Membership.Joining;

public sealed class AdmissionTests
{
    private static readonly JoinTerms Terms = JoinTerms.Of(new ClusterSetup());

    private readonly FakeHost _host = new();

    [Theory]
    [InlineData("a b", "InitJoinAck>x")]
    [InlineData("a:Joining b", "InitJoinAck>x")]
    [InlineData("a:Exiting b", "InitJoinNack>x")]
    [InlineData("b", "InitJoinNack>x")] // not in a cluster itself
    public void Node_may_ask_at_a_member_that_stays(string members, string answer)
    {
        Admission().Answer(new InitJoin(Node('x'), Terms), Gossip(members).At('a'));

        _host.TakeSent().ShouldBe(answer);
    }

    [Fact]
    public void New_node_is_joining_with_its_roles()
    {
        var state = Gossip("a b").At('a');

        var gossip = Admission().Consider(new Akka.Cluster.Join(Node('x'), ["chat"], Terms), state);

        gossip.Members[Node('x')].Status.ShouldBe(MemberStatus.Joining);
        gossip.Members[Node('x')].Roles.ShouldBe(["chat"]);
        Admission().Welcome(Node('x'), gossip.At('a'));
        _host.TakeSent().ShouldBe("Welcome>x");
    }

    [Fact]
    public void Node_that_asks_again_is_welcomed_again()
    {
        var state = Gossip("a b:Joining").At('a');

        Admission().Consider(new Akka.Cluster.Join(Node('b'), [], Terms), state).ShouldBeSameAs(state.Gossip);
        Admission().Welcome(Node('b'), state);

        _host.TakeSent().ShouldBe("Welcome>b");
    }

    [Fact]
    public void Earlier_incarnation_is_downed_first()
    {
        var state = Gossip("a b").At('a');

        var gossip = Admission().Consider(new Akka.Cluster.Join(Node('b', 2), [], Terms), state);

        gossip.Members[Node('b')].Status.ShouldBe(MemberStatus.Down);
        gossip.Reachability.IsReachable(Node('b')).ShouldBeFalse();
        gossip.IsMember(Node('b', 2)).ShouldBeFalse();
        Admission().Consider(new Akka.Cluster.Join(Node('b', 2), [], Terms), gossip.At('a')).ShouldBeSameAs(gossip);
        Admission().Welcome(Node('b', 2), gossip.At('a'));
        _host.TakeSent().ShouldBeEmpty();
    }

    [Fact]
    public void Removed_incarnation_is_told_so()
    {
        var state = Gossip("a b").Remove([Node('b')], DateTimeOffset.UnixEpoch).At('a');

        Admission().Consider(new Akka.Cluster.Join(Node('b'), [], Terms), state).ShouldBeSameAs(state.Gossip);

        _host.TakeSent().ShouldBe("YouAreRemoved>b");
    }

    [Fact]
    public void Node_that_would_decide_otherwise_is_refused()
    {
        var state = Gossip("a b").At('a');
        var terms = JoinTerms.Of(new ClusterSetup { StableAfter = TimeSpan.FromSeconds(20) });

        Admission().Answer(new InitJoin(Node('x'), terms), state);
        Admission().Consider(new Akka.Cluster.Join(Node('x'), [], terms), state).ShouldBeSameAs(state.Gossip);

        _host.TakeSent().ShouldBe("InitJoinNack>x InitJoinNack>x");
    }

    [Fact]
    public void Node_that_is_refused_for_good_ends()
    {
        var node = new ClusterNode(Node('x'), new ClusterSetup(), _host);
        node.JoinSeeds([Address('a')]);

        node.Receive(new InitJoinNack(Address('a'), "the cluster is too good for it"));

        _host.Ended.ShouldBe(ClusterEnd.CanNotJoin);
    }

    private Admission Admission() => new(Node('a'), Terms, _host);
}
