using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Protocol.Codec;

/// <summary>
/// The members of a server's object that mean something in some frame or answer, whichever object it is: a member has the same name and
/// the same type wherever it stands. What is absent, null or unknown stays at its default.
/// </summary>
internal struct WireObject
{
    public string? Op, Ref, Channel, From, Type, Text, ClientId, Emoji, User, Role, Title, Status, Code, Message, Removed, Kind, IdText;
    public string? UserId, DeviceId, Node, Url, Region, Cursor;
    public long? Id, ReplyTo, Target, Head, Read, Delivered;
    public long? N, At, EditedAt, LastActiveAt, RetryMs, AfterMs, Unread, MemberCount, Time, HeartbeatMs, TimeoutMs, MaxText;
    public bool IsDeleted, More, HasBefore, HasAfter, Duplicate;
    public ChannelDetails? ChannelObject;
    public PagedMessage? LastMessage;
    public List<string>? Mentions, UserIds;
    public List<TimelineEvent>? Events;
    public List<PagedMessage>? Messages;
    public List<MessageReactions>? Reactions;
    public List<UserPresence>? Presence;
    public List<ServerAddress>? Servers;
    public List<ChannelMember>? Members;
    public List<ListedChannel>? Channels;

    private const int LongestName = 16;

    private delegate T? Convert<T>(in WireObject item);

