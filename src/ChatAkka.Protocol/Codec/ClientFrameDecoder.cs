using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Protocol.Codec;

/// <summary>
/// Reads one client frame. It never throws, whatever the bytes are: what isn't a frame is <see cref="BadFrame"/>, what is one but can't be
/// served is <see cref="RefusedFrame"/> with the request's <c>ref</c> where that could be read. Unknown members are ignored.
/// </summary>
public static class ClientFrameDecoder
{
    /// <summary>Reads a frame whose bytes lie in several pieces.</summary>
    public static ClientFrame Decode(in ReadOnlySequence<byte> json)
    {
        if (json.IsSingleSegment)
        {
            return Decode(json.FirstSpan);
        }

        if (json.Length > ProtocolLimits.MaxFrameBytes)
        {
            return BadFrame.Instance;
        }

        var rented = ArrayPool<byte>.Shared.Rent((int)json.Length);
        json.CopyTo(rented);
        var frame = Decode(rented.AsSpan(0, (int)json.Length));
        ArrayPool<byte>.Shared.Return(rented);
        return frame;
    }

    /// <summary>Reads a frame.</summary>
    public static ClientFrame Decode(ReadOnlySpan<byte> json)
    {
        if (!ClientFields.TryScan(json, out var fields) || fields.Type(ClientField.Op) != JsonTokenType.String)
        {
            return BadFrame.Instance;
        }

        if (!TryString(fields, ClientField.Ref, out var reference) || reference is not null && TooLong(reference, ProtocolLimits.MaxRefLength))
        {
            return Refuse(null, "ref must be a string of at most 64 characters");
        }

        var op = fields.Bytes(ClientField.Op);
        return op.Length switch
        {
            4 when op.SequenceEqual("send"u8) => Send(fields, reference),
            5 when op.SequenceEqual("hello"u8) => Hello(fields, reference),
            7 when op.SequenceEqual("history"u8) => History(fields, reference),
            9 when op.SequenceEqual("delivered"u8) => Delivered(fields, reference),
            9 when op.SequenceEqual("heartbeat"u8) => new HeartbeatFrame(reference),
            _ => new RefusedFrame(reference, ErrorCodes.UnknownOp, ErrorCodes.UnknownOp.Message),
        };
    }

    /// <summary>
    /// Reads the body of a send over HTTP: the members of a <c>send</c> without <c>op</c>, <c>ref</c>, <c>channel</c> and <c>to</c>. The
    /// result is a <see cref="SendFrame"/> to <paramref name="channel"/>, a <see cref="RefusedFrame"/> or <see cref="BadFrame"/>.
    /// </summary>
    public static ClientFrame DecodeSendBody(ReadOnlySpan<byte> json, string channel) =>
        ClientFields.TryScan(json, out var fields) ? Send(fields, null, channel, null) : BadFrame.Instance;

    private static ClientFrame Hello(in ClientFields fields, string? reference)
    {
        if (reference is null)
        {
            return RefMissing;
        }

        if (!TryString(fields, ClientField.Token, out var token))
        {
            return Refuse(reference, "token must be a string");
        }

        Dictionary<string, long>? cursors = null;
        return fields.Has(ClientField.Cursors) && !TryCursors(fields, out cursors)
            ? Refuse(reference, "cursors must be an object of channel ids and message ids")
            : new HelloFrame(reference, token ?? "", cursors);
    }

    private static ClientFrame Send(in ClientFields fields, string? reference)
    {
        if (reference is null)
        {
            return RefMissing;
        }

        if (!TryString(fields, ClientField.Channel, out var channel) || !TryString(fields, ClientField.To, out var to) || channel is null == to is null)
        {
            return Refuse(reference, "either channel or to is required, a string");
        }

        return Send(fields, reference, channel, to);
    }

    private static ClientFrame Send(in ClientFields fields, string? reference, string? channel, string? to)
    {
        if (!TryString(fields, ClientField.ClientId, out var clientId) || string.IsNullOrEmpty(clientId) || TooLong(clientId, ProtocolLimits.MaxClientIdLength))
        {
            return Refuse(reference, "client_id must be a string of 1 to 64 characters");
        }

        if (fields.Type(ClientField.Text) != JsonTokenType.String)
        {
            return Refuse(reference, "text must be a string");
        }

        if (!TryId(fields, ClientField.ReplyTo, 1, out var replyTo))
        {
            return Refuse(reference, "reply_to must be a message id");
        }

        string[]? mentions = null;
        if (fields.Has(ClientField.Mentions) && !TryMentions(fields, out mentions))
        {
            return Refuse(reference, "mentions must be an array of at most 100 user ids");
        }

        return TryString(fields, ClientField.Text, out var text)
            ? new SendFrame(reference, channel, to, clientId, text!, replyTo, mentions)
            : new RefusedFrame(reference, ErrorCodes.TextInvalid, ErrorCodes.TextInvalid.Message);
    }

