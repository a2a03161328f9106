using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.TestKit;
using ChatAkka.Actors.Tests.Harness;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Timelines;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Tests.Users;

public sealed class UserActorTests : ActorTest
{
    private readonly FakeContacts _contacts = new();
    private ChatOptions _options = new();

    public UserActorTests() => UserRegion = CreateTestProbe("user-region");

    /// <summary>Stands for the shard region of users, which knows the next incarnation of one that is leaving.</summary>
    private TestProbe UserRegion { get; }

    [Fact]
    public void Session_of_a_user_without_channels_is_live_at_once()
    {
        var user = Open();
        Attach(user, AnnPhone).ExpectMsg<SyncCompleted>();
    }

    [Fact]
    public void Live_session_gets_deliveries_as_they_come_and_no_event_twice()
    {
        var user = OpenMember(out var phone);
        var events = Write(2, 4);
        var first = Deliver(user, events[0]);
        phone.ExpectMsg<Delivery>().ShouldBeSameAs(first);
        Deliver(user, events[0]);
        Deliver(user, events[0], events[1]);
        phone.ExpectMsg<Delivery>().Events.ShouldBe([events[1]]);
        Deliver(user, events[2]);
        phone.ExpectMsg<Delivery>().Events.ShouldBe([events[2]]);
    }

    [Fact]
    public void Gap_is_read_from_the_journal_before_anything_later_is_passed_on()
    {
        var user = OpenMember(out var phone);
        var events = Write(2, 6);
        Store.HoldReads();
        Deliver(user, events[2]);
        Deliver(user, events[3]);
        phone.ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        Store.ReleaseReads();
        Ids(phone, 4).ShouldBe([2, 3, 4, 5]);
    }

    [Fact]
    public void Probe_tells_of_events_that_never_came_and_is_acknowledged()
    {
        var user = OpenMember(out var phone);
        Write(2, 3);
        user.Tell(new ProbeDelivery(Ann, Group, 3), TestActor);
        ExpectMsg<DeliveryAcknowledged>(acknowledged => (acknowledged.User, acknowledged.Head).ShouldBe((Ann, 3)));
        Ids(phone, 2).ShouldBe([2, 3]);
    }

