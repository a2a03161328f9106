using ChatAkka.Actors.Serialization;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Tests.Serialization;

/// <summary>Every type that is stored, found by reflection so that none is forgotten, comes back as it was.</summary>
public sealed class RoundTripTests : SerializerTest
{
    public static TheoryData<Type> EventTypes => [.. MadeUpEvents.Types];

    [Theory]
    [MemberData(nameof(EventTypes))]
    public void Event_comes_back_with_every_field(Type type)
    {
        foreach (var e in MadeUpEvents.Of(type))
        {
            var read = StoredAndRead(e);
            Contents.Of(read).ShouldBe(Contents.Of(e));
            Serializer.Manifest(read).ShouldBe(Serializer.Manifest(e));
        }
    }

    [Fact]
    public void Every_stored_type_has_a_sample_of_its_bytes()
    {
        var stored = ChatSerializer.BoundTypes.SelectMany(
            bound => bound.Assembly.GetTypes().Where(type => !type.IsAbstract && bound.IsAssignableFrom(type)));
        StoredSamples.All.Values.Select(sample => sample.Value.GetType()).ShouldBe(stored, ignoreOrder: true);
    }

    [Fact]
    public void Snapshots_come_back_with_every_field()
    {
        object[] snapshots =
        [
            StoredSamples.All[Manifests.ChannelSnapshot].Value,
            StoredSamples.All[Manifests.UserSnapshot].Value,
            StoredSamples.UserOfTwoChannels.Value,
            UserState.Empty(new UserId("1")),
            DirectChannel(),
        ];
        snapshots.Select(snapshot => snapshot.GetType()).Distinct()
            .ShouldBe(ChatSerializer.BoundTypes.Where(type => !type.IsAbstract), ignoreOrder: true);

        foreach (var snapshot in snapshots)
        {
            Contents.Of(StoredAndRead(snapshot)).ShouldBe(Contents.Of(snapshot));
        }
    }

    [Fact]
    public void Text_of_the_greatest_length_comes_back()
    {
        var text = string.Concat(Enumerable.Repeat("🏔", MessageText.MaxLength));
        var posted = new MessagePosted(2, 1, 1, new UserId("1"), new DeviceId("2"), "c", text, 0, []);
        ((MessagePosted)StoredAndRead(posted)).Text.ShouldBe(text);
    }

    private static ChannelState DirectChannel()
    {
        UserId ann = new("11"), bob = new("12");
        var created = new ChannelCreated(
            1, 5, bob, ChannelKind.Direct, "", [new Member(ann, MemberRole.Member, 1), new Member(bob, MemberRole.Member, 1)]);
        return Channel.Apply(ChannelState.Empty(ChannelId.Direct(ann, bob)), created);
    }
}
