using System.Globalization;
using System.Runtime.Serialization;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Serialization.Nodes;

/// <summary>Ids as the 64-bit numbers that they stand for. Nothing is lost: an id is the canonical decimal of a positive one
/// (<see cref="Snowflake.IsCanonical"/>).</summary>
internal static class IdNumbers
{
    private const int MaxDigits = 19;

    /// <exception cref="SerializationException">The text isn't the canonical decimal of a positive 64-bit number.</exception>
    public static ulong Of(ReadOnlySpan<char> id)
    {
        var number = 0UL;
        if (id.Length is 0 or > MaxDigits || id[0] == '0')
        {
            throw NotAnId();
        }

        foreach (var c in id)
        {
            var digit = (uint)(c - '0');
            if (digit > 9)
            {
                throw NotAnId();
            }

            number = (number * 10) + digit; // 19 digits can't overflow it
        }

        return number <= long.MaxValue ? number : throw NotAnId();
    }

    /// <summary>The id of a number that <see cref="IsId"/>.</summary>
    public static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The id of a direct channel of two numbers that <see cref="IsId"/>, the smaller first.</summary>
    public static string Text(ulong smaller, ulong larger)
    {
        Span<char> text = stackalloc char[(2 * MaxDigits) + 1];
        smaller.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
        text[length++] = '-';
        larger.TryFormat(text[length..], out var rest, default, CultureInfo.InvariantCulture);
        return new string(text[..(length + rest)]);
    }

    public static bool IsId(ulong number) => number is > 0 and <= long.MaxValue;

    private static SerializationException NotAnId() => new("An id isn't a positive 64-bit number in decimal.");
}
