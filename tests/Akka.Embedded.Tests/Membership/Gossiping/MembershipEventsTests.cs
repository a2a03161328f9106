using Akka.Cluster;
using static Akka.Embedded.Tests.Membership.Nodes;

namespace Akka.Embedded.Tests.Membership.Gossiping;

public sealed class MembershipEventsTests
{
    [Theory]
    [InlineData("", "", "a:Joining", "", "Joined(a) Leader(a)")]
    [InlineData("a:Joining", "", "a", "", "Up(a)")]
    [InlineData("a b", "", "a b:Leaving", "", "Left(b)")]
    [InlineData("a b:Leaving", "", "a b:Exiting", "", "Exited(b)")]
    [InlineData("a b:Exiting", "", "a", "", "Removed(b,Exiting)")]
    [InlineData("a b", "", "a b:Down", "", "Downed(b)")]
    [InlineData("a b:Down", "ab", "a", "", "Removed(b,Down)")]
    [InlineData("a b:Joining", "", "a b:Exiting", "", "Exited(b)")] // what was in between nobody here has known
    [InlineData("a b", "", "a b", "ab", "Unreachable(b)")]
    [InlineData("a b c", "ab", "a b c", "ab cb", "")]
    [InlineData("a b", "ab", "a b", "", "Reachable(b)")]
    [InlineData("a b c", "", "a:Exiting b c:Down d:Joining", "bc", "Unreachable(c) Exited(a) Downed(c) Joined(d) Leader(b)")]
    [InlineData("a b c:Down", "ac", "a b d", "ab", "Unreachable(b) Up(d) Removed(c,Down)")]
    public void Events_tell_what_has_changed_in_a_fixed_order(
        string membersBefore, string unreachableBefore, string membersAfter, string unreachableAfter, string expected)
    {
        var before = Gossip(membersBefore).Unreachable(unreachableBefore).At('a');
        var after = Gossip(membersAfter).Unreachable(unreachableAfter).At('a');

        string.Join(' ', MembershipEvents.Between(before, after).Select(Describe)).ShouldBe(expected);
    }

    [Fact]
    public void Leader_of_a_role_changes_with_its_members()
    {
        var before = Gossip("a b").WithMember(Member('b', MemberStatus.Up, 2, "chat"));
        var after = before.WithMember(before.Members[Node('b')].Copy(MemberStatus.Down));

        string.Join(' ', MembershipEvents.Between(before.At('a'), after.At('a')).Select(Describe)).ShouldBe("Downed(b) RoleLeader(chat,)");
        MembershipEvents.Between(before.At('a'), before.SeenBy("a").At('a')).ShouldBeEmpty();
    }

    [Fact]
    public void Event_of_another_status_than_the_members_is_refused()
    {
        Should.Throw<ArgumentException>(() => new ClusterEvent.MemberUp(Member('a', MemberStatus.Joining)));
        new ClusterEvent.MemberUp(Member('a')).ShouldBe(new ClusterEvent.MemberUp(Member('a', age: 7)));
        new ClusterEvent.MemberUp(Member('a')).ShouldNotBe(new ClusterEvent.MemberUp(Member('b')));
    }

    private static string Describe(ClusterEvent.IClusterDomainEvent @event) => @event switch
    {
        ClusterEvent.MemberRemoved removed => $"Removed({removed.Member.Address.Host},{removed.PreviousStatus})",
        ClusterEvent.IMemberEvent member => $"{member.GetType().Name["Member".Length..]}({member.Member.Address.Host})",
        ClusterEvent.UnreachableMember member => $"Unreachable({member.Member.Address.Host})",
        ClusterEvent.ReachableMember member => $"Reachable({member.Member.Address.Host})",
        ClusterEvent.LeaderChanged leader => $"Leader({leader.Leader?.Host})",
        ClusterEvent.RoleLeaderChanged leader => $"RoleLeader({leader.Role},{leader.Leader?.Host})",
        _ => $"{@event}",
    };
}
