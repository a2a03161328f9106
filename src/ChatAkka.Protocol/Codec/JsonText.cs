using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace ChatAkka.Protocol.Codec;

/// <summary>
/// Reads the inside of a JSON string that a <see cref="System.Text.Json.Utf8JsonReader"/> has found well-formed. Unlike the reader's
/// own conversion it refuses bad Unicode by its return value: a hostile client must not be able to make exceptions.
/// </summary>
internal static class JsonText
{
    /// <summary>False if the bytes aren't UTF-8 or an escape names a lone surrogate.</summary>
    public static bool TryRead(ReadOnlySpan<byte> raw, bool escaped, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (!Utf8.IsValid(raw))
        {
            return false;
        }

        if (!escaped)
        {
            text = Encoding.UTF8.GetString(raw);
            return true;
        }

        var rented = raw.Length <= 256 ? null : ArrayPool<char>.Shared.Rent(raw.Length);
        var chars = rented ?? stackalloc char[256];
        var length = Unescape(raw, chars);
        if (IsWellFormed(chars[..length]))
        {
            text = new string(chars[..length]);
        }

        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }

        return text is not null;
    }

    /// <summary>Number of code points of a well-formed string.</summary>
    public static int CountCodePoints(string text)
    {
        var count = text.Length;
        foreach (var c in text)
        {
            if (char.IsLowSurrogate(c))
            {
                count--;
            }
        }

        return count;
    }

    // Never writes more chars than raw has bytes: UTF-16 needs at most one unit a byte, an escape at least two bytes a unit.
    private static int Unescape(ReadOnlySpan<byte> raw, Span<char> chars)
    {
        var length = 0;
        while (!raw.IsEmpty)
        {
            var backslash = raw.IndexOf((byte)'\\');
            var plain = backslash < 0 ? raw : raw[..backslash];
            length += Encoding.UTF8.GetChars(plain, chars[length..]);
            if (backslash < 0)
            {
                break;
            }

            var kind = raw[backslash + 1];
            raw = raw[(backslash + 2)..];
            if (kind == 'u')
            {
                chars[length++] = (char)((HexDigit(raw[0]) << 12) | (HexDigit(raw[1]) << 8) | (HexDigit(raw[2]) << 4) | HexDigit(raw[3]));
                raw = raw[4..];
            }
            else
            {
                chars[length++] = kind switch
                {
                    (byte)'b' => '\b',
                    (byte)'f' => '\f',
                    (byte)'n' => '\n',
                    (byte)'r' => '\r',
                    (byte)'t' => '\t',
                    _ => (char)kind, // a quote, a slash or a backslash: the reader accepts no other
                };
            }
        }

        return length;
    }

    private static int HexDigit(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static bool IsWellFormed(ReadOnlySpan<char> chars)
    {
        for (var i = chars.IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < chars.Length; i++)
        {
            if (!char.IsSurrogate(chars[i]))
            {
                continue;
            }

            if (!char.IsHighSurrogate(chars[i]) || i + 1 == chars.Length || !char.IsLowSurrogate(chars[i + 1]))
            {
                return false;
            }

            i++;
        }

        return true;
    }
}
