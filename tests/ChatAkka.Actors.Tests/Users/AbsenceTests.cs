using Akka.Actor;
using Akka.TestKit;
using ChatAkka.Actors.Tests.Harness;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;
using ChatAkka.Domain.Timelines;

namespace ChatAkka.Actors.Tests.Users;

/// <summary>What is owed as a push to a user of whom no device is connected.</summary>
public sealed class AbsenceTests : ActorTest
{
    private readonly FakeOutbox _outbox = new();

    [Fact]
    public void Message_for_an_absent_user_is_owed_once_a_channel()
    {
        var user = Absent();
        Deliver(user, Post(2, Bob), Post(3, Bob));
        Deliver(user, Post(4, Bob));

        Probe(user, 4);

        _outbox.Rows.ShouldBe([new PushRequest(Ann, Group, 2, At(2))]);
    }

    [Fact]
    public void Message_for_a_connected_user_is_not_owed()
    {
        var user = Present(out var phone);
        Deliver(user, Post(2, Bob));
        phone.FishForMessage(m => m is Delivery);

        Probe(user, 2);

        _outbox.Rows.ShouldBeEmpty();
    }

    [Fact]
    public void Own_messages_and_other_events_are_not_owed()
    {
        var user = Absent();
        Deliver(user, Post(2, Ann));
        Deliver(user, new TitleChanged(3, 1, 1, Bob, "new"));

        Probe(user, 3);

        _outbox.Rows.ShouldBeEmpty();
    }

    [Fact]
    public void Channel_is_answered_when_the_push_is_stored_and_not_before()
    {
        var user = Absent();
        _outbox.Hold();
        Deliver(user, Post(2, Bob));
        user.Tell(new ProbeDelivery(Ann, Group, 2), TestActor);
        ExpectNoMsg(TimeSpan.FromMilliseconds(200));

        _outbox.Release();

        ExpectMsg<DeliveryAcknowledged>().Head.ShouldBe(2);
        _outbox.Rows.Count.ShouldBe(1);
    }

    [Fact]
    public void Push_that_can_not_be_stored_is_tried_again()
    {
        var user = Absent();
        _outbox.Fails = true;
        Deliver(user, Post(2, Bob));
        user.Tell(new ProbeDelivery(Ann, Group, 2), TestActor);
        ExpectNoMsg(TimeSpan.FromMilliseconds(200));

        _outbox.Fails = false;

        ExpectMsg<DeliveryAcknowledged>(TimeSpan.FromSeconds(10)).Head.ShouldBe(2);
        _outbox.Rows.Count.ShouldBe(1);
    }

    [Fact]
    public void Message_of_which_the_user_only_hears_by_a_probe_is_owed()
    {
        var user = Absent();
        Store.Append("channel-31", [Post(2, Ann), Post(3, Bob)]);

        Probe(user, 3);

        _outbox.Rows.ShouldHaveSingleItem().MessageId.ShouldBe(3);
    }

    [Fact]
    public void Message_that_a_device_has_is_not_owed_after_a_recovery()
    {
        var user = Absent();
        Store.Append("channel-31", [Post(2, Bob), Post(3, Bob)]);
        Store.SaveAsync([new Domain.Users.Receipt(Ann, Group, 3, 0, 0)], CancellationToken.None);

        Probe(user, 3);

        _outbox.Rows.ShouldBeEmpty();
    }

