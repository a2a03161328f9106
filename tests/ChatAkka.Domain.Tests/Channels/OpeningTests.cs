using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Contacts;
using ChatAkka.Domain.Identity;
using static ChatAkka.Domain.Tests.Channels.Sample;

namespace ChatAkka.Domain.Tests.Channels;

public sealed class OpeningTests
{
    [Fact]
    public void Open_direct_by_one_of_its_users_creates_it_once()
    {
        var channel = new TestChannel(Direct);

        var first = channel.Do(new OpenDirect(Direct, Bob, 7)).ShouldBeOfType<ChannelInfo>();
        var second = channel.Do(new OpenDirect(Direct, Ann, 8)).ShouldBeOfType<ChannelInfo>();

        (first.Created, second.Created).ShouldBe((true, false));
        first.View.ShouldBe(second.View);
        first.View.Members.ShouldBe([new Member(Ann, MemberRole.Member, 1), new Member(Bob, MemberRole.Member, 1)]);
        channel.Timeline.Single().ShouldBeOfType<ChannelCreated>().Kind.ShouldBe(ChannelKind.Direct);
    }

    [Fact]
    public void Open_direct_asks_whether_the_other_user_exists()
    {
        var decision = Channel.Decide(
            ChannelState.Empty(Direct), new OpenDirect(Direct, Bob, 7), new DecisionContext(1, 100, new BlockState(), null));

        decision.ShouldBeOfType<Undecided>().Users.ShouldBe([Ann]);
    }

    [Fact]
    public void Open_direct_with_an_unknown_user_is_refused()
    {
        var channel = new TestChannel(Direct, missing: Ann);

        channel.Do(new OpenDirect(Direct, Bob, 7)).ShouldBeRefused(Refusal.UserNotFound);
        channel.Do(Post(Direct, Bob, "a", mayOpen: true)).ShouldBeRefused(Refusal.UserNotFound);
        channel.Timeline.ShouldBeEmpty();
    }

    [Fact]
    public void First_message_opens_the_direct_channel_in_the_same_decision()
    {
        var channel = new TestChannel(Direct);

        var accepted = channel.Decide(Post(Direct, Ann, "a", mayOpen: true)).ShouldBeOfType<Accepted>();

        accepted.Reply.ShouldBe(new Posted(Direct, 7, 2, 1, channel.Now, Duplicate: false));
        accepted.Events.Select(e => e.GetType()).ShouldBe([typeof(ChannelCreated), typeof(MessagePosted)]);
        channel.Persist();
        channel.Do(Post(Direct, Bob, "a", mayOpen: true)).ShouldBe(new Posted(Direct, 7, 3, 2, channel.Now, Duplicate: false));
    }

    [Fact]
    public void First_message_that_replies_to_something_is_refused()
    {
        var channel = new TestChannel(Direct);

        channel.Do(Post(Direct, Ann, "a", replyTo: 1, mayOpen: true)).ShouldBeRefused(Refusal.MessageNotFound);
        channel.Timeline.ShouldBeEmpty();
    }

    [Fact]
    public void First_message_without_leave_to_open_is_refused() =>
        new TestChannel(Direct).Do(Post(Direct, Ann, "a")).ShouldBeRefused(Refusal.ChannelNotFound);

    [Fact]
    public void First_message_to_a_group_that_does_not_exist_is_refused() =>
        new TestChannel(Group).Do(Post(Group, Ann, "a", mayOpen: true)).ShouldBeRefused(Refusal.ChannelNotFound);

    [Fact]
    public void Create_group_makes_its_caller_the_owner_once()
    {
        var channel = new TestChannel(Group);

        var info = channel.Do(Create(Ann, Bob, Ann, Cid, Bob)).ShouldBeOfType<ChannelInfo>();

        info.Created.ShouldBeTrue();
        (info.View.Title, info.View.Head, info.View.N).ShouldBe(("title", 1, 0));
        info.View.Members.ShouldBe(
            [new Member(Ann, MemberRole.Owner, 1), new Member(Bob, MemberRole.Member, 1), new Member(Cid, MemberRole.Member, 1)]);
    }

    [Fact]
    public void Create_group_repeated_by_its_creator_answers_the_same_without_creating()
    {
        var channel = GroupOf(Ann, Bob);

        var again = channel.Do(Create(Ann, Bob)).ShouldBeOfType<ChannelInfo>();

        again.Created.ShouldBeFalse();
        again.View.ShouldBe(channel.State.View());
        channel.Timeline.Count.ShouldBe(1);
        channel.Do(Create(Bob, Ann)).ShouldBeRefused(Refusal.NotAllowed);
        channel.Do(Create(Eve, Ann)).ShouldBeRefused(Refusal.ChannelNotFound);
    }

    [Fact]
    public void Create_group_without_others_needs_no_facts()
    {
        var decision = Channel.Decide(ChannelState.Empty(Group), Create(Ann), new DecisionContext(1, 100, new BlockState(), null));

        decision.ShouldBeOfType<Accepted>();
    }

    [Fact]
    public void Create_group_with_an_unknown_user_is_refused()
    {
        var channel = new TestChannel(Group, missing: Cid);

        channel.Do(Create(Ann, Bob, Cid)).ShouldBeRefused(Refusal.UserNotFound);
        channel.State.Exists.ShouldBeFalse();
    }

    [Fact]
    public void Create_group_counts_its_creator_against_the_limit()
    {
        new TestChannel(Group, maxGroupSize: 3).Do(Create(Ann, Bob, Cid, Ann, Bob)).ShouldBeOfType<ChannelInfo>();
        new TestChannel(Group, maxGroupSize: 3).Do(Create(Ann, Bob, Cid, Dan)).ShouldBeRefused(Refusal.GroupTooLarge);
    }

    [Fact]
    public void Commands_for_the_other_kind_of_channel_are_refused()
    {
        new TestChannel(Group).Do(new OpenDirect(Group, Ann, 7)).ShouldBeRefused(Refusal.ChannelNotFound);
        new TestChannel(Direct).Do(Create(Ann, Bob) with { Channel = Direct }).ShouldBeRefused(Refusal.ChannelNotFound);
        GroupOf(Ann).Do(new OpenDirect(Group, Ann, 7)).ShouldBeRefused(Refusal.NotAllowed);
        DirectOfAnnAndBob().Do(Create(Ann, Bob) with { Channel = Direct }).ShouldBeRefused(Refusal.NotAllowed);
    }
}
