using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using ChatAkka.Actors.Serialization;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Tests.Serialization;

/// <summary>Every type that is stored, found by reflection so that none is forgotten, comes back as it was.</summary>
public sealed class RoundTripTests : SerializerTest
{
    public static TheoryData<Type> EventTypes =>
    [
        .. typeof(ChannelEvent).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && (type.IsSubclassOf(typeof(ChannelEvent)) || type.IsSubclassOf(typeof(UserEvent)))),
    ];

    [Theory]
    [MemberData(nameof(EventTypes))]
    public void Event_comes_back_with_every_field(Type type)
    {
        foreach (var values in new[] { Values.Full(), Values.Least() })
        {
            var e = values.Create(type);
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

    /// <summary>Makes up arguments for constructors; a type that it doesn't know fails the test, so that a new field is thought
    /// of.</summary>
    private sealed class Values(bool full)
    {
        // More than 32 bits, and another at each place, so that no field is taken for its neighbour.
        private long _next = full ? 7_298_340_912_345_088 : 0;

        public static Values Full() => new(full: true);

        public static Values Least() => new(full: false);

        public object Create(Type type)
        {
            var constructor = type.GetConstructors(BindingFlags.Public | BindingFlags.Instance).ShouldHaveSingleItem();
            return constructor.Invoke([.. constructor.GetParameters().Select(parameter => Value(parameter.ParameterType))]);
        }

        private object Value(Type type) => type switch
        {
            _ when type == typeof(long) => Number(),
            _ when type == typeof(bool) => full,
            _ when type == typeof(string) => full ? $"한글 🏔️ \u0001 {Number()}" : "",
            _ when type == typeof(UserId) => new UserId(Id()),
            _ when type == typeof(DeviceId) => new DeviceId(Id()),
            _ when type == typeof(ChannelId) => new ChannelId(full ? $"{Id()}-{Id()}" : Id()),
            _ when type == typeof(Member) => Create(type),
            _ when type.IsEnum => Enum.GetValues(type).Cast<object>().ElementAt(full ? ^1 : 0),
            _ when type == typeof(ImmutableArray<UserId>) => Many<UserId>(),
            _ when type == typeof(ImmutableArray<Member>) => Many<Member>(),
            _ => throw new ShouldAssertException($"no value is known for a field of the type {type}"),
        };

        private ImmutableArray<T> Many<T>() => full ? [(T)Value(typeof(T)), (T)Value(typeof(T)), (T)Value(typeof(T))] : [];

        private long Number() => full ? _next++ : 0;

        private string Id() => Number().ToString(CultureInfo.InvariantCulture);
    }
}
