using System.Buffers;
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

        if (!fields.TryString(ClientField.Ref, out var reference)
            || reference is not null && TooLong(reference, ProtocolLimits.MaxRefLength))
        {
            return Refuse(null, "ref must be a string of at most 64 characters");
        }

        var op = fields.Bytes(ClientField.Op);
        return op.Length switch
        {
            4 when op.SequenceEqual("send"u8) => Send(fields, reference),
            5 when op.SequenceEqual("hello"u8) => Hello(fields, reference),
            7 when op.SequenceEqual("history"u8) => History(fields, reference),
            4 when op.SequenceEqual("read"u8) => Read(fields, reference),
            4 when op.SequenceEqual("edit"u8) => Edit(fields, reference),
            5 when op.SequenceEqual("react"u8) => React(fields, reference, removes: false),
            5 when op.SequenceEqual("watch"u8) => Watch(fields, reference),
            6 when op.SequenceEqual("delete"u8) => Delete(fields, reference),
            6 when op.SequenceEqual("typing"u8) => Typing(fields, reference),
            7 when op.SequenceEqual("unreact"u8) => React(fields, reference, removes: true),
            9 when op.SequenceEqual("delivered"u8) => Delivered(fields, reference),
            9 when op.SequenceEqual("heartbeat"u8) => reference is null ? HeartbeatFrame.Silent : new HeartbeatFrame(reference),
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

        if (!fields.TryString(ClientField.Token, out var token))
        {
            return Refuse(reference, "token must be a string");
        }

        Dictionary<string, long>? cursors = null;
        return fields.Has(ClientField.Cursors) && !fields.TryCursors(out cursors)
            ? Refuse(reference, "cursors must be an object of channel ids and message ids")
            : new HelloFrame(reference, token ?? "", cursors);
    }

    private static ClientFrame Send(in ClientFields fields, string? reference)
    {
        if (reference is null)
        {
            return RefMissing;
        }

        if (!fields.TryString(ClientField.Channel, out var channel) || !fields.TryString(ClientField.To, out var to)
            || channel is null == to is null)
        {
            return Refuse(reference, "either channel or to is required, a string");
        }

        return Send(fields, reference, channel, to);
    }

    private static ClientFrame Send(in ClientFields fields, string? reference, string? channel, string? to)
    {
        if (!fields.TryString(ClientField.ClientId, out var clientId)
            || string.IsNullOrEmpty(clientId) || TooLong(clientId, ProtocolLimits.MaxClientIdLength))
        {
            return Refuse(reference, "client_id must be a string of 1 to 64 characters");
        }

        if (fields.Type(ClientField.Text) != JsonTokenType.String)
        {
            return Refuse(reference, "text must be a string");
        }

        if (!fields.TryId(ClientField.ReplyTo, 1, out var replyTo))
        {
            return Refuse(reference, "reply_to must be a message id");
        }

        string[]? mentions = null;
        if (fields.Has(ClientField.Mentions) && !fields.TryStrings(ClientField.Mentions, ProtocolLimits.MaxMentions, out mentions))
        {
            return Refuse(reference, "mentions must be an array of at most 100 user ids");
        }

        return fields.TryString(ClientField.Text, out var text)
            ? new SendFrame(reference, channel, to, clientId, text!, replyTo, mentions)
            : new RefusedFrame(reference, ErrorCodes.TextInvalid, ErrorCodes.TextInvalid.Message);
    }

    private static ClientFrame Delivered(in ClientFields fields, string? reference) =>
        Place(fields, reference, out var channel, out var id) ?? new DeliveredFrame(reference, channel, id);

    private static ClientFrame Read(in ClientFields fields, string? reference) =>
        Place(fields, reference, out var channel, out var id) ?? new ReadFrame(reference, channel, id);

    private static ClientFrame Delete(in ClientFields fields, string? reference) =>
        reference is null ? RefMissing : Place(fields, reference, out var channel, out var id) ?? new DeleteFrame(reference, channel, id);

    private static ClientFrame Edit(in ClientFields fields, string? reference)
    {
        if (reference is null)
        {
            return RefMissing;
        }

        if (Place(fields, reference, out var channel, out var id) is { } refused)
        {
            return refused;
        }

        if (fields.Type(ClientField.Text) != JsonTokenType.String)
        {
            return Refuse(reference, "text must be a string");
        }

        if (!fields.TryId(ClientField.Seen, 1, out var seen))
        {
            return SeenMalformed(reference);
        }

        return fields.TryString(ClientField.Text, out var text)
            ? new EditFrame(reference, channel, id, text!, seen)
            : new RefusedFrame(reference, ErrorCodes.TextInvalid, ErrorCodes.TextInvalid.Message);
    }

    private static ClientFrame React(in ClientFields fields, string? reference, bool removes)
    {
        if (reference is null)
        {
            return RefMissing;
        }

        if (Place(fields, reference, out var channel, out var id) is { } refused)
        {
            return refused;
        }

        if (!fields.TryId(ClientField.Seen, 1, out var seen))
        {
            return SeenMalformed(reference);
        }

        return fields.TryString(ClientField.Emoji, out var emoji) && emoji is not null
            ? new ReactFrame(reference, channel, id, emoji, removes, seen)
            : Refuse(reference, "emoji is required, a string");
    }

    private static ClientFrame Typing(in ClientFields fields, string? reference) =>
        fields.TryString(ClientField.Channel, out var channel) && channel is not null
            ? new TypingFrame(reference, channel)
            : Refuse(reference, "channel is required, a string");

    private static ClientFrame Watch(in ClientFields fields, string? reference)
    {
        if (reference is null)
        {
            return RefMissing;
        }

        return fields.TryStrings(ClientField.Users, ProtocolLimits.MaxFrameBytes, out var users)
            ? new WatchFrame(reference, users)
            : Refuse(reference, "users must be an array of user ids");
    }

    // The channel and the message in it that many operations name; otherwise the refusal.
    private static ClientFrame? Place(in ClientFields fields, string? reference, out string channel, out long id)
    {
        (channel, id) = ("", 0);
        if (!fields.TryString(ClientField.Channel, out var named) || named is null)
        {
            return Refuse(reference, "channel is required, a string");
        }

        channel = named;
        return fields.TryId(ClientField.Id, 1, out id) && id != 0 ? null : Refuse(reference, "id must be a message id");
    }

    private static ClientFrame History(in ClientFields fields, string? reference)
    {
        if (reference is null)
        {
            return RefMissing;
        }

        if (!fields.TryString(ClientField.Channel, out var channel) || channel is null)
        {
            return Refuse(reference, "channel is required, a string");
        }

        if (!fields.TryId(ClientField.Before, 1, out var before) || !fields.TryId(ClientField.After, 0, out var after)
            || !fields.TryId(ClientField.Around, 1, out var around))
        {
            return Refuse(reference, "before, after and around are message ids");
        }

        var (hasBefore, hasAfter, hasAround) =
            (fields.Has(ClientField.Before), fields.Has(ClientField.After), fields.Has(ClientField.Around));
        if ((hasBefore ? 1 : 0) + (hasAfter ? 1 : 0) + (hasAround ? 1 : 0) > 1)
        {
            return Refuse(reference, "before, after and around exclude each other");
        }

        var limit = ProtocolLimits.DefaultHistoryLimit;
        if (fields.Has(ClientField.Limit) && !fields.TryLimit(out limit))
        {
            return Refuse(reference, "limit must be a number from 1 to 200");
        }

        var side = hasBefore ? HistorySide.Before : hasAfter ? HistorySide.After : hasAround ? HistorySide.Around : HistorySide.Newest;
        return new HistoryFrame(reference, channel, new HistoryRange(side, before + after + around, limit));
    }

    private static bool TooLong(string text, int limit) => text.Length > limit && JsonText.CountCodePoints(text) > limit;

    private static RefusedFrame Refuse(string? reference, string detail) => new(reference, ErrorCodes.BadRequest, detail);

    private static RefusedFrame SeenMalformed(string? reference) => Refuse(reference, "seen must be an event id");

    private static RefusedFrame RefMissing => Refuse(null, "ref is required");
}
