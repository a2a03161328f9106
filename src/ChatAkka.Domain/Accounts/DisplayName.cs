using System.Diagnostics.CodeAnalysis;
using ChatAkka.Domain.Texts;

namespace ChatAkka.Domain.Accounts;

/// <summary>The rules for the name that others see: 1 to 100 code points after trimming, valid, without control characters.</summary>
public static class DisplayName
{
    /// <summary>The name as it is stored, or false.</summary>
    public static bool TryNormalize([NotNullWhen(true)] string? text, [NotNullWhen(true)] out string? name) =>
        Label.TryNormalize(text, out name);
}
