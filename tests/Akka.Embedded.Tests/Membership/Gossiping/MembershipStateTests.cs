using Akka.Cluster;
using static Akka.Embedded.Tests.Membership.Nodes;

namespace Akka.Embedded.Tests.Membership.Gossiping;

public sealed class MembershipStateTests
{
    [Theory]
    [InlineData("a b c", "", 'b', 'a')] // the first one
    [InlineData("a:Joining b c", "", 'b', 'b')] // that is up
    [InlineData("a:Leaving b c", "", 'b', 'a')] // or still works
    [InlineData("a:Exiting b c", "", 'b', 'b')]
    [InlineData("a:Down b c", "", 'b', 'b')]
    [InlineData("a b c", "ba", 'b', 'b')] // and is reached by all
    [InlineData("a b c", "ba", 'a', 'a')] // itself it always reaches
    [InlineData("a:Joining b:Joining", "", 'b', 'a')] // nobody is up yet
    [InlineData("a:Exiting b:Joining", "", 'b', 'b')]
    public void Leader_is_the_first_member_that_works(string members, string unreachable, char self, char leader) =>
        Gossip(members).Unreachable(unreachable).At(self).Leader!.Address.ShouldBe(Address(leader));

    [Fact]
    public void There_is_no_leader_of_nobody()
    {
        Akka.Cluster.Gossip.Empty.At('a').Leader.ShouldBeNull();
        Gossip("a:Down").At('a').IsLeader.ShouldBeFalse();
    }

    [Theory]
    [InlineData("a b c", "", "abc", "", true)]
    [InlineData("a b c", "", "ab", "", false)] // c doesn't know it
    [InlineData("a b c:Leaving", "", "ab", "", false)]
    [InlineData("a b c:Joining", "", "ab", "", true)] // it doesn't count yet
    [InlineData("a b c:Exiting", "", "ab", "", true)] // nor any more
    [InlineData("a b c:Down", "", "ab", "", true)]
    [InlineData("a b c", "bc", "abc", "", false)] // c may come back
    [InlineData("a b c:Joining", "bc", "ab", "", false)]
    [InlineData("a b c:Down", "bc", "ab", "", true)] // it can't
    [InlineData("a b c:Exiting", "bc", "ab", "", true)]
    [InlineData("a b c:Leaving", "bc", "ab", "c", true)] // it said that it won't
    [InlineData("a b c", "ba", "abc", "", true)] // seen from a
    [InlineData("a b c:Down", "cb", "ab", "", true)] // says who is down itself
    public void All_agree_when_all_that_count_know_and_nobody_may_come_back(
        string members, string unreachable, string seen, string exitingConfirmed, bool expected) =>
        Gossip(members).Unreachable(unreachable).SeenBy(seen).At('a').IsConverged(Set(exitingConfirmed)).ShouldBe(expected);

    [Fact]
    public void View_shows_members_unreachable_ones_and_leaders_of_roles()
    {
        var gossip = Gossip("a b c").WithMember(Member('b', MemberStatus.Up, 2, "chat")).WithMember(Member('c', MemberStatus.Up, 3, "chat", "push"))
            .Unreachable("ac");

        var view = gossip.At('a').View;

        view.Members.Select(static m => m.Address.Host).ShouldBe(["a", "b", "c"]);
        view.Unreachable.Select(static m => m.Address.Host).ShouldBe(["c"]);
        view.Leader.ShouldBe(Address('a'));
        view.RoleLeader("chat").ShouldBe(Address('b'));
        view.RoleLeader("push").ShouldBeNull();
        view.RoleLeader("other").ShouldBeNull();
        view.AllRoles.Order().ShouldBe(["chat", "push"]);
        view.SeenBy.Count.ShouldBe(3);
    }

    [Fact]
    public void Member_moves_forward_only_and_never_jumps_the_hand_over()
    {
        var up = Member('a');

        up.Copy(MemberStatus.Leaving).Copy(MemberStatus.Exiting).Copy(MemberStatus.Removed).Status.ShouldBe(MemberStatus.Removed);
        up.Copy(MemberStatus.Up).ShouldBeSameAs(up);
        Should.Throw<InvalidOperationException>(() => up.Copy(MemberStatus.Joining));
        Should.Throw<InvalidOperationException>(() => up.Copy(MemberStatus.Exiting));
        Should.Throw<InvalidOperationException>(() => up.Copy(MemberStatus.Down).Copy(MemberStatus.Up));
    }

    [Fact]
    public void Older_is_who_was_up_earlier()
    {
        Member('b', age: 1).IsOlderThan(Member('a', age: 2)).ShouldBeTrue();
        Member('a', age: 2).IsOlderThan(Member('b', age: 1)).ShouldBeFalse();
        Member('a', MemberStatus.Joining).IsOlderThan(Member('b', MemberStatus.Joining)).ShouldBeTrue();
        Akka.Cluster.Member.AgeOrdering.Compare(Member('a', age: 2), Member('a', age: 1)).ShouldBe(0);
        new[] { Member('c', age: 3), Member('b', age: 1), Member('a', age: 2) }.Order(Akka.Cluster.Member.AgeOrdering)
            .Select(static m => m.Address.Host).ShouldBe(["b", "a", "c"]);
    }
}