    [Fact]
    public void Message_that_was_sent_to_a_device_that_never_said_so_is_owed_when_it_goes()
    {
        var user = Present(out var phone);
        Deliver(user, Post(2, Bob), Post(3, Bob));
        user.Tell(new MoveCursor(Ann, AnnPhone, Group, 2));
        phone.FishForMessage(m => m is Delivery);

        Sys.Stop(phone.Ref);

        AwaitAssert(() => _outbox.Rows.ShouldHaveSingleItem().MessageId.ShouldBe(3), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Device_that_had_everything_leaves_nothing_owed()
    {
        var user = Present(out var phone);
        Deliver(user, Post(2, Bob));
        user.Tell(new MoveCursor(Ann, AnnPhone, Group, 2));
        phone.FishForMessage(m => m is Delivery);
        user.Tell(new ListChannels(Ann), TestActor);
        ExpectMsg<UserChannels>();
        Watch(phone.Ref);
        Sys.Stop(phone.Ref);
        ExpectTerminated(phone.Ref);

        Probe(user, 2);

        _outbox.Rows.ShouldBeEmpty();
    }

    [Fact]
    public void Return_of_the_user_clears_what_is_owed_and_the_next_absence_begins_anew()
    {
        var user = Absent();
        Deliver(user, Post(2, Bob));
        Probe(user, 2);
        var phone = Attach(user, AnnPhone);
        phone.FishForMessage(m => m is SyncCompleted);
        AwaitAssert(() => _outbox.Rows.ShouldBeEmpty(), TimeSpan.FromSeconds(10));
        user.Tell(new MoveCursor(Ann, AnnPhone, Group, 2));
        Watch(phone.Ref);
        Sys.Stop(phone.Ref);
        ExpectTerminated(phone.Ref);

        Deliver(user, Post(3, Bob));
        Probe(user, 3);

        // It may have come before the user knew that the phone is gone.
        AwaitAssert(() => _outbox.Rows.ShouldHaveSingleItem().MessageId.ShouldBe(3), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void What_can_not_be_cleared_at_the_return_is_cleared_later()
    {
        var user = Absent();
        Deliver(user, Post(2, Bob));
        Probe(user, 2);
        _outbox.Fails = true;
        var phone = Attach(user, AnnPhone);
        phone.FishForMessage(m => m is SyncCompleted);
        AwaitAssert(() => _outbox.Clears.ShouldBe(1), TimeSpan.FromSeconds(10));
        _outbox.Rows.Count.ShouldBe(1);

        _outbox.Fails = false;

        AwaitAssert(() => _outbox.Rows.ShouldBeEmpty(), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void What_was_still_being_read_when_the_last_device_went_is_owed()
    {
        var user = Present(out var phone);
        Store.FailReads = new StorageUnavailableException("no answer");
        Store.Append("channel-31", [Post(2, Bob)]);
        Probe(user, 2);

        Sys.Stop(phone.Ref);
        Store.FailReads = null;

        AwaitAssert(() => _outbox.Rows.ShouldHaveSingleItem().MessageId.ShouldBe(2), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Push_that_is_stored_after_the_return_does_not_stay()
    {
        var user = Absent();
        _outbox.Hold();
        Deliver(user, Post(2, Bob));
        var phone = Attach(user, AnnPhone);
        phone.FishForMessage(m => m is SyncCompleted);

        _outbox.Release();

        AwaitAssert(() => (_outbox.Clears, _outbox.Rows.Count).ShouldBe((2, 0)), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Muted_channel_owes_nothing()
    {
        var user = Absent();
        user.Tell(new SetMute(Ann, Group, IsMuted: true), TestActor);
        ExpectMsg<MuteSet>().IsMember.ShouldBeTrue();
        Deliver(user, Post(2, Bob));
        Probe(user, 2);
        _outbox.Rows.ShouldBeEmpty();

        user.Tell(new SetMute(Ann, Group, IsMuted: false), TestActor);
        ExpectMsg<MuteSet>();
        Deliver(user, Post(3, Bob));
        Probe(user, 3);
        _outbox.Rows.Count.ShouldBe(1);
    }

    [Fact]
    public void Mute_of_a_channel_of_others_is_refused()
    {
        var user = Absent();
        user.Tell(new SetMute(Ann, new ChannelId("77"), IsMuted: true), TestActor);
        ExpectMsg<MuteSet>().IsMember.ShouldBeFalse();
    }

    [Fact]
    public void User_who_was_online_when_the_program_ended_is_owed_what_no_device_has()
    {
        var user = Absent();
        Store.Append("channel-31", [Post(2, Bob)]);

        user.Tell(new ReviewAbsence(Ann));

        AwaitAssert(() => _outbox.Rows.ShouldHaveSingleItem().MessageId.ShouldBe(2), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Review_is_answered_when_what_is_owed_is_stored_and_not_before()
    {
        var user = Absent();
        Store.Append("channel-31", [Post(2, Bob)]);
        _outbox.Hold();
        user.Tell(new ReviewAbsence(Ann), TestActor);
        ExpectNoMsg(TimeSpan.FromMilliseconds(200));

        _outbox.Release();

        ExpectMsg<AbsenceSeenTo>(TimeSpan.FromSeconds(10)).User.ShouldBe(Ann);
        _outbox.Rows.ShouldHaveSingleItem().MessageId.ShouldBe(2);
    }

    [Fact]
    public void Review_that_can_not_be_made_now_is_made_and_answered_later()
    {
        var user = Absent();
        Store.Append("channel-31", [Post(2, Bob)]);
        Store.FailReads = new StorageUnavailableException("no answer");
        user.Tell(new ReviewAbsence(Ann), TestActor);
        ExpectNoMsg(TimeSpan.FromMilliseconds(200));

        Store.FailReads = null;

        ExpectMsg<AbsenceSeenTo>(TimeSpan.FromSeconds(10));
        _outbox.Rows.ShouldHaveSingleItem();
    }

    [Fact]
    public void Review_of_a_user_who_is_there_or_comes_back_meanwhile_is_answered_and_owes_nothing()
    {
        var user = Present(out var phone);
        user.Tell(new ReviewAbsence(Ann), TestActor);
        ExpectMsg<AbsenceSeenTo>();
        Watch(phone.Ref);
        Sys.Stop(phone.Ref);
        ExpectTerminated(phone.Ref);
        _outbox.Hold();
        Deliver(user, Post(2, Bob));
        user.Tell(new ReviewAbsence(Ann), TestActor);
        ExpectNoMsg(TimeSpan.FromMilliseconds(200));

        Attach(user, AnnPhone).FishForMessage(m => m is SyncCompleted);

        ExpectMsg<AbsenceSeenTo>(TimeSpan.FromSeconds(10));
        _outbox.Release();
    }

    [Fact]
    public void Review_of_a_user_without_anything_to_look_at_is_answered()
    {
        var user = Absent();

        user.Tell(new ReviewAbsence(Ann), TestActor);

        ExpectMsg<AbsenceSeenTo>(TimeSpan.FromSeconds(10));
        _outbox.Rows.ShouldBeEmpty();
    }

    [Fact]
    public void Without_pushes_a_channel_is_answered_at_once()
    {
        var user = Open(outbox: null);
        Join(user);
        Probe(user, 5);
    }

    private static long At(long id) => 1_000 + id;

    private static MessagePosted Post(long id, UserId from) => new(id, id - 1, At(id), from, BobPhone, $"c{id}", $"text {id}", 0, []);

    private static ChannelView View(long head, long n) =>
        new(Group, ChannelKind.Group, "team", head, n, [new Member(Ann, MemberRole.Member, 1)]);

    private IActorRef Open(IPushOutbox? outbox) =>
        Start(UserActor.Props(Ann, new UserServices(
            new ChatOptions(), Store, Store, Store, new FakeContacts(), OtherRegion.Ref, OtherRegion.Ref, outbox)));

    // Ann, a member of the group since its first event.
    private IActorRef Absent()
    {
        var user = Open(_outbox);
        Join(user);
        return user;
    }

    private void Join(IActorRef user)
    {
        Member[] members = [new(Ann, MemberRole.Member, 1), new(Bob, MemberRole.Owner, 1)];
        Store.Append("channel-31", [new ChannelCreated(1, 1, Bob, ChannelKind.Group, "team", [.. members])]);
        user.Tell(new RecordMembership(Ann, Group, 1, View(1, 0).For(Ann)), TestActor);
        ExpectMsg<MembershipRecorded>();
    }

    private IActorRef Present(out TestProbe phone)
    {
        var user = Absent();
        user.Tell(new RegisterDevice(Ann, AnnPhone), TestActor);
        ExpectMsg<DeviceRegistered>();
        phone = Attach(user, AnnPhone);
        phone.ExpectMsg<SyncCompleted>();
        return user;
    }

    // The connection's sync asks the channel, for which the other region stands.
    private TestProbe Attach(IActorRef user, DeviceId device)
    {
        OtherRegion.SetAutoPilot(new DelegateAutoPilot((sender, message) =>
        {
            if (message is GetChannel get)
            {
                sender.Tell(new ChannelInfo(get.Channel, get.Request, View(9, 9), Created: false));
            }

            return AutoPilot.KeepRunning;
        }));
        var connection = CreateConnection();
        connection.Send(user, new AttachSession(Ann, device, null));
        return connection;
    }

    private void Deliver(IActorRef user, params ChannelEvent[] events)
    {
        Store.Append("channel-31", events);
        user.Tell(new DeliverEvents(Ann, new Delivery(Group, [.. events])));
    }

    // Returns when the user has looked at everything up to there.
    private void Probe(IActorRef user, long head)
    {
        user.Tell(new ProbeDelivery(Ann, Group, head), TestActor);
        ExpectMsg<DeliveryAcknowledged>(TimeSpan.FromSeconds(10)).Head.ShouldBe(head);
    }
}
