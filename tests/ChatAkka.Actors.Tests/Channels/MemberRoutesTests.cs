using Akka.Actor;
using ChatAkka.Actors.Channels;
using ChatAkka.Actors.Tests.Harness;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Tests.Channels;

public sealed class MemberRoutesTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly UserId[] Members = [new("1"), new("2"), new("3"), new("4")];

    private readonly FakeRelays _relays = new();
    private readonly IActorRef[] _actors;
    private readonly IActorRef _there;
    private readonly IActorRef _elsewhere;
    private readonly MemberRoutes _routes;

    public MemberRoutesTests()
    {
        _actors = [.. Members.Select(user => CreateTestProbe($"user-{user}").Ref)];
        (_there, _elsewhere) = (CreateTestProbe("there").Ref, CreateTestProbe("elsewhere").Ref);
        _routes = new MemberRoutes(_relays);
        _routes.Follow(Members);
    }

    [Fact]
    public void Members_are_told_through_the_region_until_they_answer_from_another_node()
    {
        _routes.Near.ShouldBe(Members);
        _routes.Far.ShouldBeEmpty();
        Answer(0, null);
        Answer(1, _there);
        Answer(3, _there);
        _routes.Near.ShouldBe([Members[0], Members[2]]);
        _routes.Far.Single().Relay.ShouldBe(_there);
        _routes.Far.Single().Users.ShouldBe([Members[1], Members[3]]);
    }

    [Fact]
    public void Members_at_one_node_are_one_group()
    {
        Answer(0, _there);
        Answer(1, _elsewhere);
        Answer(2, _there);
        Answer(3, _elsewhere);
        _routes.Near.ShouldBeEmpty();
        _routes.Far.Select(group => (group.Relay, string.Join(' ', group.Users)))
            .ShouldBe([(_there, "1 3"), (_elsewhere, "2 4")], ignoreOrder: true);
    }

    [Fact]
    public void Way_changes_only_when_nothing_is_on_the_old_one_or_at_the_second_answer()
    {
        Answer(1, _there, hasAll: false);
        _routes.RelayOf(1).ShouldBeNull();
        Answer(1, _elsewhere, hasAll: false);
        _routes.RelayOf(1).ShouldBeNull();
        Answer(1, _elsewhere, hasAll: false);
        _routes.RelayOf(1).ShouldBe(_elsewhere);

        Answer(1, null, hasAll: false);
        _routes.RelayOf(1).ShouldBe(_elsewhere);
        Answer(1, null, hasAll: true);
        _routes.RelayOf(1).ShouldBeNull();
        _routes.Near.ShouldBe(Members);
    }

    [Fact]
    public void Way_does_not_change_while_receipts_may_be_on_the_old_one()
    {
        _routes.Asking(5);
        _routes.TellingReceipts();
        Answer(1, _there, head: 5); // to what was asked before the receipts
        _routes.Asking(5);
        Answer(1, _there, head: 5); // perhaps still to that
        _routes.RelayOf(1).ShouldBeNull();

        _routes.Asking(6);
        Answer(1, _there, head: 5);
        _routes.RelayOf(1).ShouldBeNull();
        Answer(1, _there, head: 6);
        _routes.RelayOf(1).ShouldBe(_there);

        _routes.TellingReceipts();
        _routes.Asking(7);
        _routes.Asking(8);
        Answer(1, null, head: 7);
        _routes.RelayOf(1).ShouldBeNull();
    }

    [Fact]
    public void Who_does_not_answer_through_a_relay_is_told_through_the_region()
    {
        Answer(1, _there);
        Answer(2, _there);
        _routes.Ask(1).ShouldBe(_there);
        _routes.Ask(2).ShouldBe(_there);
        Answer(2, _there);

        _routes.Ask(1).ShouldBeNull();
        _routes.Ask(2).ShouldBe(_there);
        _routes.Near.ShouldBe([Members[0], Members[1], Members[3]]);
        _routes.Far.Single().Users.ShouldBe([Members[2]]);
    }

    [Fact]
    public void Who_stays_a_member_keeps_their_way()
    {
        Answer(1, _there);
        Answer(2, _elsewhere);
        _routes.Follow([new("9"), Members[2], Members[0]]);
        _routes.Near.ShouldBe([new("9"), Members[0]]);
        _routes.Far.Single().Users.ShouldBe([Members[2]]);
        _routes.Follow([Members[0]]);
        _routes.Near.ShouldBe([Members[0]]);
        _routes.Far.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Members_of_one_node_cost_nothing(bool hasOtherNodes)
    {
        var routes = new MemberRoutes(hasOtherNodes ? _relays : null);
        routes.Follow(Members);
        Tell();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Tell();
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void Tell()
        {
            routes.Asking(1);
            routes.Answered(2, _actors[2], head: 1, hasAll: true);
            routes.TellingReceipts();
            if (!ReferenceEquals(routes.Near, Members) || !routes.Far.IsEmpty || routes.Ask(2) is not null)
            {
                throw new InvalidOperationException("they are told through the region");
            }
        }
    }

    private void Answer(int member, IActorRef? relay, bool hasAll = true, long head = 1)
    {
        _relays.Move(_actors[member], relay);
        _routes.Answered(member, _actors[member], head, hasAll);
    }
}
