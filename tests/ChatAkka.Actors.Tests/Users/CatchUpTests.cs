using Akka.TestKit;
using ChatAkka.Actors.Tests.Harness;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Tests.Users;

public sealed class CatchUpTests : ActorTest
{
    private static readonly ChannelId Other = new("32");

    private readonly Inbox _inbox = new(queueLength: 100);
    private readonly DeviceCursors _cursors = new();
    private readonly TestProbe _connection;
    private readonly Session _session;
    private UserState _state = UserState.Empty(Ann).Apply(new ChannelJoined(Group, 1)).Apply(new ChannelJoined(Other, 1));

    public CatchUpTests()
    {
        _connection = CreateConnection();
        _session = new Session(_connection.Ref, new AttachSession(Ann, AnnPhone, null));
    }

    [Fact]
    public void Session_is_sent_what_it_missed_the_oldest_activity_first_then_what_came_meanwhile_and_is_live()
    {
        Receive(Group, 1, 9);
        Receive(Other, 1, 5);
        Begin((Group, 7), (Other, 2)).ShouldBe([(Other, 3, 5, StretchKind.Sync), (Group, 8, 9, StretchKind.Sync)]);
        Receive(Group, 10, 11);
        Continue().ShouldBe([(Group, 10, 11, StretchKind.Tail)]);
        _session.IsLive.ShouldBeFalse();
        _connection.HasMessages.ShouldBeFalse();
        Continue().ShouldBeEmpty();
        _session.IsLive.ShouldBeTrue();
        _connection.ExpectMsg<SyncCompleted>();
    }

    [Fact]
    public void Channel_joined_meanwhile_is_new_to_the_session_and_one_left_meanwhile_is_taken_from_it()
    {
        _state = UserState.Empty(Ann).Apply(new ChannelJoined(Group, 1));
        Receive(Group, 1, 1);
        Begin((Group, 1)).ShouldBeEmpty();
        _state = _state.Apply(new ChannelLeft(Group, 2)).Apply(new ChannelJoined(Other, 3));
        _inbox.Leave(Group);
        _inbox.Join(Other, 2);
        Receive(Other, 3, 4);
        Continue().ShouldBe([(Other, 3, 4, StretchKind.Sync)]);
        _connection.ExpectMsg<ChannelDisappeared>().Channel.ShouldBe(Group);
    }

    [Fact]
    public void Device_ahead_of_its_user_is_not_sent_again_what_it_has()
    {
        Receive(Group, 1, 5);
        Receive(Other, 1, 1);
        Begin((Group, 7), (Other, 1)).ShouldBeEmpty();
        Continue().ShouldBeEmpty();
        _connection.ExpectMsg<SyncCompleted>();
        _session.Deliver(Timelines.Delivery(Group, 6, 6));
        _session.Deliver(Timelines.Delivery(Group, 7, 8));
        _session.Deliver(Timelines.Delivery(Group, 9, 9));
        _connection.ExpectMsg<Delivery>().Ids().ShouldBe([8]);
        _connection.ExpectMsg<Delivery>().Ids().ShouldBe([9]);
    }

    private void Receive(ChannelId channel, long from, long to) => _inbox.Append(Timelines.Delivery(channel, from, to));

    private (ChannelId, long From, long To, StretchKind Kind)[] Begin(params (ChannelId Channel, long Id)[] stored)
    {
        var loaded = new LoadedCursors(
            AnnPhone, Given: null, Unsaved: new Dictionary<ChannelId, long>(),
            stored.ToDictionary(cursor => cursor.Channel, cursor => cursor.Id), []);
        return Told(new CatchUp(_state, _inbox).Begin(_session, loaded, _cursors));
    }

    private (ChannelId, long From, long To, StretchKind Kind)[] Continue() => Told(new CatchUp(_state, _inbox).Continue(_session));

    private static (ChannelId, long From, long To, StretchKind Kind)[] Told(IReadOnlyList<Stretch> stretches) =>
        [.. stretches.Select(stretch => (stretch.Channel, stretch.From, stretch.To, stretch.Kind))];
}
