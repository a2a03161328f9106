using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Tests.Identity;

public sealed class ChannelIdTests
{
    [Fact]
    public void Direct_names_the_same_channel_from_both_sides()
    {
        var (small, large) = (new UserId("99"), new UserId("100"));

        ChannelId.Direct(small, large).ShouldBe(ChannelId.Direct(large, small));
        ChannelId.Direct(large, small).Value.ShouldBe("99-100");
        ChannelId.Direct(large, small).Users.ShouldBe((small, large));
        Should.Throw<ArgumentException>(() => ChannelId.Direct(small, small));
    }

    [Theory]
    [InlineData("900", true)]
    [InlineData("99-100", true)]
    [InlineData("100-99", false)]
    [InlineData("99-99", false)]
    [InlineData("99-", false)]
    [InlineData("-99", false)]
    [InlineData("1-2-3", false)]
    [InlineData("01-2", false)]
    [InlineData("1 -2", false)]
    [InlineData("", false)]
    [InlineData("-", false)]
    [InlineData(null, false)]
    public void TryParse_takes_canonical_ids_only(string? text, bool canonical)
    {
        ChannelId.TryParse(text, out var id).ShouldBe(canonical);
        id.Value.ShouldBe(canonical ? text : null);
    }
}
