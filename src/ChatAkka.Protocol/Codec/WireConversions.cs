using ChatAkka.Protocol.Frames;

namespace ChatAkka.Protocol.Codec;

/// <summary>Makes of a <see cref="WireObject"/> what it is meant to be; null if something is missing that it can't do without.</summary>
internal static class WireConversions
{
    public static TimelineEvent? Event(in WireObject o)
    {
        if (o is not { Id: { } id, N: { } n, At: { } at, From: { } from, Type: { } type })
        {
            return null;
        }

        return type switch
        {
            "created" => new CreatedEvent(id, n, at, from),
            "message" when o.Text is not null => new MessageEvent(id, n, at, from, o.Text, o.ClientId, o.ReplyTo ?? 0, o.Mentions ?? []),
            "edited" when o is { Target: { } target, Text: not null } => new EditedEvent(id, n, at, from, target, o.Text),
            "deleted" when o.Target is { } target => new DeletedEvent(id, n, at, from, target),
            "reacted" when o is { Target: { } target, Emoji: not null } => new ReactedEvent(id, n, at, from, target, o.Emoji),
            "unreacted" when o is { Target: { } target, Emoji: not null } => new UnreactedEvent(id, n, at, from, target, o.Emoji),
            "member_added" when o is { User: not null, Role: not null } => new MemberAddedEvent(id, n, at, from, o.User, o.Role),
            "member_removed" when o is { User: not null, Role: not null } => new MemberRemovedEvent(id, n, at, from, o.User, o.Role),
            "role_changed" when o is { User: not null, Role: not null } => new RoleChangedEvent(id, n, at, from, o.User, o.Role),
            "titled" when o.Title is not null => new TitledEvent(id, n, at, from, o.Title),
            "message" or "edited" or "deleted" or "reacted" or "unreacted" => null,
            "member_added" or "member_removed" or "role_changed" or "titled" => null,
            _ => new UnknownEvent(id, n, at, from, type),
        };
    }

    public static PagedMessage? Message(in WireObject o) => o is { Id: { } id, N: { } n, At: { } at, From: { } from, Text: { } text }
        ? new PagedMessage(id, n, at, from, text)
        {
            ClientId = o.ClientId,
            ReplyTo = o.ReplyTo ?? 0,
            Mentions = o.Mentions ?? [],
            EditedAt = o.EditedAt,
            Deleted = o.IsDeleted,
            Reactions = o.Reactions ?? [],
        }
        : null;

    public static MessagePage? Page(in WireObject o) => o.Messages is null ? null : new MessagePage(o.Messages, o.HasBefore, o.HasAfter);

    public static MessageReactions? Reaction(in WireObject o) =>
        o is { Emoji: { } emoji, UserIds: { } users } ? new MessageReactions(emoji, users) : null;

    public static UserPresence? Presence(in WireObject o) =>
        o is { User: { } user, Status: { } status } ? new UserPresence(user, status == "online", o.LastActiveAt) : null;

    public static ServerAddress? Server(in WireObject o) =>
        o.Url is { } url ? new ServerAddress(url, o.Region ?? "", o.Node ?? "") : null;

    public static ChannelMember? Member(in WireObject o) =>
        o is { User: { } user, Role: { } role } ? new ChannelMember(user, role, o.Delivered ?? 0, o.Read ?? 0) : null;

    public static ChannelDetails? Details(in WireObject o) =>
        Channel(in o) is { } channel ? new ChannelDetails(channel, o.Members ?? []) : null;

    public static ListedChannel? Listed(in WireObject o) =>
        Channel(in o) is { } channel ? new ListedChannel(channel, o.LastMessage) : null;

    public static ChannelPage? Channels(in WireObject o) => o.Channels is null ? null : new ChannelPage(o.Channels, o.Cursor);

    private static ChannelData? Channel(in WireObject o) => o is { IdText: { } id, Kind: { } kind, Head: { } head, N: { } n }
        ? new ChannelData(id, kind, o.Title ?? "", head, n, o.Unread ?? 0, o.Read ?? 0, (int)(o.MemberCount ?? 0))
        : null;
}
