using Akka.Actor;
using Akka.TestKit;
using ChatAkka.Actors.Channels;
using ChatAkka.Actors.Tests.Harness;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Tests.Channels;

/// <summary>A channel whose members live at other nodes: Ann here, Bob and Cid there.</summary>
public sealed class ChannelRelayTests : ActorTest
{
    private readonly FakeRelays _relays = new();
    private readonly TestProbe _relay;
    private readonly TestProbe _there;
    private long _request;

    public ChannelRelayTests()
    {
        (_relay, _there) = (CreateTestProbe("relay"), CreateTestProbe("there"));
        _relays.Move(_there.Ref, _relay.Ref);
        _relays.Move(_relay.Ref, _relay.Ref);
    }

    [Fact]
    public void Members_at_another_node_are_told_once_for_all()
    {
        var channel = Open();

        Post(channel);

        OtherRegion.FishForMessage<DeliverEvents>(deliver => deliver.User == Ann && deliver.Delivery.Events[0].Id == 2);
        _relay.FishForMessage<RelayEvents>(relay => Users(relay.Users) == "12 13" && relay.Delivery.Events[0].Id == 2);
        channel.Tell(new UserTyping(Group, Bob));
        _relay.FishForMessage<RelayTyping>(relay => Users(relay.Users) == "12 13" && relay.By == Bob);
        channel.Tell(new ReceiptMoved(Group, Cid, 2, 0));
        _relay.FishForMessage<RelayReceipts>(relay => Users(relay.Users) == "12 13" && relay.Receipts.Changes.Length == 1);
    }

    [Fact]
    public void Members_at_another_node_are_asked_once_for_all_and_answer_likewise()
    {
        var channel = Open();
        Post(channel);
        var probe = _relay.FishForMessage<RelayProbe>(_ => true, TimeSpan.FromSeconds(10));
        (Users(probe.Users), probe.Head).ShouldBe(("12 13", 2));

        channel.Tell(new MembersAcknowledged(Group, probe.Users, 2), _relay.Ref);
        channel.Tell(new DeliveryAcknowledged(Group, Ann, 2), TestActor);
        _relay.ExpectNoMsg(TimeSpan.FromMilliseconds(1_500));

        Post(channel);
        _relay.ExpectMsg<RelayEvents>(relay => (Users(relay.Users), relay.Delivery.Events[0].Id).ShouldBe(("12 13", 3)));
    }

    [Fact]
    public void Members_of_a_node_that_does_not_answer_are_looked_for_by_the_region()
    {
        var channel = Open();
        Post(channel);
        _relay.FishForMessage<RelayProbe>(_ => true, TimeSpan.FromSeconds(10));

        OtherRegion.FishForMessage<ProbeDelivery>(probe => probe.User == Cid, TimeSpan.FromSeconds(10));
        channel.Tell(new DeliveryAcknowledged(Group, Cid, 2), TestActor); // here now
        Post(channel);
        OtherRegion.FishForMessage<DeliverEvents>(deliver => deliver.User == Cid && deliver.Delivery.Events[0].Id == 3);
    }

    private IActorRef Open()
    {
        var channel = Start(ChannelActor.Props(Group, new ChannelServices(
            TimeProvider.System, new ChatOptions(), Store, new FakeAccounts(), new FakeContacts(), OtherRegion.Ref, Relays: _relays)));
        channel.Tell(new CreateGroup(Group, Ann, ++_request, "team", [Bob, Cid]), TestActor);
        for (var i = 0; i < 3; i++)
        {
            var membership = (RecordMembership)OtherRegion.FishForMessage(m => m is RecordMembership);
            var actor = membership.User == Ann ? TestActor : _there.Ref;
            channel.Tell(new MembershipRecorded(Group, membership.User, membership.ChangeId), actor);
            channel.Tell(new DeliveryAcknowledged(Group, membership.User, 1), actor);
        }

        return channel;
    }

    private void Post(IActorRef channel) =>
        channel.Tell(new PostMessage(Group, Ann, ++_request, AnnPhone, $"c{_request}", "text", 0, [], MayOpen: false), TestActor);

    private static string Users(IEnumerable<UserId> users) => string.Join(' ', users);
}
