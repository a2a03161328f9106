namespace ChatAkka.Protocol.Frames;

/// <summary>What an event of a timeline is.</summary>
public enum EventType
{
    /// <summary>The channel came to be.</summary>
    Created,

    /// <summary>A text.</summary>
    Message,

    /// <summary>A user became a member.</summary>
    MemberAdded,

    /// <summary>A user left or was removed.</summary>
    MemberRemoved,

    /// <summary>The group has a new title.</summary>
    Titled,

    /// <summary>A member has another role.</summary>
    RoleChanged,

    /// <summary>A message has another text.</summary>
    Edited,

    /// <summary>A message was deleted.</summary>
    Deleted,

    /// <summary>A user reacted to a message.</summary>
    Reacted,

    /// <summary>A user took a reaction back.</summary>
    Unreacted,
}

/// <summary>Who reacted to a message with one emoji.</summary>
public readonly record struct ReactionData(string Emoji, IReadOnlyList<string> Users);

/// <summary>An event as it is written; what its type doesn't use stays at its default.</summary>
public readonly record struct EventData(EventType Type, long Id, long N, long At, string From)
{
    /// <summary>Of a message or an edit.</summary>
    public string? Text { get; init; }

    /// <summary>Of a message; written only for the sender's own devices, so null for everyone else.</summary>
    public string? ClientId { get; init; }

    /// <summary>Of a message: the id of an earlier one, or 0.</summary>
    public long ReplyTo { get; init; }

    /// <summary>Of a message: user ids; null for none.</summary>
    public IReadOnlyList<string>? Mentions { get; init; }

    /// <summary>Of a message on a page: when it was edited last, or 0.</summary>
    public long EditedAt { get; init; }

    /// <summary>Of a message on a page: it was deleted.</summary>
    public bool Deleted { get; init; }

    /// <summary>Of a message on a page: the reactions that stand; null for none.</summary>
    public IReadOnlyList<ReactionData>? Reactions { get; init; }

    /// <summary>Of an edit, a deletion or a reaction: the message's id.</summary>
    public long Target { get; init; }

    /// <summary>Of a reaction.</summary>
    public string? Emoji { get; init; }

    /// <summary>Of a change of members or roles.</summary>
    public string? User { get; init; }

    /// <summary>Of a change of members or roles.</summary>
    public string? Role { get; init; }

    /// <summary>Of a change of title.</summary>
    public string? Title { get; init; }
}

/// <summary>A channel as a member sees it.</summary>
/// <param name="Kind"><c>direct</c> or <c>group</c>.</param>
/// <param name="Head">Id of the newest event.</param>
/// <param name="N">Number of messages.</param>
/// <param name="Read">The user's read cursor.</param>
/// <param name="Unread">Messages above it.</param>
public readonly record struct ChannelData(string Id, string Kind, string Title, long Head, long N, long Unread, long Read, int MemberCount);

/// <summary>The answer to a <c>hello</c>.</summary>
/// <param name="Time">Ms since the Unix epoch.</param>
public readonly record struct HelloOk(string UserId, string DeviceId, string Node, long Time);

/// <summary>The answer to a <c>send</c>.</summary>
/// <param name="Duplicate">An earlier attempt had stored it.</param>
public readonly record struct SendOk(string Channel, long Id, long N, long At, bool Duplicate);

/// <summary>How a user is.</summary>
/// <param name="LastActiveAt">Ms since the Unix epoch; 0 if they never were active.</param>
public readonly record struct PresenceData(string User, bool IsOnline, long LastActiveAt);
