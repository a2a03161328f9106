using System.Globalization;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.TestKit;
using ChatAkka.Actors.Channels;
using ChatAkka.Actors.Tests.Harness;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Contacts;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Timelines;

namespace ChatAkka.Actors.Tests.Channels;

public sealed class ChannelActorTests : ActorTest
{
    private ChatOptions _options = new();
    private readonly FakeContacts _contacts = new();
    private long _request;

    [Fact]
    public void Post_that_opens_a_direct_channel_is_acknowledged_when_both_users_have_recorded_it()
    {
        var channel = Open(Direct);
        channel.Tell(Post(Direct, Ann, "c1", "hello", mayOpen: true), TestActor);

        var first = OtherRegion.ExpectMsg<RecordMembership>();
        var second = OtherRegion.ExpectMsg<RecordMembership>();
        new[] { first.User, second.User }.ShouldBe([Ann, Bob], ignoreOrder: true);
        channel.Tell(new MembershipRecorded(Direct, first.User, first.ChangeId));
        ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        OtherRegion.HasMessages.ShouldBeFalse("an event on the sender's screen is an acknowledgement, too");

        channel.Tell(new MembershipRecorded(Direct, second.User, second.ChangeId));

        ExpectMsg<Posted>(posted => posted.Id.ShouldBe(2));
        ExpectDelivery(Ann, 1, 2);
        ExpectDelivery(Bob, 1, 2);
    }

    [Fact]
    public void Post_is_acknowledged_after_its_commit_and_not_before()
    {
        var channel = OpenGroup();
        Store.HoldWrites();
        channel.Tell(Post(Group, Ann, "c1", "hello"), TestActor);
        ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        OtherRegion.HasMessages.ShouldBeFalse();

        Store.ReleaseWrites();

        ExpectMsg<Posted>(posted => (posted.Id, posted.N).ShouldBe((2, 1)));
        ExpectDelivery(Ann, 2);
    }

    [Fact]
    public void Posts_that_arrive_during_a_write_are_committed_together_and_keep_their_order()
    {
        var channel = OpenGroup();
        Store.HoldWrites();
        for (var i = 0; i < 50; i++)
        {
            channel.Tell(Post(Group, Ann, $"c{i}", $"text {i}"), TestActor);
        }

        Await(channel);
        var commits = Store.Commits;
        Store.ReleaseWrites();

        for (var i = 0; i < 50; i++)
        {
            ExpectMsg<Posted>().Id.ShouldBe(i + 2);
        }

        (Store.Commits - commits).ShouldBe(2);
        Store.Timeline(Group).OfType<MessagePosted>().Select(m => m.Text).ShouldBe(Enumerable.Range(0, 50).Select(i => $"text {i}"));
    }

    [Fact]
    public void Failed_write_answers_everyone_unavailable_stores_nothing_and_stops_the_channel()
    {
        var channel = OpenGroup();
        Watch(channel);
        Store.HoldWrites();
        channel.Tell(Post(Group, Ann, "c1", "one"), TestActor);
        channel.Tell(Post(Group, Ann, "c2", "two"), TestActor);
        Await(channel);
        Store.FailWrites = new StorageUnavailableException("disk full");
        Store.ReleaseWrites();

        ExpectMsg<Refused>().Reason.ShouldBe(Refusal.Unavailable);
        ExpectMsg<Refused>().Reason.ShouldBe(Refusal.Unavailable);
        ExpectTerminated(channel);
        Store.Timeline(Group).Count.ShouldBe(1);
    }

    [Fact]
    public void Repeated_post_returns_the_first_id_and_creates_nothing_also_after_a_recovery()
    {
        var channel = OpenGroup();
        channel.Tell(Post(Group, Ann, "c1", "hello"), TestActor);
        ExpectMsg<Posted>().Id.ShouldBe(2);

        channel.Tell(Post(Group, Ann, "c1", "hello"), TestActor);
        ExpectMsg<Posted>(posted => (posted.Id, posted.Duplicate).ShouldBe((2, true)));

        Kill(channel);
        Open(Group).Tell(Post(Group, Ann, "c1", "another text"), TestActor);
        ExpectMsg<Posted>(posted => (posted.Id, posted.Duplicate).ShouldBe((2, true)));
        Store.Timeline(Group).Count.ShouldBe(2);
    }