    [Fact]
    public void Session_is_sent_what_lies_above_its_cursor_then_synced_then_what_came_meanwhile()
    {
        var user = OpenMember(out _);
        var events = Write(2, 5);
        Deliver(user, events[0], events[1]);
        user.Tell(new MoveCursor(Ann, AnnLaptop, Group, 2));
        Store.HoldReads();
        var laptop = Attach(user, AnnLaptop);
        Deliver(user, events[2]);
        Store.ReleaseReads();
        AnswerGetChannel();

        var sync = laptop.ExpectMsg<SyncChannel>();
        sync.Events.Select(e => e.Id).ShouldBe([3, 4]);
        (sync.More, sync.View.Head).ShouldBe((false, 4));
        // 5 is in the store, so it is read; before or after synced
        var rest = new List<object> { laptop.ExpectMsg<object>(), laptop.ExpectMsg<object>() };
        rest.OfType<Delivery>().Single().Events.ShouldBe([events[3]]);
        rest.OfType<SyncCompleted>().ShouldHaveSingleItem();
        Deliver(user, events[3]);
        laptop.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void Session_far_behind_gets_the_first_hundred_and_is_told_that_there_is_more()
    {
        var user = OpenMember(out _);
        Deliver(user, [.. Write(2, 250)]);
        var laptop = Attach(user, AnnLaptop);
        AnswerGetChannel();
        var sync = laptop.ExpectMsg<SyncChannel>();
        sync.Events.Select(e => e.Id).ShouldBe(Enumerable.Range(1, 100).Select(i => (long)i));
        (sync.More, sync.View.Head, sync.View.N).ShouldBe((true, 250, 249));
        laptop.ExpectMsg<SyncCompleted>();
    }

    [Fact]
    public void Own_cursors_override_the_stored_ones()
    {
        var user = OpenMember(out _);
        Deliver(user, [.. Write(2, 9)]);
        IgnoreMessages(IsBookkeeping);
        user.Tell(new AttachSession(Ann, AnnLaptop, new Dictionary<ChannelId, long> { [Group] = 7, [new ChannelId("77")] = 3 }), TestActor);
        AnswerGetChannel();
        ExpectMsg<SyncChannel>().Events.Select(e => e.Id).ShouldBe([8, 9]);
        ExpectMsg<SyncCompleted>();
        Store.CursorOf(AnnLaptop, Group).ShouldBe(7);
        Store.CursorOf(AnnLaptop, new ChannelId("77")).ShouldBe(0);
    }

    [Fact]
    public void Device_that_was_away_when_its_user_left_is_told_once()
    {
        var user = OpenMember(out var phone);
        Deliver(user, [.. Write(2, 3)]);
        user.Tell(new MoveCursor(Ann, AnnPhone, Group, 3));
        Sys.Stop(phone.Ref);
        AwaitAssert(() => Store.CursorOf(AnnPhone, Group).ShouldBe(3), TimeSpan.FromSeconds(10));
        user.Tell(new RecordMembership(Ann, Group, 4, null), TestActor);
        ExpectMsg<MembershipRecorded>();

        var back = Attach(user, AnnPhone);
        back.ExpectMsg<ChannelDisappeared>().Channel.ShouldBe(Group);
        back.ExpectMsg<SyncCompleted>();
        AwaitAssert(() => Store.CursorOf(AnnPhone, Group).ShouldBe(0), TimeSpan.FromSeconds(10));
        Attach(user, AnnPhone).ExpectMsg<SyncCompleted>();
    }

    [Fact]
    public void New_device_starts_at_the_heads()
    {
        var user = OpenMember(out _);
        Write(2, 9);
        user.Tell(new RegisterDevice(Ann, AnnLaptop), TestActor);
        ExpectMsg<DeviceRegistered>();
        var laptop = Attach(user, AnnLaptop);
        laptop.ExpectMsg<SyncCompleted>();
        laptop.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void Cursor_beyond_the_head_hides_nothing_that_comes()
    {
        var user = OpenMember(out _);
        IgnoreMessages(IsBookkeeping);
        user.Tell(new AttachSession(Ann, AnnLaptop, new Dictionary<ChannelId, long> { [Group] = 1_000 }), TestActor);
        ExpectMsg<SyncCompleted>();
        Deliver(user, Write(2, 2)[0]);
        ExpectMsg<Delivery>().Events[0].Id.ShouldBe(2);
        Store.CursorOf(AnnLaptop, Group).ShouldBe(1);
    }

    [Fact]
    public void Cursor_moves_are_stored_and_never_back_nor_beyond_the_head()
    {
        var user = OpenMember(out _);
        var events = Write(2, 5);
        Deliver(user, [.. events]);
        user.Tell(new MoveCursor(Ann, AnnPhone, Group, 4));
        user.Tell(new MoveCursor(Ann, AnnPhone, Group, 3));
        user.Tell(new MoveCursor(Ann, AnnPhone, Group, 500));
        AwaitAssert(() => Store.CursorOf(AnnPhone, Group).ShouldBe(4), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Cursor_of_an_own_message_whose_ok_overtook_its_event_counts_when_the_event_comes()
    {
        var user = OpenMember(out var phone);
        user.Tell(new MoveCursor(Ann, AnnPhone, Group, 2));
        Sys.Stop(phone.Ref);
        var again = Attach(user, AnnPhone);
        again.ExpectMsg<SyncCompleted>();
        Deliver(user, Write(2, 2)[0]);
        again.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        AwaitAssert(() => Store.CursorOf(AnnPhone, Group).ShouldBe(2), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Cursor_that_is_stored_while_an_older_answer_of_the_store_is_on_its_way_counts()
    {
        var user = OpenMember(out var phone);
        Deliver(user, [.. Write(2, 3)]);
        user.Tell(new MoveCursor(Ann, AnnLaptop, Group, 3));
        Store.HoldCursorAnswers();
        var laptop = Attach(user, AnnLaptop);
        AwaitProcessed(user);
        Sys.Stop(phone.Ref); // which stores the cursors
        AwaitAssert(() => Store.CursorOf(AnnLaptop, Group).ShouldBe(3), TimeSpan.FromSeconds(10));
        AwaitProcessed(user);
        Store.ReleaseCursorAnswers();
        laptop.ExpectMsg<SyncCompleted>();
    }

    [Fact]
    public void Cursors_are_stored_when_the_connection_ends()
    {
        var user = OpenMember(out var phone);
        Deliver(user, [.. Write(2, 3)]);
        phone.ExpectMsg<Delivery>();
        user.Tell(new MoveCursor(Ann, AnnPhone, Group, 3));
        Sys.Stop(phone.Ref);
        AwaitAssert(() => Store.CursorOf(AnnPhone, Group).ShouldBe(3), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Second_connection_of_a_device_replaces_the_first()
    {
        var user = OpenMember(out var phone);
        var again = Attach(user, AnnPhone);
        phone.ExpectMsg<SessionReplaced>();
        again.ExpectMsg<SyncCompleted>();
        Deliver(user, Write(2, 2)[0]);
        again.ExpectMsg<Delivery>();
        phone.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void Revoked_device_is_told_and_others_are_not()
    {
        var user = OpenMember(out var phone);
        user.Tell(new RevokeDevice(Ann, AnnLaptop));
        user.Tell(new RevokeDevice(Ann, AnnPhone));
        phone.ExpectMsg<SessionRevoked>();
    }

    [Fact]
    public void Membership_is_recorded_once_announced_and_survives_a_recovery()
    {
        var user = OpenMember(out var phone);
        user.Tell(Joined(1), TestActor);
        ExpectMsg<MembershipRecorded>();
        phone.HasMessages.ShouldBeFalse("it was known");
        user.Tell(new RecordMembership(Ann, Group, 5, null), TestActor);
        ExpectMsg<MembershipRecorded>().ChangeId.ShouldBe(5);
        phone.ExpectMsg<ChannelDisappeared>().Channel.ShouldBe(Group);
        user.Tell(Joined(4), TestActor);
        ExpectMsg<MembershipRecorded>();

        Watch(user);
        user.Tell(PoisonPill.Instance);
        ExpectTerminated(user);
        Open().Tell(new ListChannels(Ann), TestActor);
        ExpectMsg<UserChannels>().Channels.ShouldBeEmpty("a join that arrives after the leave it precedes");
    }

    [Fact]
    public void Removed_member_gets_nothing_of_the_channel_any_more()
    {
        var user = OpenMember(out var phone);
        user.Tell(new RecordMembership(Ann, Group, 2, null), TestActor);
        ExpectMsg<MembershipRecorded>();
        phone.ExpectMsg<ChannelDisappeared>();
        phone.ExpectMsg<WatchOutdated>();
        Deliver(user, Write(2, 2)[0]);
        phone.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        OtherRegion.HasMessages.ShouldBeFalse("it has left, so the event is no news");
    }

    [Fact]
    public void Event_of_an_unknown_channel_makes_the_user_ask_for_its_membership()
    {
        var user = Open();
        Deliver(user, Write(1, 1)[0]);
        OtherRegion.ExpectMsg<MembershipUnknown>(unknown => (unknown.Channel, unknown.User).ShouldBe((Group, Ann)));
    }

    [Fact]
    public void Session_that_can_not_be_brought_up_to_date_is_sent_away()
    {
        var user = OpenMember(out _);
        Store.FailReads = new StorageUnavailableException("no answer");
        Attach(user, AnnLaptop).ExpectMsg<SessionUnavailable>();
    }

    [Fact]
    public void Sessions_are_told_when_their_user_stops()
    {
        var user = OpenMember(out var phone);
        user.Tell(PoisonPill.Instance);
        phone.ExpectMsg<SessionInterrupted>();
    }

    [Fact]
    public void User_leaves_memory_only_when_no_device_is_connected()
    {
        _options = new ChatOptions { PassivateAfterSeconds = 1 };
        var user = OpenMember(out var phone);
        Parent.ExpectNoMsg(TimeSpan.FromSeconds(1.5));
        Sys.Stop(phone.Ref);
        Parent.ExpectMsg<Passivate>(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Session_that_meets_its_user_leaving_memory_is_passed_on_to_the_next_incarnation()
    {
        _options = new ChatOptions { PassivateAfterSeconds = 1 };
        var user = Open();
        var passivate = Parent.ExpectMsg<Passivate>(TimeSpan.FromSeconds(10));
        var phone = Attach(user, AnnPhone);
        UserRegion.ExpectMsg<AttachSession>().Device.ShouldBe(AnnPhone);
        UserRegion.LastSender.ShouldBe(phone.Ref);
        Watch(user);
        user.Tell(passivate.StopMessage);
        ExpectTerminated(user);
        phone.HasMessages.ShouldBeFalse("it has lost nothing");
    }

    [Fact]
    public void Receipt_is_told_when_it_is_stored_and_not_before()
    {
        var user = OpenMember(out _);
        var events = Write(2, 4);
        Deliver(user, [.. events]);
        Store.FailWrites = new StorageUnavailableException("disk full");
        user.Tell(new MoveReadCursor(Ann, Group, 3));
        OtherRegion.ExpectNoMsg(TimeSpan.FromMilliseconds(500));

        Store.FailWrites = null;

        OtherRegion.ExpectMsg<ReceiptMoved>(TimeSpan.FromSeconds(10)).ShouldBe(new ReceiptMoved(Group, Ann, 3, 3));
        Store.ReceiptOf(Ann, Group).ShouldBe(new Receipt(Ann, Group, 3, 3, events[1].N));
    }

    [Fact]
    public void Read_cursor_never_moves_back()
    {
        var user = OpenMember(out _);
        Deliver(user, [.. Write(2, 5)]);
        user.Tell(new MoveReadCursor(Ann, Group, 4));
        OtherRegion.ExpectMsg<ReceiptMoved>(TimeSpan.FromSeconds(10)).Read.ShouldBe(4);

        user.Tell(new MoveReadCursor(Ann, Group, 3));
        user.Tell(new MoveCursor(Ann, AnnPhone, Group, 5));

        OtherRegion.ExpectMsg<ReceiptMoved>(TimeSpan.FromSeconds(10)).ShouldBe(new ReceiptMoved(Group, Ann, 5, 0));
    }

    [Fact]
    public void Read_cursor_below_where_a_member_who_came_again_starts_does_nothing()
    {
        var user = OpenMember(out _);
        user.Tell(new RecordMembership(Ann, Group, 5, null), TestActor);
        ExpectMsg<MembershipRecorded>();
        user.Tell(Joined(8), TestActor);
        ExpectMsg<MembershipRecorded>();

        user.Tell(new MoveReadCursor(Ann, Group, 4));
        user.Tell(new MoveReadCursor(Ann, Group, 7));

        OtherRegion.ExpectNoMsg(TimeSpan.FromMilliseconds(400));
        Store.ReceiptOf(Ann, Group).Read.ShouldBe(0);
    }

    [Fact]
    public void Receipt_is_stored_though_a_device_took_back_the_move_that_was_to_be_stored_before()
    {
        var user = OpenMember(out _);
        user.Tell(new MoveCursor(Ann, AnnPhone, Group, 2)); // ahead of the user, and so to be stored soon after the event has come
        Deliver(user, Write(2, 2)[0]);
        var again = CreateConnection();
        again.Send(user, new AttachSession(Ann, AnnPhone, new Dictionary<ChannelId, long> { [Group] = 2 }));
        again.ExpectMsg<SyncCompleted>();
        OtherRegion.ExpectMsg<ReceiptMoved>(TimeSpan.FromSeconds(10)).ShouldBe(new ReceiptMoved(Group, Ann, 2, 0));

        user.Tell(new MoveReadCursor(Ann, Group, 2));

        OtherRegion.ExpectMsg<ReceiptMoved>(TimeSpan.FromSeconds(10)).ShouldBe(new ReceiptMoved(Group, Ann, 0, 2));
    }

    [Fact]
    public void Count_of_a_message_that_left_memory_is_read_from_the_journal()
    {
        _options = new ChatOptions { SyncQueueLength = 1 };
        var user = OpenMember(out _);
        var events = Write(2, 5);
        Deliver(user, [.. events]);

        user.Tell(new MoveReadCursor(Ann, Group, 3));

        OtherRegion.ExpectMsg<ReceiptMoved>(TimeSpan.FromSeconds(10)).Read.ShouldBe(3);
        Store.ReceiptOf(Ann, Group).ReadN.ShouldBe(events[1].N);
    }

    [Fact]
    public void Read_of_an_own_message_whose_event_is_still_on_its_way_waits_for_it()
    {
        var user = OpenMember(out _);
        var events = Write(2, 2);
        user.Tell(new MoveReadCursor(Ann, Group, 2));
        OtherRegion.ExpectNoMsg(TimeSpan.FromMilliseconds(300));

        Deliver(user, [.. events]);

        OtherRegion.ExpectMsg<ReceiptMoved>(TimeSpan.FromSeconds(10)).Read.ShouldBe(2);
    }

    [Fact]
    public void Receipt_that_was_overtaken_on_its_way_does_not_set_a_device_back()
    {
        var user = OpenMember(out _);
        Deliver(user, [.. Write(2, 5)]);
        user.Tell(new MoveReadCursor(Ann, Group, 3));
        OtherRegion.ExpectMsg<ReceiptMoved>(TimeSpan.FromSeconds(10)).Read.ShouldBe(3);
        user.Tell(new MoveReadCursor(Ann, Group, 5));
        OtherRegion.ExpectMsg<ReceiptMoved>(TimeSpan.FromSeconds(10)).Read.ShouldBe(5);
        var laptop = Attach(user, AnnLaptop);
        AnswerGetChannel();
        laptop.FishForMessage(m => m is SyncCompleted);

        user.Tell(new DeliverReceipts(Ann, new ReceiptChanges(Group, [new ReceiptChange(Ann, 0, 3), new ReceiptChange(Bob, 2, 0)])));
        laptop.ExpectMsg<ReceiptChanges>().Changes.ShouldBe([new ReceiptChange(Bob, 2, 0)]);
        user.Tell(new DeliverReceipts(Ann, new ReceiptChanges(Group, [new ReceiptChange(Ann, 0, 3)])));
        user.Tell(new DeliverReceipts(Ann, new ReceiptChanges(Group, [new ReceiptChange(Ann, 0, 5)])));
        laptop.ExpectMsg<ReceiptChanges>().Changes.ShouldBe([new ReceiptChange(Ann, 0, 5)]);
    }

    [Fact]
    public void What_a_device_says_that_it_has_when_it_attaches_is_delivered()
    {
        var user = OpenMember(out _);
        Deliver(user, [.. Write(2, 5)]);
        var again = CreateConnection();

        again.Send(user, new AttachSession(Ann, AnnPhone, new Dictionary<ChannelId, long> { [Group] = 4 }));

        OtherRegion.FishForMessage<ReceiptMoved>(_ => true, TimeSpan.FromSeconds(10)).ShouldBe(new ReceiptMoved(Group, Ann, 4, 0));
    }

    [Fact]
    public void What_is_read_on_one_device_is_told_to_all_without_the_channel()
    {
        var user = OpenMember(out var phone);
        var laptop = Attach(user, AnnLaptop);
        AnswerGetChannel();
        laptop.FishForMessage(m => m is SyncCompleted);
        Deliver(user, [.. Write(2, 5)]);

        user.Tell(new MoveReadCursor(Ann, Group, 3));

        var told = (ReceiptChanges)laptop.FishForMessage(m => m is ReceiptChanges, TimeSpan.FromSeconds(10));
        told.Changes.Select(change => (change.User, change.Read)).ShouldBe([(Ann, 3)]);
        phone.FishForMessage(m => m is ReceiptChanges);
    }

    [Fact]
    public void Read_cursor_that_the_store_has_of_an_earlier_incarnation_is_told_to_those_who_are_live()
    {
        var user = OpenMember(out var phone);
        Deliver(user, [.. Write(2, 5)]);
        phone.ExpectMsg<Delivery>();
        Store.SaveAsync([new Receipt(Ann, Group, 5, 5, 4)], CancellationToken.None).IsCompletedSuccessfully.ShouldBeTrue();

        user.Tell(new MoveReadCursor(Ann, Group, 4));

        var told = (ReceiptChanges)phone.FishForMessage(m => m is ReceiptChanges, TimeSpan.FromSeconds(10));
        told.Changes.ShouldBe([new ReceiptChange(Ann, 5, 5)]);
    }

    [Fact]
    public void Device_that_comes_back_learns_what_was_read_elsewhere()
    {
        var user = OpenMember(out var phone);
        Deliver(user, [.. Write(2, 3)]);
        phone.ExpectMsg<Delivery>();
        user.Tell(new RegisterDevice(Ann, AnnLaptop), TestActor);
        ExpectMsg<DeviceRegistered>();
        user.Tell(new MoveReadCursor(Ann, Group, 3));
        OtherRegion.ExpectMsg<ReceiptMoved>(TimeSpan.FromSeconds(10));

        var laptop = Attach(user, AnnLaptop);

        laptop.ExpectMsg<ReceiptChanges>().Changes.ShouldBe([new ReceiptChange(Ann, 0, 3)]);
        laptop.ExpectMsg<SyncCompleted>();
    }

    [Fact]
    public void Friends_and_fellow_members_may_be_watched_and_nobody_else()
    {
        var user = OpenMember(out var phone);
        user.Tell(new RecordMembership(Ann, Direct, 1, View(1).For(Ann)), TestActor);
        ExpectMsg<MembershipRecorded>();
        UserId friend = new("14"), fellow = new("15"), hostile = new("16");
        _contacts.Friends.UnionWith([friend, hostile]);
        _contacts.Blockers.Add(hostile);

        phone.Send(user, new FilterWatched(Ann, 7, [Nobody, friend, Bob, fellow, hostile, Ann, friend]));
        var get = OtherRegion.ExpectMsg<GetChannel>();
        OtherRegion.Reply(new ChannelInfo(
            get.Channel, get.Request,
            View(1) with { Members = [new Member(Ann, MemberRole.Owner, 1), new Member(fellow, MemberRole.Member, 1)] }, Created: false));

        var allowed = (WatchAllowed)phone.FishForMessage(m => m is WatchAllowed);
        allowed.Request.ShouldBe(7);
        allowed.Users.ShouldBe([friend, Bob, fellow, Ann]);
    }

    [Fact]
    public void Watch_that_can_not_be_judged_now_is_told_so_and_to_ask_again()
    {
        var user = OpenMember(out var phone);
        _contacts.Fails = true;

        phone.Send(user, new FilterWatched(Ann, 7, [Bob]));

        phone.ExpectMsg<WatchAllowed>().Users.IsDefault.ShouldBeTrue();
        phone.ExpectMsg<WatchOutdated>(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Sessions_hear_when_others_may_be_watched_or_not_any_more()
    {
        var user = OpenMember(out var phone);
        user.Tell(new ContactsChanged(Ann));
        phone.ExpectMsg<WatchOutdated>();

        Deliver(user, new MemberRemoved(2, 0, 1, Bob, Bob, MemberRole.Member));
        phone.ExpectMsg<Delivery>();
        phone.ExpectMsg<WatchOutdated>();

        Deliver(user, new MemberAdded(3, 0, 1, Bob, Cid, MemberRole.Member));
        phone.ExpectMsg<Delivery>();
        phone.ExpectMsg<WatchOutdated>();

        user.Tell(new RecordMembership(Ann, Group, 4, null), TestActor);
        phone.ExpectMsg<ChannelDisappeared>();
        phone.ExpectMsg<WatchOutdated>();

        user.Tell(Joined(5), TestActor);
        phone.ExpectMsg<ChannelAppeared>();
        phone.ExpectMsg<WatchOutdated>();
    }

    [Fact]
    public void Change_of_members_that_was_read_from_the_journal_outdates_what_is_watched()
    {
        var user = OpenMember(out var phone);
        Store.Append("channel-" + Group.Value, [new MemberRemoved(2, 0, 1, Bob, Bob, MemberRole.Member)]);

        user.Tell(new ProbeDelivery(Ann, Group, 2), TestActor);

        phone.ExpectMsg<Delivery>();
        phone.ExpectMsg<WatchOutdated>();
    }

    [Fact]
    public void Another_connection_of_a_device_takes_the_place_of_the_first()
    {
        var user = OpenMember(out var phone);

        var again = Attach(user, AnnPhone);

        again.ExpectMsg<SyncCompleted>();
        phone.ExpectMsg<SessionReplaced>();
    }

    [Fact]
    public void Connection_that_ended_while_its_word_was_held_up_takes_nobodys_place()
    {
        var user = OpenMember(out var phone);
        var gone = CreateConnection();
        Watch(gone.Ref);
        Sys.Stop(gone.Ref);
        ExpectTerminated(gone.Ref);

        user.Tell(new AttachSession(Ann, AnnPhone, null), gone.Ref);
        AwaitProcessed(user); // it asks the connection whether it is there
        AwaitProcessed(user);

        Deliver(user, [.. Write(2, 2)]);
        phone.ExpectMsg<Delivery>();
    }

    [Fact]
    public void Attempts_that_waited_together_ask_the_stores_once()
    {
        var user = OpenMember(out _);
        var laptop = CreateConnection();
        var before = Store.CursorLoads;
        Store.HoldWrites();
        user.Tell(new SetMute(Ann, Group, true), TestActor);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            laptop.Send(user, new AttachSession(Ann, AnnLaptop, null, 0, attempt));
        }

        Store.ReleaseWrites();
        AnswerGetChannel();

        laptop.FishForMessage(message => message is SyncCompleted);
        (Store.CursorLoads - before).ShouldBe(1);
    }

    private IActorRef Open() =>
        Start(UserActor.Props(Ann, new UserServices(_options, Store, Store, Store, _contacts, OtherRegion.Ref, UserRegion.Ref)));

    /// <summary>Ann, a member of the group since its first event, with her phone connected and up to date.</summary>
    private IActorRef OpenMember(out TestProbe phone)
    {
        var user = Open();
        Write(1, 1);
        user.Tell(Joined(1), TestActor);
        ExpectMsg<MembershipRecorded>();
        user.Tell(new RegisterDevice(Ann, AnnPhone), TestActor);
        ExpectMsg<DeviceRegistered>();
        phone = Attach(user, AnnPhone);
        phone.ExpectMsg<SyncCompleted>();
        return user;
    }

    private TestProbe Attach(IActorRef user, DeviceId device)
    {
        var connection = CreateConnection();
        connection.Send(user, new AttachSession(Ann, device, null));
        return connection;
    }

    /// <summary>Returns when the user has dealt with everything it was told so far.</summary>
    private void AwaitProcessed(IActorRef user)
    {
        user.Tell(new ListChannels(Ann), TestActor);
        ExpectMsg<UserChannels>();
    }

    private void AnswerGetChannel()
    {
        var get = OtherRegion.ExpectMsg<GetChannel>();
        OtherRegion.Reply(new ChannelInfo(get.Channel, get.Request, View(999), Created: false));
    }

    private static RecordMembership Joined(long changeId) => new(Ann, Group, changeId, View(changeId).For(Ann));

    private static ChannelView View(long head) =>
        new(Group, ChannelKind.Group, "team", head, head, [new Member(Ann, MemberRole.Member, 1)]);

    /// <summary>Puts events with these ids into the timeline; the first of a channel is its creation.</summary>
    private List<ChannelEvent> Write(long from, long to)
    {
        var events = new List<ChannelEvent>();
        for (var id = from; id <= to; id++)
        {
            events.Add(id == 1
                ? new ChannelCreated(1, 1, Bob, ChannelKind.Group, "team", [new Member(Ann, MemberRole.Member, 1)])
                : new MessagePosted(id, id - 1, id, Bob, BobPhone, $"c{id}", $"text {id}", 0, []));
        }

        Store.Append("channel-" + Group.Value, events);
        return events;
    }

    private static Delivery Deliver(IActorRef user, params ChannelEvent[] events)
    {
        var delivery = new Delivery(Group, [.. events]);
        user.Tell(new DeliverEvents(Ann, delivery), ActorRefs.NoSender);
        return delivery;
    }

    private static List<long> Ids(TestProbe phone, int count)
    {
        var ids = new List<long>();
        while (ids.Count < count)
        {
            ids.AddRange(phone.ExpectMsg<Delivery>().Events.Select(e => e.Id));
        }

        return ids;
    }
}
