using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Protocol.Codec;
using ChatAkka.Transfer.Files;

namespace ChatAkka.Transfer.Lines;

/// <summary>An event of a timeline as a line: everything that is stored of it, called as on the wire. What an event hasn't got is
/// left out.</summary>
internal static class TimelineLine
{
    public static void Write(FrameWriter line, ChannelId channel, ChannelEvent e)
    {
        line.Name("channel"u8).String(channel.Value).Name("id"u8).Id(e.Id).Name("type"u8).Literal(Type(e));
        if (e is not ChannelCreated)
        {
            line.Name("n"u8).Number(e.N);
        }

        line.Name("at"u8).Number(e.At).Name("from"u8).String(e.From.Value);
        switch (e)
        {
            case MessagePosted m:
                WriteMessage(line, m);
                break;
            case ChannelCreated c:
                line.Name("kind"u8).String(Known(Words.Of(c.Kind))).Name("title"u8).String(c.Title);
                MemberLine.WriteAll(line, c.Members);
                break;
            case MemberAdded a:
                WriteMember(line, a.User, a.Role);
                break;
            case MemberRemoved r:
                WriteMember(line, r.User, r.Role);
                break;
            case RoleChanged r:
                WriteMember(line, r.User, r.Role);
                break;
            case TitleChanged t:
                line.Name("title"u8).String(t.Title);
                break;
            case Annotation a:
                WriteAnnotation(line, a);
                break;
        }
    }

    public static ChannelEvent Read(LineFields line)
    {
        var (id, at, from, type) = (line.Id("id"), line.Number("at"), line.User("from"), line.Text("type"));
        if (type == "created")
        {
            return new ChannelCreated(id, at, from, Kind(line), line.Text("title"), MemberLine.ReadAll(line));
        }

        var n = line.Number("n");
        return type switch
        {
            "message" => ReadMessage(line, id, n, at, from),
            "member_added" => new MemberAdded(id, n, at, from, line.User("user"), MemberLine.Role(line)),
            "member_removed" => new MemberRemoved(id, n, at, from, line.User("user"), MemberLine.Role(line)),
            "role_changed" => new RoleChanged(id, n, at, from, line.User("user"), MemberLine.Role(line)),
            "titled" => new TitleChanged(id, n, at, from, line.Text("title")),
            "edited" => new MessageEdited(id, n, at, from, line.Id("target"), line.Text("text")),
            "deleted" => new MessageDeleted(id, n, at, from, line.Id("target")),
            "reacted" => new ReactionAdded(id, n, at, from, line.Id("target"), line.Text("emoji")),
            "unreacted" => new ReactionRemoved(id, n, at, from, line.Id("target"), line.Text("emoji")),
            _ => throw line.Wrong("is of a type that this version doesn't know"),
        };
    }

    /// <exception cref="UnknownValueException">It is null.</exception>
    public static string Known(string? word) => word ?? throw new UnknownValueException();

    private static ReadOnlySpan<byte> Type(ChannelEvent e) => e switch
    {
        MessagePosted => "message"u8,
        ChannelCreated => "created"u8,
        MemberAdded => "member_added"u8,
        MemberRemoved => "member_removed"u8,
        RoleChanged => "role_changed"u8,
        TitleChanged => "titled"u8,
        MessageEdited => "edited"u8,
        MessageDeleted => "deleted"u8,
        ReactionAdded => "reacted"u8,
        ReactionRemoved => "unreacted"u8,
        _ => throw new ArgumentException($"{e.GetType().Name} has no line", nameof(e)),
    };

    private static void WriteMessage(FrameWriter line, MessagePosted m)
    {
        line.Name("device"u8).String(m.Device.Value).Name("client_id"u8).String(m.ClientId).Name("text"u8).String(m.Text);
        if (m.ReplyTo != 0)
        {
            line.Name("reply_to"u8).Id(m.ReplyTo);
        }

        if (m.Mentions.Length > 0)
        {
            line.Name("mentions"u8).StartArray();
            foreach (var user in m.Mentions)
            {
                line.String(user.Value);
            }

            line.EndArray();
        }
    }

    private static void WriteMember(FrameWriter line, UserId user, MemberRole role) =>
        line.Name("user"u8).String(user.Value).Name("role"u8).String(Known(Words.Of(role)));

    private static void WriteAnnotation(FrameWriter line, Annotation annotation)
    {
        line.Name("target"u8).Id(annotation.Target);
        switch (annotation)
        {
            case MessageEdited edited:
                line.Name("text"u8).String(edited.Text);
                break;
            case ReactionAdded added:
                line.Name("emoji"u8).String(added.Emoji);
                break;
            case ReactionRemoved removed:
                line.Name("emoji"u8).String(removed.Emoji);
                break;
        }
    }

    private static MessagePosted ReadMessage(LineFields line, long id, long n, long at, UserId from)
    {
        var (device, clientId, text) = (line.Device("device"), line.Text("client_id"), line.Text("text"));
        return new MessagePosted(id, n, at, from, device, clientId, text, line.OptionalId("reply_to") ?? 0, [.. line.Users("mentions")]);
    }

    private static ChannelKind Kind(LineFields line) =>
        Words.Kind(line.Text("kind")) ?? throw line.Wrong("has a 'kind' that this version doesn't know");
}
