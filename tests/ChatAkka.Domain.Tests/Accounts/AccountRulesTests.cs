using ChatAkka.Domain.Accounts;

namespace ChatAkka.Domain.Tests.Accounts;

public sealed class AccountRulesTests
{
    [Theory]
    [InlineData("ann", "ann")]
    [InlineData("Ann_Lee.99", "ann_lee.99")]
    [InlineData("...", "...")]
    [InlineData("12345678901234567890123456789012", "12345678901234567890123456789012")]
    [InlineData("123456789012345678901234567890123", null)]
    [InlineData("ab", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    [InlineData("ann lee", null)]
    [InlineData(" ann", null)]
    [InlineData("ann-lee", null)]
    [InlineData("ext:ann", null)]
    [InlineData("änn", null)]
    [InlineData("\u212Aim", null)]
    [InlineData("１２３", null)]
    public void Username_is_3_to_32_of_a_few_characters_in_lower_case(string? text, string? expected)
    {
        Username.TryNormalize(text, out var username).ShouldBe(expected is not null);
        username.ShouldBe(expected);
    }

    [Theory]
    [InlineData(" Ann Lee ", "Ann Lee")]
    [InlineData("이순신", "이순신")]
    [InlineData("\u00A0", null)]
    [InlineData("a\u0085b", null)]
    [InlineData("a\u007Fb", null)]
    [InlineData(null, null)]
    public void Display_name_is_trimmed_and_has_no_control_characters(string? text, string? expected)
    {
        DisplayName.TryNormalize(text, out var name).ShouldBe(expected is not null);
        name.ShouldBe(expected);
    }

    [Fact]
    public void Password_has_8_to_256_code_points()
    {
        Password.IsValid(null).ShouldBeFalse();
        Password.IsValid("1234567").ShouldBeFalse();
        Password.IsValid("12345678").ShouldBeTrue();
        Password.IsValid("비밀번호비밀번호").ShouldBeTrue();
        Password.IsValid(string.Concat(Enumerable.Repeat("😀", 7))).ShouldBeFalse();
        Password.IsValid(string.Concat(Enumerable.Repeat("😀", 256))).ShouldBeTrue();
        Password.IsValid(new string('a', 257)).ShouldBeFalse();
        Password.IsValid("1234567\uD83D").ShouldBeFalse();
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("User_1.x-Y", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("a b", false)]
    [InlineData("a:b", false)]
    [InlineData("é", false)]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234", true)]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345", false)]
    public void External_subject_is_1_to_64_of_a_few_characters(string? text, bool valid) => ExternalSubject.IsValid(text).ShouldBe(valid);
}
