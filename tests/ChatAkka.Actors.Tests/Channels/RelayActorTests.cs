using System.Collections.Immutable;
using Akka.Actor;
using Akka.TestKit;
using ChatAkka.Actors.Channels;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Tests.Channels;

public sealed class RelayActorTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly UserId Ann = new("11"), Bob = new("12"), Cid = new("13");
    private static readonly ImmutableArray<UserId> All = [Ann, Bob, Cid];
    private static readonly ChannelId Group = new("31");

    private readonly TestProbe _users;
    private readonly TestProbe _channels;
    private readonly TestProbe _channel;
    private readonly IActorRef _relay;

    public RelayActorTests()
    {
        (_users, _channels, _channel) = (CreateTestProbe("users"), CreateTestProbe("channels"), CreateTestProbe("channel"));
        _relay = Sys.ActorOf(Props.Create(() => new RelayActor(() => _users.Ref, () => _channels.Ref)), RelayActor.Name);
    }

    [Fact]
    public void Events_are_told_to_each_user_in_one_object()
    {
        var delivery = new Delivery(Group, [new MessagePosted(2, 1, 1, Ann, new DeviceId("21"), "c", "text", 0, [])]);
        _channel.Send(_relay, new RelayEvents(All, delivery));
        foreach (var user in All)
        {
            var told = _users.ExpectMsg<DeliverEvents>();
            told.User.ShouldBe(user);
            told.Delivery.ShouldBeSameAs(delivery);
        }
    }

    [Fact]
    public void Receipts_are_told_to_whom_they_concern()
    {
        _channel.Send(_relay, new RelayReceipts(All, new ReceiptChanges(Group, [new ReceiptChange(Bob, 5, 0)])));
        _users.ExpectMsg<DeliverReceipts>().User.ShouldBe(Ann);
        _users.ExpectMsg<DeliverReceipts>().User.ShouldBe(Cid);
        _channel.Send(_relay, new RelayReceipts([Bob], new ReceiptChanges(Group, [new ReceiptChange(Bob, 5, 5)])));
        _users.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void Typing_is_told_to_the_others()
    {
        _channel.Send(_relay, new RelayTyping(All, Group, Ann));
        _users.ExpectMsg<TypingNotice>().ShouldBe(new TypingNotice(Bob, Group, Ann));
        _users.ExpectMsg<TypingNotice>().ShouldBe(new TypingNotice(Cid, Group, Ann));
        _users.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void Acknowledgements_go_back_together_when_all_have_answered()
    {
        Ask(All, 7);
        foreach (var user in All)
        {
            _relay.Tell(new DeliveryAcknowledged(Group, user, 7));
        }

        ExpectAcknowledged(7, All);
        _channel.Sender.ShouldBe(_relay);
    }

    [Fact]
    public void Who_is_slow_keeps_the_others_waiting_for_a_moment_only()
    {
        Ask(All, 7);
        _relay.Tell(new DeliveryAcknowledged(Group, Cid, 7));
        ExpectAcknowledged(7, Cid);
        _relay.Tell(new DeliveryAcknowledged(Group, Ann, 7), _users.Ref);
        _channels.ExpectMsg<DeliveryAcknowledged>().User.ShouldBe(Ann);
        _channels.Sender.ShouldBe(_users.Ref);
    }

    [Fact]
    public void Nobody_who_answers_is_nothing_to_tell()
    {
        Ask(All, 7);
        _channel.ExpectNoMsg(TimeSpan.FromMilliseconds(400));
        _relay.Tell(new DeliveryAcknowledged(Group, Ann, 7));
        _channels.ExpectMsg<DeliveryAcknowledged>();
    }

    [Fact]
    public void One_alone_answers_the_channel()
    {
        _channel.Send(_relay, new RelayProbe([Ann], Group, 7));
        _users.ExpectMsg<ProbeDelivery>().ShouldBe(new ProbeDelivery(Ann, Group, 7));
        _users.Sender.ShouldBe(_channel.Ref);
    }

    [Fact]
    public void Newer_question_takes_the_place_of_the_older()
    {
        Ask(All, 7);
        Ask([Ann, Bob], 9);
        _relay.Tell(new DeliveryAcknowledged(Group, Cid, 7), _users.Ref);
        _channel.ExpectMsg<DeliveryAcknowledged>().Head.ShouldBe(7);
        _channel.Sender.ShouldBe(_users.Ref);
        _relay.Tell(new DeliveryAcknowledged(Group, Ann, 9));
        _relay.Tell(new DeliveryAcknowledged(Group, Bob, 9));
        ExpectAcknowledged(9, Ann, Bob);
    }

    [Fact]
    public void Beyond_so_many_channels_each_user_answers_for_themselves()
    {
        for (var i = 1; i <= RelayAcknowledgements.MaxChannels; i++)
        {
            _channel.Send(_relay, new RelayProbe([Ann, Bob], new ChannelId($"{i}"), 7));
        }

        _channel.Send(_relay, new RelayProbe([Ann, Bob], new ChannelId("99999"), 7));
        _users.FishForMessage<ProbeDelivery>(probe => probe.Channel.Value == "99999", TimeSpan.FromSeconds(10));
        _users.Sender.ShouldBe(_channel.Ref);
    }

    [Fact]
    [Trait("Akka.NET", "differs")] // Without remoting Akka.NET takes a path of another node for nobody's.
    public void Acknowledgement_of_a_user_who_has_moved_shows_the_channel_where_to()
    {
        var moved = ((ExtendedActorSystem)Sys).Provider.ResolveActorRef("akka.tcp://chatakka@another:1/system/sharding/user/1/11");
        Ask(All, 7);
        _relay.Tell(new DeliveryAcknowledged(Group, Ann, 7), moved);
        _channel.ExpectMsg<DeliveryAcknowledged>().User.ShouldBe(Ann);
        _channel.Sender.ShouldBe(moved);
    }

    private void Ask(ImmutableArray<UserId> users, long head)
    {
        _channel.Send(_relay, new RelayProbe(users, Group, head));
        foreach (var user in users)
        {
            _users.ExpectMsg<ProbeDelivery>().ShouldBe(new ProbeDelivery(user, Group, head));
            _users.Sender.ShouldBe(_relay);
        }
    }

    private void ExpectAcknowledged(long head, params ImmutableArray<UserId> users)
    {
        var acknowledged = _channel.ExpectMsg<MembersAcknowledged>();
        (acknowledged.Channel, acknowledged.Head).ShouldBe((Group, head));
        acknowledged.Users.ShouldBe(users);
    }
}
