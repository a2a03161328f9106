using Akka.TestKit;
using ChatAkka.Actors.Tests.Harness;
using ChatAkka.Actors.Users;

namespace ChatAkka.Actors.Tests.Users;

public sealed class UserSessionsTests : ActorTest
{
    private readonly UserSessions _sessions = new();
    private readonly TestProbe _phone;
    private readonly TestProbe _laptop;

    public UserSessionsTests()
    {
        _phone = CreateTestProbe();
        _laptop = CreateTestProbe();
    }

    [Fact]
    public void Only_live_sessions_get_deliveries_and_announcements()
    {
        Add(_phone).GoLive();
        Add(_laptop);
        _sessions.IsAnyLive.ShouldBeTrue();
        _sessions.Deliver(Timelines.Delivery(Group, 1, 1));
        _sessions.Announce(new ChannelDisappeared(Group));
        _sessions.TellAll(SessionInterrupted.Instance);
        _phone.ExpectMsg<SyncCompleted>();
        _phone.ExpectMsg<Delivery>();
        _phone.ExpectMsg<ChannelDisappeared>();
        _phone.ExpectMsg<SessionInterrupted>();
        _laptop.ExpectMsg<SessionInterrupted>();
    }

    [Fact]
    public void Removed_sessions_are_returned_and_the_others_stay()
    {
        var (phone, laptop) = (Add(_phone), Add(_laptop));
        _sessions.Remove(session => session.Connection.Equals(_phone.Ref)).ShouldBe([phone]);
        _sessions.Remove(session => session.Connection.Equals(_phone.Ref)).ShouldBeEmpty();
        (_sessions.Contains(phone), _sessions.Contains(laptop), _sessions.IsEmpty).ShouldBe((false, true, false));
        _sessions.Remove(_ => true);
        _sessions.IsEmpty.ShouldBeTrue();
    }

    private Session Add(TestProbe connection)
    {
        var session = new Session(connection.Ref, new AttachSession(Ann, AnnPhone, null));
        _sessions.Add(session);
        return session;
    }
}
