using ChatAkka.Actors.Tests.Harness;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Tests.Users;

public sealed class InboxTests
{
    private static readonly ChannelId Group = ActorTest.Group;
    private static readonly UserState Member = UserState.Empty(ActorTest.Ann).Apply(new ChannelJoined(Group, 5));

    private readonly Inbox _inbox = new(queueLength: 4);

    [Fact]
    public void Stretch_has_its_events_only_if_all_of_them_are_still_held()
    {
        _inbox.Append(Timelines.Delivery(Group, 5, 10));
        var held = _inbox.StretchFrom(Group, 8, StretchKind.Sync);
        (held.From, held.To, held.N).ShouldBe((8, 10, 9));
        held.Held.Select(e => e.Id).ShouldBe([8, 9, 10]);
        _inbox.StretchFrom(Group, 5, StretchKind.Sync).Held.IsDefault.ShouldBeTrue();
    }

    [Fact]
    public void Join_after_a_leave_begins_anew()
    {
        _inbox.Append(Timelines.Delivery(Group, 5, 10));
        _inbox.Leave(Group);
        _inbox.Find(Group).ShouldBeNull();
        _inbox.Join(Group, 19);
        _inbox[Group].Head.ShouldBe(19);
        _inbox.StretchFrom(Group, 10, StretchKind.Sync).Held.IsDefault.ShouldBeTrue("what was held is forgotten");
    }

    [Fact]
    public void Head_of_the_store_is_where_a_user_without_live_session_stands()
    {
        Discover(Head(30), isAnyLive: false).ShouldBeEmpty();
        _inbox[Group].Head.ShouldBe(30);
        Discover(Head(29), isAnyLive: false).ShouldBeEmpty();
        _inbox[Group].Head.ShouldBe(30, "the read was older than the last delivery");
    }

    [Fact]
    public void Head_of_the_store_ahead_of_a_live_session_is_a_gap_once()
    {
        _inbox.Join(Group, 19);
        Discover(Head(30), isAnyLive: true).ShouldBe([Group]);
        (_inbox[Group].Head, _inbox[Group].Target).ShouldBe((19, 30));
        Discover(Head(31), isAnyLive: true).ShouldBeEmpty("its repair is under way");
    }

    [Fact]
    public void Channel_joined_while_the_heads_were_read_stands_where_it_was_joined()
    {
        Discover([], isAnyLive: true).ShouldBeEmpty();
        _inbox[Group].Head.ShouldBe(4);
    }

    private IReadOnlyList<ChannelId> Discover(Dictionary<ChannelId, ChannelEvent> heads, bool isAnyLive) =>
        _inbox.Discover(Member, heads, isAnyLive);

    private static Dictionary<ChannelId, ChannelEvent> Head(long id) => new() { [Group] = Timelines.Event(id) };
}
