using ChatAkka.Protocol.Frames;

namespace ChatAkka.Protocol.Codec;

/// <summary>Writes channels, events and pages in the one form that frames and HTTP answers share.</summary>
public static class TimelineEncoder
{
    /// <summary>An event as an object of its own, inside an array.</summary>
    public static void Event(FrameWriter writer, in EventData data)
    {
        writer.StartObject();
        EventMembers(writer, data);
        writer.EndObject();
    }

    /// <summary>A channel as an object.</summary>
    public static void Channel(FrameWriter writer, in ChannelData channel)
    {
        writer.StartObject();
        ChannelMembers(writer, channel);
        writer.EndObject();
    }

    /// <summary>What an object of a channel holds, for callers that add members of their own.</summary>
    public static void ChannelMembers(FrameWriter writer, in ChannelData channel) =>
        writer
            .Name("id"u8).String(channel.Id)
            .Name("kind"u8).String(channel.Kind)
            .Name("title"u8).String(channel.Title)
            .Name("head"u8).Id(channel.Head)
            .Name("n"u8).Number(channel.N)
            .Name("unread"u8).Number(channel.Unread)
            .Name("read"u8).Id(channel.Read)
            .Name("member_count"u8).Number(channel.MemberCount);

    /// <summary>The beginning of a page of messages, inside an object.</summary>
    public static void StartPage(FrameWriter writer) => writer.Name("messages"u8).StartArray();

    /// <summary>The end of a page and of the object that it stands in.</summary>
    public static void EndPage(FrameWriter writer, bool hasBefore, bool hasAfter) =>
        writer.EndArray().Name("has_before"u8).Bool(hasBefore).Name("has_after"u8).Bool(hasAfter).EndObject();

    internal static void EventMembers(FrameWriter writer, in EventData data)
    {
        writer
            .Name("id"u8).Id(data.Id)
            .Name("n"u8).Number(data.N)
            .Name("at"u8).Number(data.At)
            .Name("from"u8).String(data.From)
            .Name("type"u8).Literal(TypeName(data.Type));
        switch (data.Type)
        {
            case EventType.Message:
                MessageMembers(writer, data);
                break;
            case EventType.MemberAdded or EventType.MemberRemoved or EventType.RoleChanged:
                writer.Name("user"u8).String(data.User!).Name("role"u8).String(data.Role!);
                break;
            case EventType.Titled:
                writer.Name("title"u8).String(data.Title!);
                break;
            case EventType.Edited:
                writer.Name("target"u8).Id(data.Target).Name("text"u8).String(data.Text!);
                break;
            case EventType.Deleted:
                writer.Name("target"u8).Id(data.Target);
                break;
            case EventType.Reacted or EventType.Unreacted:
                writer.Name("target"u8).Id(data.Target).Name("emoji"u8).String(data.Emoji!);
                break;
        }
    }

    private static void MessageMembers(FrameWriter writer, in EventData data)
    {
        writer.Name("text"u8).String(data.Text!);
        if (data.ClientId is not null)
        {
            writer.Name("client_id"u8).String(data.ClientId);
        }

        if (data.ReplyTo != 0)
        {
            writer.Name("reply_to"u8).Id(data.ReplyTo);
        }

        if (data.Mentions is { Count: > 0 })
        {
            writer.Name("mentions"u8);
            Strings(writer, data.Mentions);
        }

        if (data.EditedAt != 0)
        {
            writer.Name("edited_at"u8).Number(data.EditedAt);
        }

        if (data.Deleted)
        {
            writer.Name("deleted"u8).Bool(true);
        }

        if (data.Reactions is { Count: > 0 })
        {
            Reactions(writer, data.Reactions);
        }
    }

    private static void Reactions(FrameWriter writer, IReadOnlyList<ReactionData> reactions)
    {
        writer.Name("reactions"u8).StartArray();
        foreach (var reaction in reactions)
        {
            writer.StartObject().Name("emoji"u8).String(reaction.Emoji).Name("users"u8);
            Strings(writer, reaction.Users);
            writer.EndObject();
        }

        writer.EndArray();
    }

    private static void Strings(FrameWriter writer, IReadOnlyList<string> strings)
    {
        writer.StartArray();
        foreach (var text in strings)
        {
            writer.String(text);
        }

        writer.EndArray();
    }

    private static ReadOnlySpan<byte> TypeName(EventType type) => type switch
    {
        EventType.Created => "created"u8,
        EventType.Message => "message"u8,
        EventType.MemberAdded => "member_added"u8,
        EventType.MemberRemoved => "member_removed"u8,
        EventType.Titled => "titled"u8,
        EventType.RoleChanged => "role_changed"u8,
        EventType.Edited => "edited"u8,
        EventType.Deleted => "deleted"u8,
        EventType.Reacted => "reacted"u8,
        EventType.Unreacted => "unreacted"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };
}
