namespace ChatAkka.Domain.Texts;

/// <summary>Length of a text as people and the protocol count it: in Unicode code points, not in UTF-16 units.</summary>
internal static class CodePoints
{
    /// <summary>What <see cref="Count"/> answers for a text with a lone surrogate, which no encoding can carry.</summary>
    public const int Invalid = -1;

    /// <summary>Number of code points, or <see cref="Invalid"/>.</summary>
    public static int Count(ReadOnlySpan<char> text)
    {
        var count = text.Length;
        while (true)
        {
            var at = text.IndexOfAnyInRange('\uD800', '\uDFFF');
            if (at < 0)
            {
                return count;
            }

            // Emoji come in runs: go on pair by pair until the run ends.
            do
            {
                if (at + 1 >= text.Length || !char.IsSurrogatePair(text[at], text[at + 1]))
                {
                    return Invalid;
                }

                count--;
                at += 2;
            }
            while (at < text.Length && char.IsSurrogate(text[at]));
            text = text[at..];
        }
    }

    /// <summary>True if the text is valid and has between <paramref name="min"/> and <paramref name="max"/> code points.</summary>
    public static bool CountIsWithin(ReadOnlySpan<char> text, int min, int max) =>
        text.Length <= 2 * max && Count(text) is var count && count >= min && count <= max;
}