    private static ClientFrame Delivered(in ClientFields fields, string? reference)
    {
        if (!TryString(fields, ClientField.Channel, out var channel) || channel is null)
        {
            return Refuse(reference, "channel is required, a string");
        }

        return TryId(fields, ClientField.Id, 1, out var id) && id != 0
            ? new DeliveredFrame(reference, channel, id)
            : Refuse(reference, "id must be a message id");
    }

    private static ClientFrame History(in ClientFields fields, string? reference)
    {
        if (reference is null)
        {
            return RefMissing;
        }

        if (!TryString(fields, ClientField.Channel, out var channel) || channel is null)
        {
            return Refuse(reference, "channel is required, a string");
        }

        if (!TryId(fields, ClientField.Before, 1, out var before) || !TryId(fields, ClientField.After, 0, out var after)
            || !TryId(fields, ClientField.Around, 1, out var around))
        {
            return Refuse(reference, "before, after and around are message ids");
        }

        var (hasBefore, hasAfter, hasAround) = (fields.Has(ClientField.Before), fields.Has(ClientField.After), fields.Has(ClientField.Around));
        if ((hasBefore ? 1 : 0) + (hasAfter ? 1 : 0) + (hasAround ? 1 : 0) > 1)
        {
            return Refuse(reference, "before, after and around exclude each other");
        }

        var limit = ProtocolLimits.DefaultHistoryLimit;
        if (fields.Has(ClientField.Limit) && !TryLimit(fields, out limit))
        {
            return Refuse(reference, "limit must be a number from 1 to 200");
        }

        var side = hasBefore ? HistorySide.Before : hasAfter ? HistorySide.After : hasAround ? HistorySide.Around : HistorySide.Newest;
        return new HistoryFrame(reference, channel, new HistoryRange(side, before + after + around, limit));
    }

    // True with null for an absent member; false for another type or bad Unicode.
    private static bool TryString(in ClientFields fields, ClientField field, out string? text)
    {
        text = null;
        return fields.Type(field) switch
        {
            JsonTokenType.None => true,
            JsonTokenType.String => JsonText.TryRead(fields.Bytes(field), fields.Escaped(field), out text),
            _ => false,
        };
    }

    // True with 0 for an absent member.
    private static bool TryId(in ClientFields fields, ClientField field, long least, out long id)
    {
        id = 0;
        return fields.Type(field) switch
        {
            JsonTokenType.None => true,
            JsonTokenType.String => TryId(fields.Bytes(field), least, out id),
            _ => false,
        };
    }

    private static bool TryId(ReadOnlySpan<byte> digits, long least, out long id) =>
        Utf8Parser.TryParse(digits, out id, out var used) && used == digits.Length && id >= least && digits[0] is >= (byte)'0' and <= (byte)'9'
        && (digits[0] != '0' || digits.Length == 1);

    private static bool TryLimit(in ClientFields fields, out int limit)
    {
        limit = 0;
        var digits = fields.Bytes(ClientField.Limit);
        return fields.Type(ClientField.Limit) == JsonTokenType.Number && Utf8Parser.TryParse(digits, out limit, out var used)
            && used == digits.Length && limit is >= 1 and <= ProtocolLimits.MaxHistoryLimit;
    }

    private static bool TryMentions(in ClientFields fields, [NotNullWhen(true)] out string[]? mentions)
    {
        mentions = null;
        if (fields.Type(ClientField.Mentions) != JsonTokenType.StartArray)
        {
            return false;
        }

        var found = new List<string>();
        var reader = new Utf8JsonReader(fields.Bytes(ClientField.Mentions));
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.String && found.Count < ProtocolLimits.MaxMentions)
        {
            if (!JsonText.TryRead(reader.ValueSpan, reader.ValueIsEscaped, out var user))
            {
                return false;
            }

            found.Add(user);
        }

        mentions = [.. found];
        return reader.TokenType == JsonTokenType.EndArray;
    }

    private static bool TryCursors(in ClientFields fields, [NotNullWhen(true)] out Dictionary<string, long>? cursors)
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

    private static bool TooLong(string text, int limit) => text.Length > limit && JsonText.CountCodePoints(text) > limit;

    private static RefusedFrame Refuse(string? reference, string detail) => new(reference, ErrorCodes.BadRequest, detail);

    private static RefusedFrame RefMissing => Refuse(null, "ref is required");
}