    [Fact]
    public void Repeat_in_the_very_batch_of_its_first_attempt_is_recognised()
    {
        var channel = OpenGroup();
        Store.HoldWrites();
        channel.Tell(Post(Group, Ann, "c0", "blocks"), TestActor);
        channel.Tell(Post(Group, Ann, "c1", "hello"), TestActor);
        channel.Tell(Post(Group, Ann, "c1", "hello"), TestActor);
        Store.ReleaseWrites();

        ExpectMsg<Posted>().Id.ShouldBe(2);
        ExpectMsg<Posted>(posted => (posted.Id, posted.Duplicate).ShouldBe((3, false)));
        ExpectMsg<Posted>(posted => (posted.Id, posted.Duplicate).ShouldBe((3, true)));
    }

    [Fact]
    public void More_commands_than_may_wait_are_told_busy()
    {
        _options = new ChatOptions { MaxPendingPerChannel = 2 };
        var channel = OpenGroup();
        Store.HoldWrites();
        for (var i = 0; i < 4; i++)
        {
            channel.Tell(Post(Group, Ann, $"c{i}", "text"), TestActor);
        }

        ExpectMsg<Refused>().Reason.ShouldBe(Refusal.Busy);
        Store.ReleaseWrites();
        ExpectMsg<Posted>().Id.ShouldBe(2);
        ExpectMsg<Posted>().Id.ShouldBe(3);
        ExpectMsg<Posted>().Id.ShouldBe(4);
    }

    [Fact]
    public void Stranger_learns_nothing_from_a_channel_that_exists()
    {
        var there = OpenGroup();
        var notThere = Open(new ChannelId("32"));
        there.Tell(Post(Group, Nobody, "c1", "hello"), TestActor);
        var first = ExpectMsg<Refused>();
        notThere.Tell(Post(new ChannelId("32"), Nobody, "c1", "hello"), TestActor);
        ExpectMsg<Refused>().Reason.ShouldBe(first.Reason);
        first.Reason.ShouldBe(Refusal.ChannelNotFound);
    }

