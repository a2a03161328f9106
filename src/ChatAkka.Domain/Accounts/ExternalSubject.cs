using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace ChatAkka.Domain.Accounts;

/// <summary>The rules for an integrator's own name of a user or device (a token's <c>sub</c> and
/// <c>device</c>): 1 to 64 of <c>A-Z a-z 0-9 _ . -</c>.</summary>
public static class ExternalSubject
{
    /// <summary>The longest.</summary>
    public const int MaxLength = 64;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

    /// <summary>False for null too.</summary>
    public static bool IsValid([NotNullWhen(true)] string? text) =>
        text is { Length: >= 1 and <= MaxLength } && !text.AsSpan().ContainsAnyExcept(Allowed);
}