    /// <summary>Reads the object of the whole input; false if it isn't exactly one, or a known member is of another type.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, out WireObject found)
    {
        found = default;
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = ProtocolLimits.MaxDepth });
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject && TryRead(ref reader, ref found) && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool TryRead(ref Utf8JsonReader reader, ref WireObject found)
    {
        Span<char> buffer = stackalloc char[LongestName];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            // No name that is known needs an escape, and none is longer.
            var known = reader.ValueSpan.Length <= LongestName && !reader.ValueIsEscaped;
            var name = known ? buffer[..Encoding.Latin1.GetChars(reader.ValueSpan, buffer)] : [];
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null)
            {
                continue;
            }

            if (!found.TryTake(name, ref reader))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryTake(scoped ReadOnlySpan<char> name, ref Utf8JsonReader reader)
    {
        switch (name)
        {
            case "op": return TryText(ref reader, out Op);
            case "ref": return TryText(ref reader, out Ref);
            case "id": return TryOwnId(ref reader);
            case "from": return TryText(ref reader, out From);
            case "type": return TryText(ref reader, out Type);
            case "text": return TryText(ref reader, out Text);
            case "client_id": return TryText(ref reader, out ClientId);
            case "emoji": return TryText(ref reader, out Emoji);
            case "user": return TryText(ref reader, out User);
            case "role": return TryText(ref reader, out Role);
            case "title": return TryText(ref reader, out Title);
            case "status": return TryText(ref reader, out Status);
            case "code": return TryText(ref reader, out Code);
            case "message": return TryText(ref reader, out Message);
            case "removed": return TryText(ref reader, out Removed);
            case "kind": return TryText(ref reader, out Kind);
            case "user_id": return TryText(ref reader, out UserId);
            case "device_id": return TryText(ref reader, out DeviceId);
            case "node": return TryText(ref reader, out Node);
            case "url": return TryText(ref reader, out Url);
            case "region": return TryText(ref reader, out Region);
            case "cursor": return TryText(ref reader, out Cursor);
            case "reply_to": return TryId(ref reader, out ReplyTo);
            case "target": return TryId(ref reader, out Target);
            case "head": return TryId(ref reader, out Head);
            case "read": return TryId(ref reader, out Read);
            case "delivered": return TryId(ref reader, out Delivered);
            case "n": return TryNumber(ref reader, out N);
            case "at": return TryNumber(ref reader, out At);
            case "edited_at": return TryNumber(ref reader, out EditedAt);
            case "last_active_at": return TryNumber(ref reader, out LastActiveAt);
            case "retry_ms": return TryNumber(ref reader, out RetryMs);
            case "after_ms": return TryNumber(ref reader, out AfterMs);
            case "unread": return TryNumber(ref reader, out Unread);
            case "member_count": return TryNumber(ref reader, out MemberCount);
            case "time": return TryNumber(ref reader, out Time);
            case "heartbeat_ms": return TryNumber(ref reader, out HeartbeatMs);
            case "timeout_ms": return TryNumber(ref reader, out TimeoutMs);
            case "max_text": return TryNumber(ref reader, out MaxText);
            case "deleted": return TryBool(ref reader, out IsDeleted);
            case "more": return TryBool(ref reader, out More);
            case "has_before": return TryBool(ref reader, out HasBefore);
            case "has_after": return TryBool(ref reader, out HasAfter);
            case "duplicate": return TryBool(ref reader, out Duplicate);
            case "channel" when reader.TokenType == JsonTokenType.String: return TryText(ref reader, out Channel);
            case "channel": return TryItem(ref reader, WireConversions.Details, out ChannelObject);
            case "last_message": return TryItem(ref reader, WireConversions.Message, out LastMessage);
            case "mentions": return TryTexts(ref reader, out Mentions);
            case "users": return TryTexts(ref reader, out UserIds);
            case "events": return TryItems(ref reader, WireConversions.Event, out Events);
            case "messages": return TryItems(ref reader, WireConversions.Message, out Messages);
            case "reactions": return TryItems(ref reader, WireConversions.Reaction, out Reactions);
            case "presence": return TryItems(ref reader, WireConversions.Presence, out Presence);
            case "servers": return TryItems(ref reader, WireConversions.Server, out Servers);
            case "members": return TryItems(ref reader, WireConversions.Member, out Members);
            case "channels": return TryItems(ref reader, WireConversions.Listed, out Channels);
            default:
                reader.Skip();
                return true;
        }
    }

    // It may be a channel's, which needn't be a number.
    private bool TryOwnId(ref Utf8JsonReader reader)
    {
        Id = TryId(ref reader, out var id) ? id : null;
        return TryText(ref reader, out IdText);
    }

    private static bool TryText(ref Utf8JsonReader reader, out string? text)
    {
        text = null;
        return reader.TokenType == JsonTokenType.String && JsonText.TryRead(reader.ValueSpan, reader.ValueIsEscaped, out text);
    }

    private static bool TryTexts(ref Utf8JsonReader reader, out List<string>? texts)
    {
        texts = [];
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!TryText(ref reader, out var text))
            {
                return false;
            }

            texts.Add(text!);
        }

        return true;
    }

    private static bool TryId(ref Utf8JsonReader reader, out long? id)
    {
        id = null;
        if (reader.TokenType != JsonTokenType.String || !Utf8Parser.TryParse(reader.ValueSpan, out long value, out var used)
            || used != reader.ValueSpan.Length || value < 0)
        {
            return false;
        }

        id = value;
        return true;
    }

    private static bool TryNumber(ref Utf8JsonReader reader, out long? number)
    {
        number = null;
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var value))
        {
            return false;
        }

        number = value;
        return true;
    }

    private static bool TryBool(ref Utf8JsonReader reader, out bool value)
    {
        value = reader.TokenType == JsonTokenType.True;
        return value || reader.TokenType == JsonTokenType.False;
    }

    private static bool TryItem<T>(ref Utf8JsonReader reader, Convert<T> convert, out T? item)
        where T : class
    {
        item = null;
        var found = default(WireObject);
        if (reader.TokenType != JsonTokenType.StartObject || !TryRead(ref reader, ref found))
        {
            return false;
        }

        item = convert(in found);
        return item is not null;
    }

    private static bool TryItems<T>(ref Utf8JsonReader reader, Convert<T> convert, out List<T>? items)
        where T : class
    {
        items = [];
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!TryItem(ref reader, convert, out var item))
            {
                return false;
            }

            items.Add(item!);
        }

        return true;
    }
}
