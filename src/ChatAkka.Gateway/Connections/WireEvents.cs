using System.Collections.Immutable;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Gateway.Connections;

/// <summary>The domain's events and channels in the protocol's words.</summary>
internal static class WireEvents
{
    /// <param name="reader">Whose device reads it: only the sender's own get the <c>client_id</c>. Default for nobody in
    /// particular.</param>
    public static EventData ToWire(this ChannelEvent e, UserId reader = default) => e switch
    {
        MessagePosted m => new EventData(EventType.Message, m.Id, m.N, m.At, m.From.Value)
        {
            Text = m.Text,
            ClientId = m.From == reader ? m.ClientId : null,
            ReplyTo = m.ReplyTo,
            Mentions = Mentions(m),
        },
        MemberAdded a => new EventData(EventType.MemberAdded, a.Id, a.N, a.At, a.From.Value) { User = a.User.Value, Role = Role(a.Role) },
        MemberRemoved r => new EventData(EventType.MemberRemoved, r.Id, r.N, r.At, r.From.Value) { User = r.User.Value, Role = Role(r.Role) },
        TitleChanged t => new EventData(EventType.Titled, t.Id, t.N, t.At, t.From.Value) { Title = t.Title },
        ChannelCreated c => new EventData(EventType.Created, c.Id, c.N, c.At, c.From.Value),
        _ => throw new InvalidOperationException($"{e.GetType().Name} has no form on the wire"),
    };

    /// <param name="read">The user's read cursor.</param>
    /// <param name="unread">Messages above it.</param>
    public static ChannelData ToWire(this ChannelView view, long read, long unread) =>
        new(view.Id.Value, Kind(view.Kind), view.Title, view.Head, view.N, unread, read, view.Members.Length);

    /// <summary>A channel of which the user has read nothing yet.</summary>
    public static ChannelData ToWire(this ChannelView view) => view.ToWire(0, view.N);

    public static string Role(MemberRole role) => role switch
    {
        MemberRole.Owner => "owner",
        MemberRole.Admin => "admin",
        MemberRole.Member => "member",
        _ => throw new ArgumentOutOfRangeException(nameof(role)),
    };

    /// <summary>False if one of them can't be a user's id. Whether they exist and are members is the channel's business.</summary>
    public static bool TryMentions(string[]? users, out ImmutableArray<UserId> mentions)
    {
        mentions = [];
        if (users is null)
        {
            return true;
        }

        var parsed = ImmutableArray.CreateBuilder<UserId>(users.Length);
        foreach (var user in users)
        {
            if (!UserId.TryParse(user, out var id))
            {
                return false;
            }

            parsed.Add(id);
        }

        mentions = parsed.MoveToImmutable();
        return true;
    }

    private static string Kind(ChannelKind kind) => kind == ChannelKind.Direct ? "direct" : "group";

    private static string[]? Mentions(MessagePosted message)
    {
        if (message.Mentions.IsDefaultOrEmpty)
        {
            return null;
        }

        var users = new string[message.Mentions.Length];
        for (var i = 0; i < users.Length; i++)
        {
            users[i] = message.Mentions[i].Value;
        }

        return users;
    }
}
