using System.Text;

namespace ChatAkka.Client;

/// <summary>Whether a text can go over the wire as it is. What can't would arrive as another text, so it is refused here.</summary>
internal static class WellFormed
{
    /// <summary>It has no lone surrogate.</summary>
    public static bool Is(string text)
    {
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var used) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            rest = rest[used..];
        }

        return true;
    }
}
