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
}

/// <summary>An event as it is written; what its type doesn't use stays at its default.</summary>
public readonly record struct EventData(EventType Type, long Id, long N, long At, string From)
{
    /// <summary>Of a message.</summary>
    public string? Text { get; init; }

    /// <summary>Of a message; written only for the sender's own devices, so null for everyone else.</summary>
    public string? ClientId { get; init; }

    /// <summary>Of a message: the id of an earlier one, or 0.</summary>
    public long ReplyTo { get; init; }

    /// <summary>Of a message: user ids; null for none.</summary>
    public IReadOnlyList<string>? Mentions { get; init; }

    /// <summary>Of a change of members.</summary>
    public string? User { get; init; }

    /// <summary>Of a change of members.</summary>
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
