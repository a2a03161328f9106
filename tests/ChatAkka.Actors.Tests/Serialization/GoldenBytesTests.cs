using System.Reflection;
using ChatAkka.Actors.Serialization;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Tests.Serialization;

/// <summary>What is stored stays readable: names and bytes are what they have always been.</summary>
public sealed class GoldenBytesTests : SerializerTest
{
    public static TheoryData<string> AllManifests => [.. ManifestsInCode()];

    [Theory]
    [MemberData(nameof(AllManifests))]
    public void Stored_value_is_written_as_these_bytes(string manifest)
    {
        var (value, hex) = StoredSamples.All[manifest];

        Serializer.Manifest(value).ShouldBe(manifest);
        Convert.ToHexString(Serializer.ToBinary(value)).ShouldBe(hex);
    }

    [Theory]
    [MemberData(nameof(AllManifests))]
    public void Stored_bytes_are_read_as_this_value(string manifest)
    {
        var (value, hex) = StoredSamples.All[manifest];

        Contents.Of(Serializer.FromBinary(Convert.FromHexString(hex), manifest)).ShouldBe(Contents.Of(value));
    }

    [Fact]
    public void User_snapshot_of_several_channels_is_read_in_any_order() =>
        Contents.Of(Serializer.FromBinary(Convert.FromHexString(StoredSamples.UserOfTwoChannels.Hex), Manifests.UserSnapshot))
            .ShouldBe(Contents.Of(StoredSamples.UserOfTwoChannels.Value));

    [Fact]
    public void User_snapshot_with_a_muted_channel_is_written_and_read()
    {
        var (value, hex) = StoredSamples.UserWithMutedChannel;
        Convert.ToHexString(Serializer.ToBinary(value)).ShouldBe(hex);
        var read = Serializer.FromBinary(Convert.FromHexString(hex), Manifests.UserSnapshot).ShouldBeOfType<Domain.Users.UserState>();
        read.Muted.ShouldBe(value.Muted);
    }

    [Fact]
    public void Manifests_are_unique_and_each_has_a_sample()
    {
        ManifestsInCode().ShouldBeUnique();
        StoredSamples.All.Keys.ShouldBe(ManifestsInCode(), ignoreOrder: true);
        StoredSamples.All.Values.Select(sample => sample.Value.GetType()).ShouldBeUnique();
    }

    [Fact]
    public void Serializer_is_named_by_the_number_that_is_stored() => Serializer.Identifier.ShouldBe(7301);

    [Theory]
    [InlineData("")]
    [InlineData("M")]
    [InlineData("message")]
    public void Manifest_nobody_knows_throws(string manifest) =>
        Should.Throw<ArgumentException>(() => Serializer.FromBinary([], manifest)).Message.ShouldContain($"'{manifest}'");

    [Fact]
    public void Event_without_a_stored_form_throws()
    {
        var e = new Unstored(1, 0, 1, new UserId("1"));
        Should.Throw<ArgumentException>(() => Serializer.Manifest(e)).Message.ShouldContain(nameof(Unstored));
        Should.Throw<ArgumentException>(() => Serializer.ToBinary(e)).Message.ShouldContain(nameof(Unstored));
    }

    [Fact]
    public void Field_of_a_later_version_is_passed_over()
    {
        var (value, hex) = StoredSamples.All[Manifests.TitleChanged];
        // Field 15, a string.
        const string later = "7A03616263";

        Contents.Of(Serializer.FromBinary(Convert.FromHexString(hex + later), Manifests.TitleChanged)).ShouldBe(Contents.Of(value));
    }

    private static string[] ManifestsInCode() =>
    [
        .. typeof(Manifests).GetFields(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(field => field is { IsLiteral: true } && field.FieldType == typeof(string))
            .Select(field => (string)field.GetRawConstantValue()!),
    ];

    private sealed record Unstored(long Id, long N, long At, UserId From) : ChannelEvent(Id, N, At, From);
}
