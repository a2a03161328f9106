namespace Benchmarks.Server.Chat;

/// <summary>The 100 ASCII bytes of every message, <c>s0000017 n0000000123 …</c>: who sent it and which of the sender's messages it
/// is.</summary>
internal static class MessageBody
{
    public const int Length = 100;

    /// <summary>Where the sender's digits stand, and how many they are.</summary>
    public static readonly Range Sender = 1..8;

    /// <summary>Where the number's digits stand.</summary>
    public static readonly Range Number = 10..20;

    private static readonly byte[] Template = [.. "s0000000 n0000000000 "u8, .. Enumerable.Repeat((byte)'x', Length - 21)];

    public static void Write(Span<byte> body, int sender, long number)
    {
        Template.CopyTo(body);
        WriteDigits(body[Sender], sender);
        WriteDigits(body[Number], number);
    }

    /// <summary>False if the text isn't exactly what <see cref="Write"/> made.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out int sender, out long number)
    {
        number = -1;
        sender = -1;
        if (body.Length != Length || !body[Number.End..].SequenceEqual(Template.AsSpan(Number.End)) || body[0] != 's' || body[9] != 'n')
        {
            return false;
        }

        sender = (int)ReadDigits(body[Sender]);
        number = ReadDigits(body[Number]);
        return sender >= 0 && number >= 0;
    }

    public static void WriteDigits(Span<byte> digits, long value)
    {
        for (var i = digits.Length - 1; i >= 0; i--)
        {
            digits[i] = (byte)('0' + value % 10);
            value /= 10;
        }
    }

    /// <summary>-1 if it isn't a number.</summary>
    public static long ReadDigits(ReadOnlySpan<byte> digits)
    {
        long value = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return -1;
            }

            value = value * 10 + (digit - '0');
        }

        return digits.IsEmpty ? -1 : value;
    }
}
