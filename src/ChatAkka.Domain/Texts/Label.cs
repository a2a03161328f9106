using System.Diagnostics.CodeAnalysis;

namespace ChatAkka.Domain.Texts;

/// <summary>A one-line name that people read: 1 to 100 code points after trimming, without control characters.</summary>
internal static class Label
{
    private const int MaxLength = 100;

    public static bool TryNormalize([NotNullWhen(true)] string? text, [NotNullWhen(true)] out string? label)
    {
        label = text?.Trim();
        if (label is null || !CodePoints.CountIsWithin(label, 1, MaxLength) || label.Any(char.IsControl))
        {
            label = null;
        }

        return label is not null;
    }
}
