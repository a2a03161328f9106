using ChatAkka.Domain.Channels;

namespace ChatAkka.Domain.Tests.Channels;

public sealed class MessageTextTests
{
    public static TheoryData<string, MessageTextCheck> Texts => new()
    {
        { "", MessageTextCheck.Empty },
        { " ", MessageTextCheck.Ok },
        { "\n", MessageTextCheck.Ok },
        { "hello", MessageTextCheck.Ok },
        { "안녕하세요", MessageTextCheck.Ok },
        { "\u1112\u1161\u11ab", MessageTextCheck.Ok },
        { "😀", MessageTextCheck.Ok },
        { "👩‍👩‍👧‍👦🇰🇷", MessageTextCheck.Ok },
        { "a😀b😀😀c", MessageTextCheck.Ok },
        { "\uFFFF\uFFFE\uFEFF", MessageTextCheck.Ok },
        { "\0", MessageTextCheck.Invalid },
        { "before\0after", MessageTextCheck.Invalid },
    };

    // Lone surrogates are given as numbers: a test case's name can't carry them.
    public static TheoryData<int[]> LoneSurrogates => new(
        [0xD83D],
        [0xDE00],
        ['a', 0xD83D],
        [0xD83D, 'a'],
        ['a', 0xDE00, 'b'],
        [0xDE00, 0xD83D],
        [0xD83D, 0xD83D, 0xDE00],
        [0xD83D, 0xDE00, 0xDE00],
        [0xD83D, 0xDE00, 'x', 0xDBFF],
        [0xDFFF]);

    [Theory]
    [MemberData(nameof(Texts))]
    public void Check_judges_a_text(string text, MessageTextCheck expected) => MessageText.Check(text).ShouldBe(expected);

    [Theory]
    [MemberData(nameof(LoneSurrogates))]
    public void Check_refuses_lone_surrogates(int[] units) =>
        MessageText.Check(string.Concat(units.Select(u => (char)u))).ShouldBe(MessageTextCheck.Invalid);

    [Theory]
    [InlineData("a")]
    [InlineData("한")]
    [InlineData("😀")]
    public void Check_counts_code_points(string character)
    {
        var longest = string.Concat(Enumerable.Repeat(character, MessageText.MaxLength));

        MessageText.Check(longest).ShouldBe(MessageTextCheck.Ok);
        MessageText.Check(longest + "a").ShouldBe(MessageTextCheck.TooLong);
        MessageText.Check(longest + character).ShouldBe(MessageTextCheck.TooLong);
    }

    [Fact]
    public void Check_finds_a_lone_surrogate_at_the_end_of_a_long_text() =>
        MessageText.Check(new string('a', 99_999) + '\uD83D').ShouldBe(MessageTextCheck.Invalid);

    [Fact]
    public void Check_of_far_too_long_a_text_is_too_long() =>
        MessageText.Check(new string('\uD83D', 200_001)).ShouldBe(MessageTextCheck.TooLong);

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("a", true)]
    [InlineData("msg-1/한글😀", true)]
    [InlineData("a\0b", false)]
    public void Client_message_id_is_1_to_64_code_points(string? text, bool valid) => ClientMessageId.IsValid(text).ShouldBe(valid);

    [Fact]
    public void Client_message_id_counts_code_points_and_refuses_lone_surrogates()
    {
        var longest = string.Concat(Enumerable.Repeat("😀", 64));

        ClientMessageId.IsValid(longest).ShouldBeTrue();
        ClientMessageId.IsValid(longest + "a").ShouldBeFalse();
        ClientMessageId.IsValid("a\uD83D").ShouldBeFalse();
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData(" \t\n", null)]
    [InlineData("  Team 한글 😀 ", "Team 한글 😀")]
    [InlineData("two\nlines", null)]
    [InlineData("nul\0", null)]
    public void Group_title_is_trimmed_and_has_no_control_characters(string? text, string? expected)
    {
        GroupTitle.TryNormalize(text, out var title).ShouldBe(expected is not null);
        title.ShouldBe(expected);
    }

    [Fact]
    public void Group_title_has_100_code_points_at_most()
    {
        var longest = string.Concat(Enumerable.Repeat("😀", 100));

        GroupTitle.TryNormalize($" {longest} ", out var title).ShouldBeTrue();
        title.ShouldBe(longest);
        GroupTitle.TryNormalize(longest + "a", out _).ShouldBeFalse();
        GroupTitle.TryNormalize("a\uDE00", out _).ShouldBeFalse();
    }
}
