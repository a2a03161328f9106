using System.Diagnostics.CodeAnalysis;
using ChatAkka.Domain.Texts;

namespace ChatAkka.Domain.Channels;

/// <summary>The rules for a message's <c>client_id</c>, which its sender's device chooses: 1
/// to 64 code points, valid, without NUL.</summary>
public static class ClientMessageId
{
    /// <summary>In code points.</summary>
    public const int MaxLength = 64;

    /// <summary>False for null too.</summary>
    public static bool IsValid([NotNullWhen(true)] string? text) =>
        text is not null && CodePoints.CountIsWithin(text, 1, MaxLength) && !text.Contains('\0');
}
