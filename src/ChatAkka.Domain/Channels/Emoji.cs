using System.Diagnostics.CodeAnalysis;
using ChatAkka.Domain.Texts;

namespace ChatAkka.Domain.Channels;

/// <summary>
/// The rules for what a user reacts with: 1 to 32 code points, valid, without white space and control characters. Whether it is an emoji is
/// for clients to know: a server's table of them would be out of date.
/// </summary>
public static class Emoji
{
    /// <summary>The longest, in code points.</summary>
    public const int MaxLength = 32;

    /// <summary>Different ones on one message.</summary>
    public const int MaxOnMessage = 50;

    /// <summary>False for null too.</summary>
    public static bool IsValid([NotNullWhen(true)] string? text) =>
        text is not null && CodePoints.CountIsWithin(text, 1, MaxLength) && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c));
}
