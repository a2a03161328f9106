using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;
using FsCheck.Fluent;

namespace ChatAkka.Domain.Tests.Users;

public sealed class UserStateTests
{
    private static readonly UserId Ann = new("1");
    private static readonly ChannelId Group = new("900");

    [Fact]
    public void Join_and_leave_are_remembered_with_their_change()
    {
        var joined = UserState.Empty(Ann).Apply(new ChannelJoined(Group, 3));
        var left = joined.Apply(new ChannelLeft(Group, 9));

        joined.MemberSince(Group).ShouldBe(3);
        joined.Channels.ShouldBe([Group]);
        left.MemberSince(Group).ShouldBeNull();
        left.Channels.ShouldBeEmpty();
        left.Changes.ShouldBe([new MembershipChange(Group, 9, Joined: false)]);
    }

    [Fact]
    public void Change_told_twice_or_overtaken_is_no_news()
    {
        var state = UserState.Empty(Ann).Apply(new ChannelJoined(Group, 3)).Apply(new ChannelLeft(Group, 9));

        state.DecideLeave(Group, 9).ShouldBeNull();
        state.DecideJoin(Group, 9).ShouldBeNull();
        state.DecideJoin(Group, 3).ShouldBeNull();
        state.DecideJoin(Group, 10).ShouldBe(new ChannelJoined(Group, 10));
        state.Apply(new ChannelJoined(Group, 3)).ShouldBeSameAs(state);
    }

    [Fact]
    public void Leave_that_overtakes_its_join_wins()
    {
        var state = UserState.Empty(Ann);
        var leave = state.DecideLeave(Group, 9).ShouldBeOfType<ChannelLeft>();

        state.Apply(leave).DecideJoin(Group, 3).ShouldBeNull();
    }

    [Fact]
    public void Changes_in_any_order_and_number_end_alike()
    {
        var changes =
            from channel in Gen.Choose(900, 903)
            from change in Gen.Choose(1, 20)
            select new MembershipChange(new ChannelId($"{channel}"), change, Joined: change % 2 == 1);
        Check.ForAllSequences(changes, 60, sequence =>
        {
            var state = UserState.Empty(Ann);
            var log = new List<UserEvent>();
            foreach (var (channel, change, joined) in sequence)
            {
                if ((joined ? state.DecideJoin(channel, change) : state.DecideLeave(channel, change)) is { } e)
                {
                    state = state.Apply(e);
                    log.Add(e);
                }
            }

            var expected = sequence.GroupBy(c => c.Channel).Select(g => g.MaxBy(c => c.ChangeId)).ToList();
            state.Changes.ShouldBe(expected, ignoreOrder: true);
            state.Channels.ShouldBe(expected.Where(c => c.Joined).Select(c => c.Channel), ignoreOrder: true);
            log.Aggregate(UserState.Empty(Ann), (s, e) => s.Apply(e)).Changes.ShouldBe(expected, ignoreOrder: true);
            UserState.Restore(Ann, state.Changes).Changes.ShouldBe(expected, ignoreOrder: true);
        });
    }

    [Fact]
    public void Mute_lasts_until_it_is_taken_back_or_the_user_leaves()
    {
        var member = UserState.Empty(Ann).Apply(new ChannelJoined(Group, 1));
        member.DecideMute(Group, isMuted: false).ShouldBeNull();

        var muted = member.Apply(member.DecideMute(Group, isMuted: true)!);

        muted.Muted.ShouldBe([Group]);
        muted.DecideMute(Group, isMuted: true).ShouldBeNull();
        muted.Apply(new MuteChanged(Group, IsMuted: false)).Muted.ShouldBeEmpty();
        muted.Apply(new ChannelLeft(Group, 2)).Muted.ShouldBeEmpty();
        muted.Apply(new ChannelLeft(Group, 2)).Apply(new MuteChanged(Group, IsMuted: true)).Muted.ShouldBeEmpty();
        UserState.Restore(Ann, muted.Changes, muted.Muted).Muted.ShouldBe([Group]);
        Should.Throw<ArgumentException>(() => UserState.Restore(Ann, [], Group));
    }

    [Fact]
    public void Restore_of_a_channel_listed_twice_or_a_change_without_event_throws()
    {
        var change = new MembershipChange(Group, 3, Joined: true);

        Should.Throw<ArgumentException>(() => UserState.Restore(Ann, [change, change with { ChangeId = 4 }]));
        Should.Throw<ArgumentException>(() => UserState.Restore(Ann, [change with { ChangeId = 0 }]));
    }

    [Fact]
    public void Apply_of_an_unknown_event_throws() =>
        Should.Throw<InvalidOperationException>(() => UserState.Empty(Ann).Apply(new Unknown()));

    private sealed record Unknown : UserEvent;
}
