using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;
using ChatAkka.Protocol.Codec;
using ChatAkka.Transfer.Files;

namespace ChatAkka.Transfer.Lines;

/// <summary>An event of a user's journal as a line.</summary>
internal static class UserLine
{
    /// <param name="id">Its sequence nr: these events don't carry it.</param>
    public static void Write(FrameWriter line, UserId user, long id, UserEvent e)
    {
        line.Name("user"u8).String(user.Value).Name("id"u8).Id(id);
        switch (e)
        {
            case ChannelJoined joined:
                line.Name("type"u8).Literal("joined"u8)
                    .Name("channel"u8).String(joined.Channel.Value).Name("change_id"u8).Id(joined.ChangeId);
                break;
            case ChannelLeft left:
                line.Name("type"u8).Literal("left"u8).Name("channel"u8).String(left.Channel.Value).Name("change_id"u8).Id(left.ChangeId);
                break;
            case MuteChanged mute:
                line.Name("type"u8).Literal("muted"u8).Name("channel"u8).String(mute.Channel.Value).Name("muted"u8).Bool(mute.IsMuted);
                break;
            default:
                throw new ArgumentException($"{e.GetType().Name} has no line", nameof(e));
        }
    }

    public static UserEvent Read(LineFields line)
    {
        var (type, channel) = (line.Text("type"), line.Channel("channel"));
        return type switch
        {
            "joined" => new ChannelJoined(channel, line.Id("change_id")),
            "left" => new ChannelLeft(channel, line.Id("change_id")),
            "muted" => new MuteChanged(channel, line.Flag("muted")),
            _ => throw line.Wrong("is of a type that this version doesn't know"),
        };
    }
}
