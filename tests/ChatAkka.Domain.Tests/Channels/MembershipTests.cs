using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using static ChatAkka.Domain.Tests.Channels.Sample;

namespace ChatAkka.Domain.Tests.Channels;

public sealed class MembershipTests
{
    public static TheoryData<ChannelCommand> EveryCommand => new(
        Post(Group, Eve, "a"),
        Post(Group, Eve, "a", mayOpen: true),
        Post(Group, Eve, "a", replyTo: 2),
        new OpenDirect(Group, Eve, 7),
        new AddMember(Group, Eve, 7, Eve),
        new AddMember(Group, Eve, 7, Eve, MemberRole.Owner),
        new EditMessage(Group, Eve, 7, 2, "mine"),
        new DeleteMessage(Group, Eve, 7, 2),
        new AddReaction(Group, Eve, 7, 2, "👍"),
        new RemoveReaction(Group, Eve, 7, 2, "👍"),
        new RemoveMember(Group, Eve, 7, Eve),
        new RemoveMember(Group, Eve, 7, Ann),
        new ChangeTitle(Group, Eve, 7, "mine"),
        new GetChannel(Group, Eve, 7));

    [Theory]
    [MemberData(nameof(EveryCommand))]
    public void Stranger_gets_the_answer_of_a_channel_that_does_not_exist(ChannelCommand command)
    {
        var channel = GroupOf(Ann, Bob);
        channel.Do(Post(Group, Ann, "a"));

        channel.Do(command).ShouldBe(new TestChannel(Group).Do(command));

        channel.Timeline.Count.ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(EveryCommand))]
    public void Removed_member_gets_the_answer_of_a_channel_that_does_not_exist(ChannelCommand command)
    {
        var channel = GroupOf(Ann, Eve);
        channel.Do(Post(Group, Eve, "a"));
        channel.Do(new RemoveMember(Group, Ann, 7, Eve));

        channel.Do(command).ShouldBe(new TestChannel(Group).Do(command));

        channel.Timeline.Count.ShouldBe(3);
    }

    [Fact]
    public void Stranger_to_a_direct_channel_gets_the_answer_of_one_that_does_not_exist()
    {
        ChannelCommand[] commands = [Post(Direct, Eve, "a", mayOpen: true), new OpenDirect(Direct, Eve, 7), new GetChannel(Direct, Eve, 7)];
        foreach (var command in commands)
        {
            DirectOfAnnAndBob().Do(command).ShouldBe(new TestChannel(Direct).Do(command));
            DirectOfAnnAndBob().Do(command).ShouldBeRefused(Refusal.ChannelNotFound);
        }
    }

    [Fact]
    public void Direct_channel_has_no_membership_to_manage()
    {
        var channel = DirectOfAnnAndBob();

        channel.Do(new AddMember(Direct, Ann, 7, Cid)).ShouldBeRefused(Refusal.NotAllowed);
        channel.Do(new RemoveMember(Direct, Ann, 7, Bob)).ShouldBeRefused(Refusal.NotAllowed);
        channel.Do(new RemoveMember(Direct, Ann, 7, Ann)).ShouldBeRefused(Refusal.NotAllowed);
        channel.Do(new ChangeTitle(Direct, Ann, 7, "us")).ShouldBeRefused(Refusal.NotAllowed);
        channel.Timeline.Count.ShouldBe(1);
    }

    [Fact]
    public void Add_by_the_owner_makes_a_member_since_the_event()
    {
        var channel = GroupOf(Ann, Bob);
        channel.Do(Post(Group, Ann, "a"));

        var info = channel.Do(new AddMember(Group, Ann, 7, Cid)).ShouldBeOfType<ChannelInfo>();

        info.Created.ShouldBeFalse();
        info.View.Members[^1].ShouldBe(new Member(Cid, MemberRole.Member, 3, 1));
        channel.Timeline[2].ShouldBe(new MemberAdded(3, 1, channel.Now, Ann, Cid, MemberRole.Member));
    }

    [Fact]
    public void Add_by_a_plain_member_is_refused()
    {
        var channel = GroupOf(Ann, Bob);

        channel.Do(new AddMember(Group, Bob, 7, Cid)).ShouldBeRefused(Refusal.NotAllowed);
    }

    [Fact]
    public void Add_of_a_member_changes_nothing()
    {
        var channel = GroupOf(Ann, Bob);

        channel.Do(new AddMember(Group, Ann, 7, Bob)).ShouldBeOfType<ChannelInfo>();

        channel.Timeline.Count.ShouldBe(1);
    }

    [Fact]
    public void Add_of_an_unknown_user_is_refused()
    {
        var channel = new TestChannel(Group, missing: Cid);
        channel.Do(Create(Ann));

        channel.Do(new AddMember(Group, Ann, 7, Cid)).ShouldBeRefused(Refusal.UserNotFound);
    }

    [Fact]
    public void Add_beyond_the_limit_is_refused()
    {
        var channel = new TestChannel(Group, maxGroupSize: 2);
        channel.Do(Create(Ann));

        channel.Do(new AddMember(Group, Ann, 7, Bob)).ShouldBeOfType<ChannelInfo>();
        channel.Do(new AddMember(Group, Ann, 7, Cid)).ShouldBeRefused(Refusal.GroupTooLarge);
    }

    [Theory]
    [InlineData(MemberRole.Owner, MemberRole.Member, true)]
    [InlineData(MemberRole.Owner, MemberRole.Admin, true)]
    [InlineData(MemberRole.Admin, MemberRole.Member, true)]
    [InlineData(MemberRole.Admin, MemberRole.Admin, false)]
    [InlineData(MemberRole.Admin, MemberRole.Owner, false)]
    [InlineData(MemberRole.Member, MemberRole.Member, false)]
    [InlineData(MemberRole.Member, MemberRole.Owner, false)]
    public void Remove_is_for_those_above(MemberRole caller, MemberRole target, bool allowed)
    {
        var state = WithRoles(
            (Dan, MemberRole.Owner), (Eve, MemberRole.Admin), (Ann, MemberRole.Admin), (Bob, MemberRole.Member), (Cid, MemberRole.Member));
        var by = state.Members.First(m => m.Role == caller).User;
        var whom = state.Members.Last(m => m.Role == target).User;

        var decision = Channel.Decide(state, new RemoveMember(Group, by, 7, whom), new DecisionContext(1, 100, null, null));

        if (allowed)
        {
            decision.ShouldBeOfType<Accepted>().Events.ShouldBe([new MemberRemoved(2, 0, 1, by, whom, target)]);
        }
        else
        {
            decision.ShouldBeOfType<Declined>().Reply.ShouldBeRefused(Refusal.NotAllowed);
        }
    }

    [Fact]
    public void Remove_of_nobody_changes_nothing()
    {
        var channel = GroupOf(Ann, Bob);

        channel.Do(new RemoveMember(Group, Ann, 7, Cid)).ShouldBeOfType<ChannelInfo>();
        channel.Do(new RemoveMember(Group, Bob, 7, Cid)).ShouldBeRefused(Refusal.NotAllowed);

        channel.Timeline.Count.ShouldBe(1);
    }

    [Fact]
    public void Member_may_leave()
    {
        var channel = GroupOf(Ann, Bob);

        channel.Do(new RemoveMember(Group, Bob, 7, Bob)).ShouldBeOfType<ChannelInfo>();

        channel.State.Members.ShouldBe([new Member(Ann, MemberRole.Owner, 1)]);
    }

    [Fact]
    public void Ownership_passes_to_the_longest_standing_admin()
    {
        var state = WithRoles((Ann, MemberRole.Owner), (Bob, MemberRole.Member), (Cid, MemberRole.Admin), (Dan, MemberRole.Admin));

        var decision = Channel.Decide(state, new RemoveMember(Group, Ann, 7, Ann), new DecisionContext(1, 100, null, null));

        var events = decision.ShouldBeOfType<Accepted>().Events;
        events.ShouldBe([new RoleChanged(2, 0, 1, Ann, Cid, MemberRole.Owner), new MemberRemoved(3, 0, 1, Ann, Ann, MemberRole.Admin)]);
        events.Aggregate(state, Channel.Apply).Members.Select(m => (m.User, m.Role))
            .ShouldBe([(Bob, MemberRole.Member), (Cid, MemberRole.Owner), (Dan, MemberRole.Admin)]);
    }

    [Fact]
    public void Ownership_passes_to_the_longest_standing_member_where_there_is_no_admin()
    {
        var channel = GroupOf(Ann, Bob, Cid);
        channel.Do(new RemoveMember(Group, Bob, 7, Bob));
        channel.Do(new AddMember(Group, Ann, 7, Bob));

        channel.Do(new RemoveMember(Group, Ann, 7, Ann));

        channel.State.Members.ShouldBe([new Member(Cid, MemberRole.Owner, 1), new Member(Bob, MemberRole.Member, 3)]);
    }

    [Fact]
    public void Owner_gives_and_takes_roles_and_passes_ownership_on()
    {
        var channel = GroupOf(Ann, Bob, Cid);

        channel.Do(new AddMember(Group, Ann, 7, Bob, MemberRole.Admin)).ShouldBeOfType<ChannelInfo>();
        channel.Timeline[^1].ShouldBe(new RoleChanged(2, 0, channel.Now, Ann, Bob, MemberRole.Admin));
        channel.Do(new AddMember(Group, Ann, 7, Bob, MemberRole.Member)).ShouldBeOfType<ChannelInfo>();
        channel.State.Find(Bob)!.Role.ShouldBe(MemberRole.Member);
        channel.Do(new AddMember(Group, Ann, 7, Cid, MemberRole.Owner)).ShouldBeOfType<ChannelInfo>();

        channel.State.Members.ShouldBe(
            [new Member(Ann, MemberRole.Admin, 1), new Member(Bob, MemberRole.Member, 1), new Member(Cid, MemberRole.Owner, 1)]);
    }

    [Fact]
    public void Newcomer_can_be_given_a_role_with_the_membership()
    {
        var channel = GroupOf(Ann);

        channel.Do(new AddMember(Group, Ann, 7, Bob, MemberRole.Admin));
        channel.Do(new AddMember(Group, Ann, 7, Cid, MemberRole.Owner));

        channel.State.Members.ShouldBe(
            [new Member(Ann, MemberRole.Admin, 1), new Member(Bob, MemberRole.Admin, 2), new Member(Cid, MemberRole.Owner, 3)]);
    }

    [Fact]
    public void Role_that_a_member_has_changes_nothing()
    {
        var channel = GroupOf(Ann, Bob);

        channel.Do(new AddMember(Group, Ann, 7, Bob, MemberRole.Member)).ShouldBeOfType<ChannelInfo>();
        channel.Do(new AddMember(Group, Ann, 7, Ann, MemberRole.Owner)).ShouldBeOfType<ChannelInfo>();

        channel.Timeline.Count.ShouldBe(1);
    }

    [Fact]
    public void Admin_adds_members_but_gives_no_roles()
    {
        var channel = GroupOf(Ann, Bob);
        channel.Do(new AddMember(Group, Ann, 7, Bob, MemberRole.Admin));

        channel.Do(new AddMember(Group, Bob, 7, Cid)).ShouldBeOfType<ChannelInfo>();
        channel.Do(new AddMember(Group, Bob, 7, Dan, MemberRole.Admin)).ShouldBeRefused(Refusal.NotAllowed);
        channel.Do(new AddMember(Group, Bob, 7, Cid, MemberRole.Admin)).ShouldBeRefused(Refusal.NotAllowed);
        channel.Do(new AddMember(Group, Bob, 7, Bob, MemberRole.Owner)).ShouldBeRefused(Refusal.NotAllowed);
        channel.Do(new AddMember(Group, Bob, 7, Ann, MemberRole.Member)).ShouldBeRefused(Refusal.NotAllowed);
    }

    [Fact]
    public void Owner_stops_being_it_only_by_passing_it_on()
    {
        var channel = GroupOf(Ann, Bob);

        channel.Do(new AddMember(Group, Ann, 7, Ann, MemberRole.Member)).ShouldBeRefused(Refusal.NotAllowed);
    }

    [Fact]
    public void Last_one_who_leaves_leaves_an_empty_channel()
    {
        var channel = GroupOf(Ann);

        var info = channel.Do(new RemoveMember(Group, Ann, 7, Ann)).ShouldBeOfType<ChannelInfo>();

        info.View.Members.ShouldBeEmpty();
        channel.State.Exists.ShouldBeTrue();
        channel.Do(new GetChannel(Group, Ann, 7)).ShouldBeRefused(Refusal.ChannelNotFound);
        channel.Do(Create(Ann)).ShouldBeRefused(Refusal.ChannelNotFound);
    }

    [Fact]
    public void Title_is_changed_by_the_owner_only_and_only_to_another_one()
    {
        var channel = GroupOf(Ann, Bob);

        channel.Do(new ChangeTitle(Group, Bob, 7, "new")).ShouldBeRefused(Refusal.NotAllowed);
        channel.Do(new ChangeTitle(Group, Ann, 7, "title")).ShouldBeOfType<ChannelInfo>();
        channel.Timeline.Count.ShouldBe(1);
        channel.Do(new ChangeTitle(Group, Ann, 7, "new")).ShouldBeOfType<ChannelInfo>().View.Title.ShouldBe("new");
        channel.Timeline[1].ShouldBe(new TitleChanged(2, 0, channel.Now, Ann, "new"));
    }

    private static ChannelState WithRoles(params (UserId User, MemberRole Role)[] members) =>
        Channel.Apply(
            ChannelState.Empty(Group),
            new ChannelCreated(1, 1, members[0].User, ChannelKind.Group, "title", [.. members.Select(m => new Member(m.User, m.Role, 1))]));
}
