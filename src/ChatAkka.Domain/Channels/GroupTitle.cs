using System.Diagnostics.CodeAnalysis;
using ChatAkka.Domain.Texts;

namespace ChatAkka.Domain.Channels;

/// <summary>The rules for a group's title: 1 to 100 code points after trimming, valid, without control characters.</summary>
public static class GroupTitle
{
    /// <summary>The title as it is stored, or false.</summary>
    public static bool TryNormalize([NotNullWhen(true)] string? text, [NotNullWhen(true)] out string? title) =>
        Label.TryNormalize(text, out title);
}
