namespace ChatAkka.Domain.Identity;

/// <summary>
/// The layout of 64-bit ids: a zero sign bit, 41 bits of milliseconds since <see cref="EpochMs"/> (69 years), 10 bits of node,
/// 12 bits of sequence. Ids of one node ascend in time; ids of two nodes never meet as long as the nodes' numbers differ.
/// </summary>
public static class Snowflake
{
    /// <summary>2026-01-01T00:00:00Z in ms since the Unix epoch. Part of every id that exists: it never changes.</summary>
    public const long EpochMs = 1_767_225_600_000;

    /// <summary>Bits of the time field.</summary>
    public const int TimeBits = 41;

    /// <summary>Bits of the node field.</summary>
    public const int NodeBits = 10;

    /// <summary>Bits of the sequence field.</summary>
    public const int SequenceBits = 12;

    /// <summary>The largest node number.</summary>
    public const int MaxNode = (1 << NodeBits) - 1;

    private const int MaxDigits = 19;

    /// <summary>When the id was made, in ms since the Unix epoch, by its maker's clock.</summary>
    public static long TimeOf(long id) => (id >> (NodeBits + SequenceBits)) + EpochMs;

    /// <summary>The number of the node that made the id.</summary>
    public static int NodeOf(long id) => (int)(id >> SequenceBits) & MaxNode;

    /// <summary>True if the text is a positive 64-bit number in decimal, without sign, leading zero or anything else:
    /// two canonical texts are equal exactly if their numbers are.</summary>
    public static bool IsCanonical(string? text)
    {
        if (text is null || text.Length is 0 or > MaxDigits || text[0] is < '1' or > '9')
        {
            return false;
        }

        return !text.AsSpan(1).ContainsAnyExceptInRange('0', '9')
            && (text.Length < MaxDigits || string.CompareOrdinal(text, "9223372036854775807") <= 0);
    }
}
