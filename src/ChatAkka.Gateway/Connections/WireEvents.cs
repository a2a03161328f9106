using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using ChatAkka.Actors.Presence;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;
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
            Mentions = Values(m.Mentions),
        },
        MemberAdded a => new EventData(EventType.MemberAdded, a.Id, a.N, a.At, a.From.Value) { User = a.User.Value, Role = Role(a.Role) },
        MemberRemoved r => new EventData(EventType.MemberRemoved, r.Id, r.N, r.At, r.From.Value)
        { User = r.User.Value, Role = Role(r.Role) },
        TitleChanged t => new EventData(EventType.Titled, t.Id, t.N, t.At, t.From.Value) { Title = t.Title },
        RoleChanged r => new EventData(EventType.RoleChanged, r.Id, r.N, r.At, r.From.Value) { User = r.User.Value, Role = Role(r.Role) },
        MessageEdited m => new EventData(EventType.Edited, m.Id, m.N, m.At, m.From.Value) { Target = m.Target, Text = m.Text },
        MessageDeleted m => new EventData(EventType.Deleted, m.Id, m.N, m.At, m.From.Value) { Target = m.Target },
        ReactionAdded r => new EventData(EventType.Reacted, r.Id, r.N, r.At, r.From.Value) { Target = r.Target, Emoji = r.Emoji },
        ReactionRemoved r => new EventData(EventType.Unreacted, r.Id, r.N, r.At, r.From.Value) { Target = r.Target, Emoji = r.Emoji },
        ChannelCreated c => new EventData(EventType.Created, c.Id, c.N, c.At, c.From.Value),
        _ => throw new InvalidOperationException($"{e.GetType().Name} has no form on the wire"),
    };

    /// <summary>A message as it is now.</summary>
    /// <param name="reader">As above.</param>
    public static EventData ToWire(this FoldedMessage message, UserId reader)
    {
        var posted = message.Posted.ToWire(reader) with { Text = message.Text };
        return message switch
        {
            { Deleted: true } => posted with { Deleted = true, Mentions = null },
            { EditedAt: 0, Reactions.IsEmpty: true } => posted,
            _ => posted with
            {
                EditedAt = message.EditedAt,
                Reactions = [.. message.Reactions.Select(reaction => new ReactionData(reaction.Emoji, Values(reaction.Users)!))],
            },
        };
    }

    /// <param name="read">The user's read cursor.</param>
    /// <param name="unread">Messages above it.</param>
    public static ChannelData ToWire(this MemberView view, long read, long unread) =>
        new(view.Id.Value, Kind(view.Kind), view.Title, view.Head, view.N, unread, read, view.Members);

    /// <summary>A channel as one of its members sees it.</summary>
    /// <param name="receipt">Theirs; without one they have read what was there before them.</param>
    public static ChannelData ToWire(this MemberView view, Receipt receipt = default)
    {
        var (read, readN) = Receipt.ReadCursor(view.Own, receipt.Read, receipt.ReadN);
        return view.ToWire(read, Math.Max(0, view.N - readN)); // the receipt may be newer than the view
    }

    public static PresenceData ToWire(this PresenceState state) => new(state.User.Value, state.IsOnline, state.LastActiveAt);

    public static string Role(MemberRole role) => role switch
    {
        MemberRole.Owner => "owner",
        MemberRole.Admin => "admin",
        MemberRole.Member => "member",
        _ => throw new ArgumentOutOfRangeException(nameof(role)),
    };

    /// <summary>The role of that name; false if there is none.</summary>
    public static bool TryRole(string name, [NotNullWhen(true)] out MemberRole? role)
    {
        role = name switch
        {
            "owner" => MemberRole.Owner,
            "admin" => MemberRole.Admin,
            "member" => MemberRole.Member,
            _ => null,
        };
        return role is not null;
    }

    /// <summary>False if one of them can't be a user's id. Whether they exist and are members is the channel's business.</summary>
    public static bool TryUsers(string[]? users, out ImmutableArray<UserId> ids)
    {
        ids = [];
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

        ids = parsed.MoveToImmutable();
        return true;
    }

    private static string Kind(ChannelKind kind) => kind == ChannelKind.Direct ? "direct" : "group";

    private static string[]? Values(ImmutableArray<UserId> users)
    {
        if (users.IsDefaultOrEmpty)
        {
            return null;
        }

        var values = new string[users.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = users[i].Value;
        }

        return values;
    }
}
