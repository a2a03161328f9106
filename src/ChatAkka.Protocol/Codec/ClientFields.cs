using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ChatAkka.Protocol.Codec;

/// <summary>The members of a client's object that mean something to some operation.</summary>
internal enum ClientField
{
    None = -1,
    Op,
    Ref,
    Token,
    Cursors,
    Channel,
    To,
    ClientId,
    Text,
    ReplyTo,
    Mentions,
    Id,
    Before,
    After,
    Around,
    Limit,
    Emoji,
    Users,
    Seen,
}

/// <summary>
/// Where the known members of a frame lie in its bytes. Members may come in any order and <c>op</c> may be the last of them, so a first
/// pass only notes places; nothing is converted that the operation doesn't use. Of a repeated member the last one counts.
/// </summary>
internal ref struct ClientFields
{
    private readonly ReadOnlySpan<byte> _json;
    private Slots _slots;

    private ClientFields(ReadOnlySpan<byte> json) => _json = json;

    /// <summary>The value's bytes: the inside of a string, a number's digits, an array or object with its brackets.</summary>
    public readonly ReadOnlySpan<byte> Bytes(ClientField field) => _json.Slice(_slots[(int)field].Start, _slots[(int)field].Length);

    /// <summary><see cref="JsonTokenType.None"/> if the member is absent or null.</summary>
    public readonly JsonTokenType Type(ClientField field) => _slots[(int)field].Type;

    /// <summary>Whether the string has escapes.</summary>
    public readonly bool Escaped(ClientField field) => _slots[(int)field].Escaped;

    public readonly bool Has(ClientField field) => Type(field) != JsonTokenType.None;

    /// <summary>False if the bytes aren't one JSON object of bearable depth.</summary>
    public static bool TryScan(ReadOnlySpan<byte> json, out ClientFields fields)
    {
        fields = new ClientFields(json);
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = ProtocolLimits.MaxDepth });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var field = Find(ref reader);
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                var (type, escaped) = (reader.TokenType, reader.ValueIsEscaped);
                reader.Skip();
                if (field != ClientField.None)
                {
                    // A string's token starts at its quote; everything else is taken whole.
                    var end = (int)reader.BytesConsumed;
                    fields._slots[(int)field] = type switch
                    {
                        JsonTokenType.Null => default,
                        JsonTokenType.String => new Slot(type, start + 1, end - start - 2, escaped),
                        _ => new Slot(type, start, end - start, false),
                    };
                }
            }

            return !reader.Read(); // throws if something follows the object
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static ClientField Find(ref Utf8JsonReader reader)
    {
        var name = reader.ValueSpan;
        if (reader.ValueIsEscaped)
        {
            return JsonText.TryRead(name, escaped: true, out var text) && text.Length <= 16
                ? Find(System.Text.Encoding.UTF8.GetBytes(text))
                : ClientField.None;
        }

        return Find(name);
    }

    private static ClientField Find(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when name.SequenceEqual("op"u8) => ClientField.Op,
        2 when name.SequenceEqual("id"u8) => ClientField.Id,
        2 when name.SequenceEqual("to"u8) => ClientField.To,
        3 when name.SequenceEqual("ref"u8) => ClientField.Ref,
        4 when name.SequenceEqual("text"u8) => ClientField.Text,
        4 when name.SequenceEqual("seen"u8) => ClientField.Seen,
        5 when name.SequenceEqual("token"u8) => ClientField.Token,
        5 when name.SequenceEqual("after"u8) => ClientField.After,
        5 when name.SequenceEqual("limit"u8) => ClientField.Limit,
        5 when name.SequenceEqual("emoji"u8) => ClientField.Emoji,
        5 when name.SequenceEqual("users"u8) => ClientField.Users,
        6 when name.SequenceEqual("before"u8) => ClientField.Before,
        6 when name.SequenceEqual("around"u8) => ClientField.Around,
        7 when name.SequenceEqual("channel"u8) => ClientField.Channel,
        7 when name.SequenceEqual("cursors"u8) => ClientField.Cursors,
        8 when name.SequenceEqual("reply_to"u8) => ClientField.ReplyTo,
        8 when name.SequenceEqual("mentions"u8) => ClientField.Mentions,
        9 when name.SequenceEqual("client_id"u8) => ClientField.ClientId,
        _ => ClientField.None,
    };

    private readonly record struct Slot(JsonTokenType Type, int Start, int Length, bool Escaped);

    [InlineArray((int)ClientField.Seen + 1)]
    private struct Slots
    {
        private Slot _first;
    }
}