    [Fact]
    public void Removed_member_is_told_so_and_gets_no_event_from_then_on()
    {
        var channel = OpenGroup();
        channel.Tell(new RemoveMember(Group, Ann, ++_request, Bob), TestActor);
        OtherRegion.ExpectMsg<RecordMembership>(m => (m.User, m.ChangeId, m.View).ShouldBe((Bob, 2, null)));
        ExpectDelivery(Ann, 2);
        OtherRegion.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        channel.Tell(new MembershipRecorded(Group, Bob, 2));
        ExpectMsg<ChannelInfo>().View.Members.Length.ShouldBe(1);

        channel.Tell(Post(Group, Ann, "c1", "he is gone"), TestActor);

        ExpectMsg<Posted>();
        ExpectDelivery(Ann, 3);
        OtherRegion.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void Message_that_waited_before_a_removal_still_reaches_who_was_removed()
    {
        var channel = OpenGroup();
        Store.HoldWrites();
        channel.Tell(Post(Group, Ann, "c1", "is being written"), TestActor);
        channel.Tell(Post(Group, Ann, "c2", "waits"), TestActor);
        channel.Tell(new RemoveMember(Group, Ann, ++_request, Bob), TestActor);
        Await(channel);

        Store.ReleaseWrites();

        ExpectDelivery(Bob, 2);
        ExpectDelivery(Bob, 3);
    }

    [Fact]
    public void Members_that_do_not_acknowledge_are_asked_until_they_do()
    {
        var channel = OpenGroup();
        channel.Tell(Post(Group, Ann, "c1", "hello"), TestActor);
        ExpectMsg<Posted>();
        ExpectDelivery(Ann, 2);
        ExpectDelivery(Bob, 2);

        OtherRegion.FishForMessage<ProbeDelivery>(probe => probe.User == Ann && probe.Head == 2, TimeSpan.FromSeconds(10));
        channel.Tell(new DeliveryAcknowledged(Group, Ann, 2));
        OtherRegion.IgnoreMessages<ProbeDelivery>(probe => probe.User == Ann);
        OtherRegion.FishForMessage<ProbeDelivery>(probe => probe.User == Bob && probe.Head == 2, TimeSpan.FromSeconds(10));
        channel.Tell(new DeliveryAcknowledged(Group, Bob, 2));
    }

    [Fact]
    public void Large_group_is_delivered_to_in_one_piece_what_was_committed_until_its_last_member_answered()
    {
        UserId[] others = [.. Enumerable.Range(40, 9).Select(i => new UserId(i.ToString(CultureInfo.InvariantCulture)))];
        var channel = Open(Group);
        channel.Tell(new CreateGroup(Group, Ann, ++_request, "crowd", [.. others]), TestActor);
        for (var i = 0; i <= others.Length; i++)
        {
            var membership = OtherRegion.FishForMessage<RecordMembership>(_ => true);
            channel.Tell(new MembershipRecorded(Group, membership.User, membership.ChangeId));
        }

        ExpectMsg<ChannelInfo>();
        AnswerPace(channel, 1);
        for (var i = 1; i <= 3; i++)
        {
            channel.Tell(Post(Group, Ann, $"c{i}", "text"), TestActor);
            ExpectMsg<Posted>();
        }

        ExpectDelivery(Ann, 2);
        ExpectDelivery(Ann, 3, 4); // held until the answer, or, as here, until patience is over
        AnswerPace(channel, 4);
    }

    [Fact]
    public void User_that_lost_its_membership_is_told_again()
    {
        var channel = OpenGroup();
        channel.Tell(new MembershipUnknown(Group, Bob));
        OtherRegion.ExpectMsg<RecordMembership>(m => (m.User, m.ChangeId).ShouldBe((Bob, 1)));
    }

    [Fact]
    public void Half_done_change_of_membership_is_completed_by_the_next_recovery()
    {
        var channel = Open(Group);
        channel.Tell(new CreateGroup(Group, Ann, ++_request, "team", [Bob]), TestActor);
        OtherRegion.ExpectMsg<RecordMembership>();
        OtherRegion.ExpectMsg<RecordMembership>();
        ExpectDelivery(Ann, 1);
        ExpectDelivery(Bob, 1);
        Kill(channel);

        Open(Group);

        var users = new[] { OtherRegion.ExpectMsg<RecordMembership>().User, OtherRegion.ExpectMsg<RecordMembership>().User };
        users.ShouldBe([Ann, Bob], ignoreOrder: true);
    }

    [Fact]
    public void Settled_group_has_a_snapshot_and_recovers_from_it()
    {
        Kill(OpenGroup());
        Snapshots.Of("channel-" + Group.Value).ShouldNotBeNull();

        Open(Group).Tell(new GetChannel(Group, Bob, ++_request), TestActor);

        ExpectMsg<ChannelInfo>(info => (info.View.Title, info.View.Head).ShouldBe(("team", 1)));
        OtherRegion.FishForMessage<ProbeDelivery>(_ => true, TimeSpan.FromSeconds(10)); // and no RecordMembership before it
    }

    [Fact]
    public void User_that_does_not_exist_opens_no_channel()
    {
        Open(Direct, Bob).Tell(Post(Direct, Ann, "c1", "hello", mayOpen: true), TestActor);
        ExpectMsg<Refused>().Reason.ShouldBe(Refusal.UserNotFound);
        Store.Timeline(Direct).ShouldBeEmpty();
    }

    [Fact]
    public void Facts_that_can_not_be_read_answer_unavailable_and_the_channel_goes_on()
    {
        var channel = OpenGroup();
        channel.Tell(Post(Group, Ann, "c1", "hello"), TestActor);
        ExpectMsg<Posted>();
        Store.FailReads = new StorageUnavailableException("no answer");
        channel.Tell(Post(Group, Ann, "c1", "hello"), TestActor);
        ExpectMsg<Refused>().Reason.ShouldBe(Refusal.Unavailable);

        Store.FailReads = null;
        channel.Tell(Post(Group, Ann, "c1", "hello"), TestActor);
        ExpectMsg<Posted>().Duplicate.ShouldBeTrue();
    }

    [Fact]
    public void Idle_channel_asks_to_leave_memory()
    {
        _options = new ChatOptions { PassivateAfterSeconds = 1 };
        var channel = OpenGroup();
        channel.Tell(Post(Group, Ann, "c1", "hello"), TestActor);
        ExpectMsg<Posted>();
        channel.Tell(new DeliveryAcknowledged(Group, Ann, 2));
        channel.Tell(new DeliveryAcknowledged(Group, Bob, 2));

        var passivate = Parent.ExpectMsg<Passivate>(TimeSpan.FromSeconds(10));

        Watch(channel);
        channel.Tell(passivate.StopMessage);
        ExpectTerminated(channel);
    }

    [Fact]
    public void Block_holds_from_the_moment_at_which_the_channel_has_heard_of_it()
    {
        var channel = OpenDirect();
        channel.Tell(Post(Direct, Ann, "c1", "hello"), TestActor);
        ExpectMsg<Posted>();

        _contacts.Blocks = new BlockState(BySmaller: false, ByLarger: true);
        channel.Tell(new ForgetBlocks(Direct), TestActor);
        ExpectMsg<BlocksForgotten>();

        channel.Tell(Post(Direct, Ann, "c2", "hello?"), TestActor);
        ExpectMsg<Refused>().Reason.ShouldBe(Refusal.Blocked);
        channel.Tell(Post(Direct, Bob, "c3", "I can still write"), TestActor);
        ExpectMsg<Posted>();
        _contacts.Blocks = default;
        channel.Tell(new ForgetBlocks(Direct), TestActor);
        ExpectMsg<BlocksForgotten>();
        channel.Tell(Post(Direct, Ann, "c4", "thank you"), TestActor);
        ExpectMsg<Posted>();
    }

    [Fact]
    public void Block_that_comes_while_the_channel_looks_is_seen()
    {
        var channel = OpenDirect();
        Kill(channel);
        channel = Open(Direct);
        _contacts.Hold();
        channel.Tell(Post(Direct, Ann, "c1", "hello"), TestActor);
        Await(channel);

        _contacts.Release(then: new BlockState(BySmaller: false, ByLarger: true), before: () =>
        {
            channel.Tell(new ForgetBlocks(Direct), TestActor);
            ExpectMsg<BlocksForgotten>();
        });

        ExpectMsg<Refused>().Reason.ShouldBe(Refusal.Blocked);
    }

    [Fact]
    public void Blocks_that_can_not_be_read_refuse_the_message_for_now()
    {
        var channel = OpenDirect();
        Kill(channel);
        channel = Open(Direct);
        Settle(channel);
        _contacts.Fails = true;
        channel.Tell(Post(Direct, Ann, "c1", "hello"), TestActor);
        ExpectMsg<Refused>().Reason.ShouldBe(Refusal.Unavailable);

        _contacts.Fails = false;
        channel.Tell(Post(Direct, Ann, "c1", "hello"), TestActor);
        ExpectMsg<Posted>();
    }

    [Fact]
    public void Receipts_are_told_at_once_and_then_merged_for_a_while()
    {
        var channel = OpenGroup();

        channel.Tell(new ReceiptMoved(Group, Ann, 1, 0));
        ExpectReceipts(Bob).ShouldBe([new ReceiptChange(Ann, 1, 0)]);
        channel.Tell(new ReceiptMoved(Group, Ann, 2, 0));
        channel.Tell(new ReceiptMoved(Group, Ann, 1, 2));
        channel.Tell(new ReceiptMoved(Group, Bob, 1, 0));
        channel.Tell(new ReceiptMoved(Group, Nobody, 1, 1));

        ExpectReceipts(Ann).ShouldBe([new ReceiptChange(Ann, 2, 2), new ReceiptChange(Bob, 1, 0)], ignoreOrder: true);
        ExpectReceipts(Bob).Length.ShouldBe(2);
    }

    [Fact]
    public void Receipt_that_comes_late_does_not_go_back()
    {
        var channel = OpenGroup();
        channel.Tell(new ReceiptMoved(Group, Ann, 5, 4));
        ExpectReceipts(Bob).ShouldBe([new ReceiptChange(Ann, 5, 4)]);

        channel.Tell(new ReceiptMoved(Group, Ann, 4, 0));
        channel.Tell(new ReceiptMoved(Group, Ann, 3, 5));

        ExpectReceipts(Bob).ShouldBe([new ReceiptChange(Ann, 0, 5)]);
    }

    [Fact]
    public void Receipts_that_wait_are_told_before_a_channel_ends_for_want_of_a_store()
    {
        var channel = OpenGroup();
        channel.Tell(new ReceiptMoved(Group, Ann, 1, 0));
        ExpectReceipts(Bob);
        Store.FailWrites = new StorageUnavailableException("no answer");

        channel.Tell(new ReceiptMoved(Group, Ann, 2, 0));
        channel.Tell(Post(Group, Ann, "c1", "hello"), TestActor);

        ExpectReceipts(Bob).ShouldBe([new ReceiptChange(Ann, 2, 0)]);
    }

    [Fact]
    public void Typing_is_told_to_the_other_members()
    {
        var channel = OpenGroup();

        channel.Tell(new UserTyping(Group, Nobody));
        channel.Tell(new UserTyping(Group, Ann));

        OtherRegion.FishForMessage(m => m is TypingNotice).ShouldBe(new TypingNotice(Bob, Group, Ann));
    }

    private System.Collections.Immutable.ImmutableArray<ReceiptChange> ExpectReceipts(UserId user)
    {
        var told = (DeliverReceipts)OtherRegion.FishForMessage(m => m is DeliverReceipts);
        told.User.ShouldBe(user);
        return told.Receipts.Changes;
    }

    private IActorRef Open(ChannelId id, params UserId[] missing) => Start(ChannelActor.Props(
        id, new ChannelServices(TimeProvider.System, _options, Store, new FakeAccounts(missing), _contacts, OtherRegion.Ref)));

    /// <summary>A group of Ann and Bob, settled and quiet.</summary>
    private IActorRef OpenDirect()
    {
        var channel = Open(Direct);
        channel.Tell(new OpenDirect(Direct, Ann, ++_request), TestActor);
        Settle(channel);
        ExpectMsg<ChannelInfo>().Created.ShouldBeTrue();
        return channel;
    }

    // Both users have recorded that they are members of the direct channel.
    private void Settle(IActorRef channel)
    {
        foreach (var _ in (UserId[])[Ann, Bob])
        {
            var membership = (RecordMembership)OtherRegion.FishForMessage(m => m is RecordMembership);
            channel.Tell(new MembershipRecorded(Direct, membership.User, membership.ChangeId));
        }
    }

    private IActorRef OpenGroup()
    {
        var channel = Open(Group);
        channel.Tell(new CreateGroup(Group, Ann, ++_request, "team", [Bob]), TestActor);
        foreach (var _ in (UserId[])[Ann, Bob])
        {
            var membership = OtherRegion.ExpectMsg<RecordMembership>();
            channel.Tell(new MembershipRecorded(Group, membership.User, membership.ChangeId));
        }

        ExpectDelivery(Ann, 1);
        ExpectDelivery(Bob, 1);
        ExpectMsg<ChannelInfo>().Created.ShouldBeTrue();
        return channel;
    }

    private PostMessage Post(ChannelId channel, UserId by, string clientId, string text, bool mayOpen = false) =>
        new(channel, by, ++_request, by == Ann ? AnnPhone : BobPhone, clientId, text, 0, [], mayOpen);

    private void AnswerPace(IActorRef channel, long head)
    {
        var probe = OtherRegion.FishForMessage<ProbeDelivery>(p => p.Head == head);
        channel.Tell(new DeliveryAcknowledged(Group, probe.User, head));
    }

    private void ExpectDelivery(UserId user, params long[] ids) => OtherRegion.FishForMessage<DeliverEvents>(
        deliver => deliver.User == user && deliver.Delivery.Events.Select(e => e.Id).SequenceEqual(ids),
        hint: $"events {string.Join(", ", ids)} for {user}");

    /// <summary>Returns when the actor has handled what it was told before.</summary>
    private static void Await(IActorRef actor) =>
        actor.Ask<ActorIdentity>(new Identify(null), TimeSpan.FromSeconds(5)).GetAwaiter().GetResult();

    private void Kill(IActorRef actor)
    {
        Watch(actor);
        actor.Tell(PoisonPill.Instance);
        ExpectTerminated(actor);
    }
}
