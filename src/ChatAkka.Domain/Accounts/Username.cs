using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace ChatAkka.Domain.Accounts;

/// <summary>The rules for the name that a user logs in with: 3 to 32 of <c>a-z 0-9 _ .</c>; capitals are taken and lower-cased.</summary>
public static class Username
{
    /// <summary>The shortest.</summary>
    public const int MinLength = 3;

    /// <summary>The longest.</summary>
    public const int MaxLength = 32;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.");

    /// <summary>The user name as it is stored, or false.</summary>
    public static bool TryNormalize([NotNullWhen(true)] string? text, [NotNullWhen(true)] out string? username)
    {
        var valid = text is { Length: >= MinLength and <= MaxLength } && !text.AsSpan().ContainsAnyExcept(Allowed);
        username = valid ? text!.ToLowerInvariant() : null;
        return valid;
    }
}
