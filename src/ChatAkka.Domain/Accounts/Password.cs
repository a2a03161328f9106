using System.Diagnostics.CodeAnalysis;
using ChatAkka.Domain.Texts;

namespace ChatAkka.Domain.Accounts;

/// <summary>The rules for a password: 8 to 256 code points, valid. What they are is its owner's business.</summary>
public static class Password
{
    /// <summary>The shortest, in code points.</summary>
    public const int MinLength = 8;

    /// <summary>The longest, in code points: hashing must not be a way to keep the server busy.</summary>
    public const int MaxLength = 256;

    /// <summary>False for null too.</summary>
    public static bool IsValid([NotNullWhen(true)] string? text) =>
        text is not null && CodePoints.CountIsWithin(text, MinLength, MaxLength);
}
