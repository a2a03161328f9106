using System.Buffers.Text;
using System.Text.Json;

namespace ChatAkka.Replay.Clients;

/// <summary>
/// One JSON object of the server's, or an event or message nested in one, with the members this program knows. Unknown members are
/// skipped, as the protocol asks. The spans point into the buffer it was parsed from.
/// </summary>
internal ref struct ServerFrame
{
    public ReadOnlySpan<byte> Op;
    public ReadOnlySpan<byte> Channel;
    public ReadOnlySpan<byte> From;
    public ReadOnlySpan<byte> Type;
    public ReadOnlySpan<byte> Text;
    public ReadOnlySpan<byte> ClientId;
    public ReadOnlySpan<byte> Code;
    public ReadOnlySpan<byte> Message;
    public ReadOnlySpan<byte> UserId;
    public ReadOnlySpan<byte> Removed;

    /// <summary>The id as written: a channel's need not be a number.</summary>
    public ReadOnlySpan<byte> IdText;

    /// <summary>A member <c>channel</c> that is an object, unparsed.</summary>
    public ReadOnlySpan<byte> ChannelObject;

    /// <summary>The array <c>events</c> or <c>messages</c>, unparsed.</summary>
    public ReadOnlySpan<byte> Items;

    public long Ref;

    /// <summary>The id of an event or message; 0 when it isn't a number.</summary>
    public long Id;

    public long N;
    public long Head;
    public long RetryMs;
    public bool More;
    public bool HasAfter;
    public bool HasBefore;

    /// <exception cref="FormatException">Not an object, or a known member has a type that it must not have.</exception>
    public static ServerFrame Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var frame = default(ServerFrame);
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                throw new FormatException("a frame is not a JSON object");
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                frame.ReadMember(ref reader, json);
            }

            return frame;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException($"a frame is not what the protocol says: {e.Message}", e);
        }
    }

    /// <summary>Takes the first object off an array's remainder; false when there is none left.</summary>
    public static bool TryTakeItem(ref ReadOnlySpan<byte> items, out ServerFrame item)
    {
        var start = items.IndexOf((byte)'{');
        if (start < 0)
        {
            item = default;
            return false;
        }

        var reader = new Utf8JsonReader(items[start..], isFinalBlock: false, default);
        if (!reader.Read() || !reader.TrySkip())
        {
            throw new FormatException("an array is cut off");
        }

        var length = (int)reader.BytesConsumed;
        item = Parse(items.Slice(start, length));
        items = items[(start + length)..];
        return true;
    }

    private void ReadMember(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var name = reader.ValueSpan;
        reader.Read();
        switch (name)
        {
            case [(byte)'i', (byte)'d']:
                IdText = String(ref reader, json);
                Id = Utf8Parser.TryParse(IdText, out long id, out var used) && used == IdText.Length ? id : 0;
                break;
            case [(byte)'n']: N = Number(ref reader, json); break;
            case [(byte)'o', (byte)'p']: Op = String(ref reader, json); break;
            default: ReadLongMember(name, ref reader, json); break;
        }
    }

    private void ReadLongMember(scoped ReadOnlySpan<byte> name, scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (name.SequenceEqual("channel"u8))
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                ChannelObject = Raw(ref reader, json);
            }
            else
            {
                Channel = String(ref reader, json);
            }
        }
        else if (name.SequenceEqual("from"u8))
        {
            From = String(ref reader, json);
        }
        else if (name.SequenceEqual("type"u8))
        {
            Type = String(ref reader, json);
        }
        else if (name.SequenceEqual("text"u8))
        {
            Text = String(ref reader, json);
        }
        else if (name.SequenceEqual("client_id"u8))
        {
            ClientId = String(ref reader, json);
        }
        else if (name.SequenceEqual("ref"u8))
        {
            Ref = Number(ref reader, json);
        }
        else if (name.SequenceEqual("events"u8) || name.SequenceEqual("messages"u8))
        {
            Items = Raw(ref reader, json);
        }
        else if (name.SequenceEqual("head"u8))
        {
            Head = Number(ref reader, json);
        }
        else if (name.SequenceEqual("more"u8))
        {
            More = reader.GetBoolean();
        }
        else if (name.SequenceEqual("has_after"u8))
        {
            HasAfter = reader.GetBoolean();
        }
        else if (name.SequenceEqual("has_before"u8))
        {
            HasBefore = reader.GetBoolean();
        }
        else if (name.SequenceEqual("user_id"u8))
        {
            UserId = String(ref reader, json);
        }
        else if (name.SequenceEqual("code"u8))
        {
            Code = String(ref reader, json);
        }
        else if (name.SequenceEqual("message"u8))
        {
            Message = String(ref reader, json);
        }
        else if (name.SequenceEqual("retry_ms"u8))
        {
            RetryMs = Number(ref reader, json);
        }
        else if (name.SequenceEqual("removed"u8))
        {
            Removed = String(ref reader, json);
        }
        else
        {
            reader.Skip();
        }
    }

    /// <summary>The string's UTF-8, unescaped where it has escapes.</summary>
    private static ReadOnlySpan<byte> String(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return default;
        }

        if (reader.TokenType != JsonTokenType.String)
        {
            throw new FormatException($"a string was expected, not {reader.TokenType}");
        }

        if (!reader.ValueIsEscaped)
        {
            return json.Slice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
        }

        var unescaped = new byte[reader.ValueSpan.Length];
        return unescaped.AsSpan(0, reader.CopyString(unescaped));
    }

    /// <summary>A number, or a string of digits (ids are strings on the wire).</summary>
    private static long Number(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return reader.GetInt64();
        }

        return Utf8Parser.TryParse(String(ref reader, json), out long number, out var used) && used == reader.ValueSpan.Length
            ? number
            : throw new FormatException("an id or number was expected");
    }

    private static ReadOnlySpan<byte> Raw(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }
}
