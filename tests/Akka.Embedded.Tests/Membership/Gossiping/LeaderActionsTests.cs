using Akka.Cluster;
using static Akka.Embedded.Tests.Membership.Nodes;

namespace Akka.Embedded.Tests.Membership.Gossiping;

public sealed class LeaderActionsTests
{
    [Theory]
    [InlineData("a b", "", "", "a=Up b=Up")]
    [InlineData("a b:Joining c:Joining", "", "", "a=Up b=Up c=Up")]
    [InlineData("a b:Leaving", "", "", "a=Up b=Exiting")]
    [InlineData("a b:Exiting", "", "", "a=Up b=Exiting")] // it may be handing over
    [InlineData("a b:Exiting", "", "b", "a=Up")]
    [InlineData("a b:Exiting", "ab", "", "a=Up")]
    [InlineData("a b:Down", "", "", "a=Up b=Down")] // it may not know yet
    [InlineData("a b:Down", "ab", "", "a=Up")]
    [InlineData("a b:Down c:Down", "bc ab", "", "a=Up c=Down")] // what who is down says doesn't count
    [InlineData("a:Exiting b:Joining", "", "", "a=Exiting b=Up")]
    [InlineData("a:Exiting", "", "a", "a=Exiting")] // nobody removes itself
    public void Leader_moves_members_on(string members, string unreachable, string exitingConfirmed, string expected)
    {
        var state = Gossip(members).Unreachable(unreachable).At('a');

        var next = LeaderActions.Apply(state, Set(exitingConfirmed), new ClusterSetup(), DateTimeOffset.UnixEpoch);

        string.Join(' ', next.Members.Values.Select(static m => $"{m.Address.Host}={m.Status}")).ShouldBe(expected);
        if (expected == string.Join(' ', state.Members.Values.Select(static m => $"{m.Address.Host}={m.Status}")))
            next.ShouldBeSameAs(state.Gossip);
    }

    [Fact]
    public void Those_that_become_up_are_younger_than_those_that_are()
    {
        var gossip = Gossip("b c").WithMember(Member('a', MemberStatus.Joining)).WithMember(Member('d', MemberStatus.Joining));

        var next = LeaderActions.Apply(gossip.At('b'), [], new ClusterSetup(), DateTimeOffset.UnixEpoch);

        next.Members.Values.Order(Akka.Cluster.Member.AgeOrdering).Select(static m => m.Address.Host).ShouldBe(["b", "c", "a", "d"]);
        next.Members.Values.Select(static m => m.UpNumber).Order().ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public void Nobody_becomes_up_before_there_are_enough()
    {
        var setup = new ClusterSetup { MinNrOfMembers = 3, MinNrOfMembersOfRole = ClusterSetupTests.Minimum("chat", 1) };

        Status(Gossip("a:Joining b:Joining")).ShouldBe("Joining");
        Status(Gossip("a:Joining b:Joining c:Joining")).ShouldBe("Joining");
        Status(Gossip("a:Joining b:Joining c:Joining").WithMember(Member('d', MemberStatus.Joining, 0, "chat"))).ShouldBe("Up");
        Status(Gossip("a:Joining b:Joining").WithMember(Member('d', MemberStatus.Down, 9, "chat"))).ShouldBe("Joining");

        string Status(Gossip gossip) =>
            $"{LeaderActions.Apply(gossip.At('a'), [], setup, DateTimeOffset.UnixEpoch).Members[Node('a')].Status}";
    }

    [Fact]
    public void Removed_members_leave_a_tombstone_for_a_while()
    {
        var now = DateTimeOffset.UnixEpoch.AddDays(3);
        var state = Gossip("a b:Down").Remove([Node('x')], now.AddDays(-2)).Remove([Node('y')], now.AddHours(-2)).Unreachable("ab").At('a');

        var next = LeaderActions.Apply(state, [], new ClusterSetup(), now);

        Hosts(next.Tombstones.Keys).ShouldBe("by");
    }
}
