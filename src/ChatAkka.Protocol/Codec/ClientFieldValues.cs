using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace ChatAkka.Protocol.Codec;

/// <summary>The values of a frame's members, converted. Each method is false for a value of another type or form.</summary>
internal static class ClientFieldValues
{
    /// <summary>Null for an absent member.</summary>
    public static bool TryString(this in ClientFields fields, ClientField field, out string? text)
    {
        text = null;
        return fields.Type(field) switch
        {
            JsonTokenType.None => true,
            JsonTokenType.String => JsonText.TryRead(fields.Bytes(field), fields.Escaped(field), out text),
            _ => false,
        };
    }

    /// <summary>0 for an absent member.</summary>
    public static bool TryId(this in ClientFields fields, ClientField field, long least, out long id)
    {
        id = 0;
        return fields.Type(field) switch
        {
            JsonTokenType.None => true,
            JsonTokenType.String => TryId(fields.Bytes(field), least, out id),
            _ => false,
        };
    }

    /// <summary>The <c>limit</c> of a page.</summary>
    public static bool TryLimit(this in ClientFields fields, out int limit)
    {
        limit = 0;
        var digits = fields.Bytes(ClientField.Limit);
        return fields.Type(ClientField.Limit) == JsonTokenType.Number && Utf8Parser.TryParse(digits, out limit, out var used)
            && used == digits.Length && limit is >= 1 and <= ProtocolLimits.MaxHistoryLimit;
    }

    /// <summary>An array of at most so many strings.</summary>
    public static bool TryStrings(this in ClientFields fields, ClientField field, int most, [NotNullWhen(true)] out string[]? strings)
    {
        strings = null;
        if (fields.Type(field) != JsonTokenType.StartArray)
        {
            return false;
        }

        var found = new List<string>();
        var reader = new Utf8JsonReader(fields.Bytes(field));
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.String && found.Count < most)
        {
            if (!JsonText.TryRead(reader.ValueSpan, reader.ValueIsEscaped, out var text))
            {
                return false;
            }

            found.Add(text);
        }

        strings = [.. found];
        return reader.TokenType == JsonTokenType.EndArray;
    }

    /// <summary>The <c>cursors</c> of a hello: an object of channel ids and message ids.</summary>
    public static bool TryCursors(this in ClientFields fields, [NotNullWhen(true)] out Dictionary<string, long>? cursors)
    {
        cursors = null;
        if (fields.Type(ClientField.Cursors) != JsonTokenType.StartObject)
        {
            return false;
        }

        var found = new Dictionary<string, long>();
        var reader = new Utf8JsonReader(fields.Bytes(ClientField.Cursors));
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!JsonText.TryRead(reader.ValueSpan, reader.ValueIsEscaped, out var channel) || !reader.Read()
                || reader.TokenType != JsonTokenType.String || !TryId(reader.ValueSpan, 0, out var id))
            {
                return false;
            }

            found[channel] = id;
        }

        cursors = found;
        return true;
    }

    private static bool TryId(ReadOnlySpan<byte> digits, long least, out long id) =>
        Utf8Parser.TryParse(digits, out id, out var used) && used == digits.Length && id >= least
        && digits[0] is >= (byte)'0' and <= (byte)'9'
        && (digits[0] != '0' || digits.Length == 1);
}
