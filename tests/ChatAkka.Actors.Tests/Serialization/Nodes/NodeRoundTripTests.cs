using System.Runtime.Serialization;
using ChatAkka.Actors.Serialization;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Tests.Serialization.Nodes;

/// <summary>Every message that leaves its node arrives as it was.</summary>
public sealed class NodeRoundTripTests : NodeSerializerTest
{
    private const int Random = 300;

    [Theory]
    [MemberData(nameof(MessageTypes))]
    public void Message_arrives_with_every_field(Type type)
    {
        var random = new Random(type.Name.Length);
        object[] messages =
        [
            MadeUpMessages.Full(type), MadeUpMessages.Least(type),
            .. Enumerable.Range(0, Random).Select(_ => MadeUpMessages.Any(type, random)),
        ];
        foreach (var message in messages)
        {
            var read = SentAndRead(message);
            read.ShouldBeOfType(type);
            Described.Of(read).ShouldBe(Described.Of(message));
        }
    }

    [Theory]
    [MemberData(nameof(MessageTypes))]
    public void The_only_one_of_its_type_arrives_as_that_one(Type type)
    {
        if (MadeUpMessages.Full(type) is var message && type.GetField("Instance") is not null)
        {
            SentAndRead(message).ShouldBeSameAs(message);
        }
    }

    [Fact]
    public void Watchers_that_can_not_be_told_differ_from_none()
    {
        ((WatchAllowed)SentAndRead(new WatchAllowed(-1, default))).Users.IsDefault.ShouldBeTrue();
        ((WatchAllowed)SentAndRead(new WatchAllowed(-1, []))).Users.IsDefault.ShouldBeFalse();
    }

    [Fact]
    public void Mentions_that_were_not_given_are_none()
    {
        var post = new PostMessage(new ChannelId("5"), new UserId("1"), 1, new DeviceId("2"), "c", "text", 0, default, MayOpen: false);
        ((PostMessage)SentAndRead(post)).Mentions.ShouldBe([]);
    }

    [Fact]
    public void Cursors_of_no_channel_are_none() =>
        ((AttachSession)SentAndRead(new AttachSession(new UserId("1"), new DeviceId("2"), new Dictionary<ChannelId, long>())))
            .Cursors.ShouldBeNull();

    [Fact]
    public void Text_of_the_greatest_length_arrives()
    {
        var text = string.Concat(Enumerable.Repeat("🏔", MessageText.MaxLength));
        var post = new PostMessage(new ChannelId("5"), new UserId("1"), 1, new DeviceId("2"), "c", text, 0, [], MayOpen: false);
        ((PostMessage)SentAndRead(post)).Text.ShouldBe(text);
        var posted = new MessagePosted(2, 1, 1, new UserId("1"), new DeviceId("2"), "c", text, 0, []);
        ((MessagePosted)((Delivery)SentAndRead(new Delivery(new ChannelId("5"), [posted]))).Events[0]).Text.ShouldBe(text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("01")]
    [InlineData("-1")]
    [InlineData("1-")]
    [InlineData("1-2-3")]
    [InlineData("9223372036854775808")]
    [InlineData("99999999999999999999")]
    [InlineData("read")]
    [InlineData(null)]
    public void Id_that_is_none_is_not_sent(string? id)
    {
        Should.Throw<SerializationException>(() => Serializer.ToBinary(new ForgetBlocks(new ChannelId(id!))));
        Should.Throw<SerializationException>(() => Serializer.ToBinary(new ListChannels(new UserId(id!))));
        SentAndRead(new ListChannels(new UserId("9223372036854775807"))).ShouldBe(new ListChannels(new UserId("9223372036854775807")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("pp")]
    [InlineData("PostMessage")]
    public void Manifest_nobody_knows_is_told_of(string manifest) =>
        Should.Throw<SerializationException>(() => Serializer.FromBinary([], manifest)).Message.ShouldContain($"'{manifest}'");

    [Fact]
    public void Message_that_never_leaves_its_node_has_no_form() =>
        Should.Throw<ArgumentException>(() => Serializer.ToBinary("text")).Message.ShouldContain(nameof(String));

    [Fact]
    public void Delivery_is_encoded_once_for_all_who_get_it()
    {
        var delivery = (Delivery)MadeUpMessages.Full(typeof(Delivery));
        var bytes = Serializer.ToBinary(delivery);
        Serializer.ToBinary(delivery).ShouldBeSameAs(bytes);

        var first = new Delivery(delivery.Channel, delivery.Events);
        var alone = Serializer.ToBinary(new DeliverEvents(new UserId("1"), first));
        first.Encoded.ShouldBe(bytes);
        Serializer.ToBinary(new DeliverEvents(new UserId("1"), first)).ShouldBe(alone);
        Serializer.ToBinary(first).ShouldBeSameAs(first.Encoded);
    }

    [Fact]
    public void Delivery_that_arrives_for_many_is_read_once()
    {
        var delivery = (Delivery)MadeUpMessages.Full(typeof(Delivery));
        var bytes = Serializer.ToBinary(delivery);
        var first = (Delivery)Serializer.FromBinary([.. bytes], "D");
        first.ShouldNotBeSameAs(delivery);
        Serializer.FromBinary([.. bytes], "D").ShouldBeSameAs(first);
        var forBob = Serializer.ToBinary(new DeliverEvents(new UserId("12"), delivery));
        ((DeliverEvents)Serializer.FromBinary(forBob, "d")).Delivery.ShouldBeSameAs(first);
        Serializer.ToBinary(first).ShouldBe(bytes);
    }

    [Fact]
    public void Serializer_is_named_by_the_number_that_is_on_the_wire()
    {
        Serializer.Identifier.ShouldBe(7302);
        Serializer.Identifier.ShouldNotBe(StoredEvents.SerializerId);
    }
}
