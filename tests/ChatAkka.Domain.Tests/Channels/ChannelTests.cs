using System.Collections.Immutable;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using static ChatAkka.Domain.Tests.Channels.Sample;

namespace ChatAkka.Domain.Tests.Channels;

public sealed class ChannelTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Apply_of_an_id_that_does_not_follow_throws(long id)
    {
        var state = GroupOf(Ann).State;

        Should.Throw<InvalidOperationException>(() => Channel.Apply(state, new TitleChanged(id, 0, 1, Ann, "new")));
    }

    [Fact]
    public void Apply_of_an_unknown_event_throws() =>
        Should.Throw<InvalidOperationException>(() => Channel.Apply(GroupOf(Ann).State, new Unknown(2)));

    [Fact]
    public void Apply_of_anything_before_the_creation_or_of_a_second_one_throws()
    {
        var created = (ChannelCreated)GroupOf(Ann).Timeline[0];

        Should.Throw<InvalidOperationException>(() => Channel.Apply(ChannelState.Empty(Group), new TitleChanged(1, 0, 1, Ann, "new")));
        Should.Throw<InvalidOperationException>(() => Channel.Apply(GroupOf(Ann).State, created with { Id = 2 }));
    }

    [Fact]
    public void Apply_of_a_join_of_a_member_or_a_leave_of_a_stranger_throws()
    {
        var state = GroupOf(Ann).State;

        Should.Throw<InvalidOperationException>(() => Channel.Apply(state, new MemberAdded(2, 0, 1, Ann, Ann, MemberRole.Member)));
        Should.Throw<InvalidOperationException>(() => Channel.Apply(state, new MemberRemoved(2, 0, 1, Ann, Bob, MemberRole.Member)));
    }

    [Fact]
    public void Decide_of_an_unknown_command_throws() =>
        Should.Throw<ArgumentException>(
            () => Channel.Decide(GroupOf(Ann).State, new UnknownCommand(), new DecisionContext(1, 100, null, null)));

    [Fact]
    public void Find_in_a_large_group_knows_every_member()
    {
        var others = Enumerable.Range(100, 1_000).Select(User).ToArray();
        var channel = new TestChannel(Group, maxGroupSize: 2_000);
        channel.Do(Create(Ann, others));
        channel.Do(new RemoveMember(Group, Ann, 7, others[500]));

        channel.State.Find(others[499])!.User.ShouldBe(others[499]);
        channel.State.Find(others[500]).ShouldBeNull();
        channel.State.Find(Bob).ShouldBeNull();
    }

    [Fact]
    public void Restore_of_what_was_exported_decides_like_the_original()
    {
        var channel = GroupOf(Ann, Bob, Cid);
        for (var i = 0; i < 5_000; i++)
        {
            channel.Do(Post(Group, Bob, $"c{i}"));
        }

        var restored = channel.State.Restored();

        restored.Contents().ShouldBe(channel.State.Contents());
        var next = new MessagePosted(5_002, 5_001, 1, Ann, Device(Ann), "next", "text", 0, []);
        Channel.Apply(restored, next).Contents().ShouldBe(Channel.Apply(channel.State, next).Contents());
        PostMessage[] commands = [Post(Group, Bob, "c0"), Post(Group, Bob, "c4999"), Post(Group, Bob, "c5000"), Post(Group, Cid, "c0")];
        foreach (var command in commands)
        {
            restored.Sends.Candidates(command.Device, command.ClientId)
                .ShouldBe(channel.State.Sends.Candidates(command.Device, command.ClientId));
        }
    }

    [Fact]
    public void Restore_of_what_no_timeline_leads_to_throws()
    {
        var state = GroupOf(Ann, Bob).State;
        var owner = state.Members[0];
        var sends = state.Sends;

        ShouldThrow(() => ChannelState.Restore(Group, ChannelKind.Direct, "t", Ann, state.Members, 1, 0, sends));
        ShouldThrow(() => ChannelState.Restore(Group, ChannelKind.Group, null!, Ann, state.Members, 1, 0, sends));
        ShouldThrow(() => ChannelState.Restore(Group, ChannelKind.Group, "t", Ann, default, 1, 0, sends));
        ShouldThrow(() => ChannelState.Restore(Group, ChannelKind.Group, "t", Ann, state.Members, 0, 0, SendLog.Empty));
        ShouldThrow(() => ChannelState.Restore(Group, ChannelKind.Group, "t", Ann, state.Members, 1, 1, sends));
        ShouldThrow(() => ChannelState.Restore(Group, ChannelKind.Group, "t", Ann, state.Members, 2, 0, sends));
        ShouldThrow(() => ChannelState.Restore(Group, ChannelKind.Group, "t", Ann, [owner, owner], 1, 0, sends));
        ShouldThrow(() => ChannelState.Restore(Group, ChannelKind.Group, "t", Ann, [owner with { Role = MemberRole.Admin }], 1, 0, sends));
        ShouldThrow(() => ChannelState.Restore(Group, ChannelKind.Group, "t", Ann, [owner with { Since = 2 }], 1, 0, sends));
        ShouldThrow(() => ChannelState.Restore(Direct, ChannelKind.Direct, "", Ann, [owner], 1, 0, sends));
    }

    private static void ShouldThrow(Func<ChannelState> restore) => Should.Throw<ArgumentException>(restore);

    private sealed record Unknown(long Id) : ChannelEvent(Id, 0, 1, Ann);

    private sealed record UnknownCommand() : ChannelCommand(Group, Ann, 7);
}
