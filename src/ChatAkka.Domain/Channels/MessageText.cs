using ChatAkka.Domain.Texts;

namespace ChatAkka.Domain.Channels;

/// <summary>What <see cref="MessageText.Check"/> says of a text.</summary>
public enum MessageTextCheck
{
    /// <summary>It may be posted as it is.</summary>
    Ok,

    /// <summary>It has no character.</summary>
    Empty,

    /// <summary>It has more than <see cref="MessageText.MaxLength"/> code points.</summary>
    TooLong,

    /// <summary>It has a lone surrogate or a NUL.</summary>
    Invalid,
}

/// <summary>The rules for the text of a message. White space is text: it is neither trimmed nor refused.</summary>
public static class MessageText
{
    /// <summary>In code points.</summary>
    public const int MaxLength = 100_000;

    /// <summary>Judges a text without allocating.</summary>
    public static MessageTextCheck Check(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return MessageTextCheck.Empty;
        }

        // No code point takes more than two units, so this needs no look at them.
        if (text.Length > 2 * MaxLength)
        {
            return MessageTextCheck.TooLong;
        }

        var length = CodePoints.Count(text);
        if (length == CodePoints.Invalid || text.Contains('\0'))
        {
            return MessageTextCheck.Invalid;
        }

        return length > MaxLength ? MessageTextCheck.TooLong : MessageTextCheck.Ok;
    }
}
