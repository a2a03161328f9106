using System.Runtime.Serialization;
using ChatAkka.Actors.Channels;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using Google.Protobuf;
using Wire = ChatAkka.Actors.Serialization.Wire;

namespace ChatAkka.Actors.Tests.Serialization.Nodes;

/// <summary>Nodes of two versions understand each other as far as both know what is said.</summary>
public sealed class NodeVersionTests : NodeSerializerTest
{
    // Fields that nobody knows yet, of every wire type: 15 is the last number that has a place in a reader, 1000 has none.
    private static readonly string[] Later =
    [
        "7805", "7901020304050607FF", "7A03616263", "7D01020304", "C03E05", "C13E01020304050607FF", "C23E03616263", "C53E01020304",
    ];

    [Theory]
    [MemberData(nameof(MessageTypes))]
    public void Fields_of_a_later_version_are_passed_over(Type type)
    {
        var message = MadeUpMessages.Full(type);
        var bytes = Serializer.ToBinary(message);
        foreach (var later in Later)
        {
            byte[] after = [.. bytes, .. Convert.FromHexString(later)], before = [.. Convert.FromHexString(later), .. bytes];
            Described.Of(Read(type, after)).ShouldBe(Described.Of(message));
            Described.Of(Read(type, before)).ShouldBe(Described.Of(message));
        }
    }

    [Fact]
    public void Fields_of_a_later_version_are_passed_over_within_messages_too()
    {
        var delivery = (Delivery)MadeUpMessages.Full(typeof(Delivery));
        var wire = Wire.Delivery.Parser.ParseFrom(Serializer.ToBinary(delivery));
        foreach (var later in Later)
        {
            var unknown = Convert.FromHexString(later);
            wire.Channel.MergeFrom(unknown);
            foreach (var e in wire.Events)
            {
                ((IMessage)Wire.Event.Descriptor.Oneofs[0].Accessor.GetCaseFieldDescriptor(e).Accessor.GetValue(e)).MergeFrom(unknown);
                e.MergeFrom(unknown);
            }
        }

        Described.Of(Read(typeof(Delivery), wire.ToByteArray())).ShouldBe(Described.Of(delivery));
    }

    [Theory]
    [InlineData("6A00")]
    [InlineData("C23E00")]
    [InlineData("")]
    public void Delivery_with_an_event_of_a_later_version_is_refused(string laterEvent)
    {
        var e = Convert.FromHexString(laterEvent);
        byte[] bytes = [0x0A, 9, 9, 1, 0, 0, 0, 0, 0, 0, 0, 0x12, (byte)e.Length, .. e];
        Should.Throw<SerializationException>(() => Read(typeof(Delivery), bytes));
    }

    [Fact]
    public void Delivery_without_events_is_refused() =>
        Should.Throw<SerializationException>(() => Read(typeof(Delivery), [0x0A, 9, 9, 1, 0, 0, 0, 0, 0, 0, 0]));

    [Fact]
    public void Reason_of_a_later_version_is_one_that_lets_the_asker_try_again()
    {
        foreach (var reason in new[] { 9, 1_000, -1 })
        {
            var wire = new Wire.Refused { Channel = Five, Request = 7, Reason = (Wire.Refused.Types.Reason)reason };
            Read(typeof(Refused), wire.ToByteArray()).ShouldBe(new Refused(new("5"), 7, Refusal.Unavailable));
        }
    }

    [Fact]
    public void Role_of_a_later_version_is_shown_as_a_plain_members_and_never_given()
    {
        var view = new Wire.MemberView { Id = Five, Kind = 77, Own = new() { User = 1, Role = 77, Since = 1 } };
        var read = ((ChannelAppeared)Read(
            typeof(ChannelAppeared), new Wire.ChannelAppeared { View = view }.ToByteArray())).View;
        (read.Own.Role, read.Kind).ShouldBe((MemberRole.Member, ChannelKind.Group));

        var add = new Wire.AddMember { Channel = Five, By = 1, User = 2, Role = 77 };
        Should.Throw<SerializationException>(() => Read(typeof(AddMember), add.ToByteArray()));
    }

    [Theory]
    [InlineData("110100000000000000" + "121002000000000000000300000000000000")]
    [InlineData("12080100000000000000" + "121002000000000000000300000000000000")]
    [InlineData("110100000000000000" + "110200000000000000" + "110300000000000000")]
    public void Numbers_that_come_one_by_one_or_in_pieces_are_read(string users)
    {
        var expected = new MembersAcknowledged(new ChannelId("5"), [new UserId("1"), new UserId("2"), new UserId("3")], 4);
        var bytes = Convert.FromHexString($"0A09090500000000000000{users}1804");
        Described.Of(Read(typeof(MembersAcknowledged), bytes)).ShouldBe(Described.Of(expected));
    }

    [Theory]
    [InlineData("A message without the id that it is for", "10011805")]
    [InlineData("A channel's id that is 0", "0A0909000000000000000011010000000000000018051805")]
    [InlineData("A direct channel of the larger user first", "0A12090200000000000000110100000000000000110100000000000000")]
    [InlineData("A direct channel of one user", "0A12090100000000000000110100000000000000110100000000000000")]
    [InlineData("An id beyond 63 bits", "0A09090000000000000080110100000000000000")]
    [InlineData("A length beyond the end", "0A7F")]
    [InlineData("A length of more than 32 bits", "0AFFFFFFFFFFFFFFFFFF01")]
    [InlineData("A number without an end", "18FFFFFFFFFFFFFFFFFFFF01")]
    [InlineData("A field of the number 0", "0001")]
    [InlineData("A group", "7B7C")]
    [InlineData("Half a tag", "80")]
    public void What_is_malformed_is_refused(string what, string hex) =>
        Should.Throw<SerializationException>(() => Read(typeof(GetChannel), Convert.FromHexString(hex)), what);

    private static Wire.ChannelId Five => new() { First = 5 };

    private object Read(Type type, byte[] bytes) => Serializer.FromBinary(bytes, CodecOf(type).Manifest);
}
