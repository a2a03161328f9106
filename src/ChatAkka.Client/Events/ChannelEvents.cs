namespace ChatAkka.Client.Events;

/// <summary>
/// An event of a channel's timeline. Those of one channel come in the order of their ids, each id once and none left out: what the device
/// sends itself is among them.
/// </summary>
/// <param name="Channel">The channel's id.</param>
/// <param name="Id">The event's place in its channel.</param>
/// <param name="N">Messages of the channel up to here.</param>
/// <param name="At">When it happened, by the server's clock.</param>
/// <param name="From">Who did it: a user id.</param>
public abstract record ChannelEvent(string Channel, long Id, long N, DateTimeOffset At, string From) : ChatEvent;

/// <summary>A text was posted.</summary>
/// <param name="Channel">The channel's id.</param>
/// <param name="Id">The message's id.</param>
/// <param name="N">Messages of the channel up to this one.</param>
/// <param name="At">When it was stored, by the server's clock.</param>
/// <param name="From">Who posted it: a user id.</param>
/// <param name="Text">What it says.</param>
public sealed record MessageReceived(string Channel, long Id, long N, DateTimeOffset At, string From, string Text)
    : ChannelEvent(Channel, Id, N, At, From)
{
    /// <summary>What the sending device called it; null unless the sender is the user.</summary>
    public string? ClientId { get; init; }

    /// <summary>Id of the message that it answers, or 0.</summary>
    public long ReplyTo { get; init; }

    /// <summary>Ids of the users that it mentions.</summary>
    public IReadOnlyList<string> Mentions { get; init; } = [];

    /// <summary>The user posted it, at this device or another.</summary>
    public bool IsOwn { get; init; }
}

/// <summary>A message has another text.</summary>
/// <param name="Channel">The channel's id.</param>
/// <param name="Id">The event's id.</param>
/// <param name="N">Messages of the channel up to here.</param>
/// <param name="At">When it happened.</param>
/// <param name="From">Who did it: a user id.</param>
/// <param name="Target">Id of the message.</param>
/// <param name="Text">What it says now.</param>
public sealed record MessageEdited(string Channel, long Id, long N, DateTimeOffset At, string From, long Target, string Text)
    : ChannelEvent(Channel, Id, N, At, From);

/// <summary>A message was deleted.</summary>
/// <param name="Channel">The channel's id.</param>
/// <param name="Id">The event's id.</param>
/// <param name="N">Messages of the channel up to here.</param>
/// <param name="At">When it happened.</param>
/// <param name="From">Who did it: a user id.</param>
/// <param name="Target">Id of the message.</param>
public sealed record MessageDeleted(string Channel, long Id, long N, DateTimeOffset At, string From, long Target)
    : ChannelEvent(Channel, Id, N, At, From);

/// <summary>Somebody reacted to a message.</summary>
/// <param name="Channel">The channel's id.</param>
/// <param name="Id">The event's id.</param>
/// <param name="N">Messages of the channel up to here.</param>
/// <param name="At">When it happened.</param>
/// <param name="From">Who did it: a user id.</param>
/// <param name="Target">Id of the message.</param>
/// <param name="Emoji">With what.</param>
public sealed record ReactionAdded(string Channel, long Id, long N, DateTimeOffset At, string From, long Target, string Emoji)
    : ChannelEvent(Channel, Id, N, At, From);

/// <summary>Somebody took a reaction back.</summary>
/// <param name="Channel">The channel's id.</param>
/// <param name="Id">The event's id.</param>
/// <param name="N">Messages of the channel up to here.</param>
/// <param name="At">When it happened.</param>
/// <param name="From">Who did it: a user id.</param>
/// <param name="Target">Id of the message.</param>
/// <param name="Emoji">Which one.</param>
public sealed record ReactionRemoved(string Channel, long Id, long N, DateTimeOffset At, string From, long Target, string Emoji)
    : ChannelEvent(Channel, Id, N, At, From);

/// <summary>The channel came to be.</summary>
/// <param name="Channel">The channel's id.</param>
/// <param name="Id">The event's id: 1.</param>
/// <param name="N">0.</param>
/// <param name="At">When it happened.</param>
/// <param name="From">Who did it: a user id.</param>
public sealed record ChannelCreated(string Channel, long Id, long N, DateTimeOffset At, string From)
    : ChannelEvent(Channel, Id, N, At, From);

/// <summary>The group has a new title.</summary>
/// <param name="Channel">The channel's id.</param>
/// <param name="Id">The event's id.</param>
/// <param name="N">Messages of the channel up to here.</param>
/// <param name="At">When it happened.</param>
/// <param name="From">Who did it: a user id.</param>
/// <param name="Title">The new title.</param>
public sealed record ChannelTitled(string Channel, long Id, long N, DateTimeOffset At, string From, string Title)
    : ChannelEvent(Channel, Id, N, At, From);

/// <summary>A user became a member.</summary>
/// <param name="Channel">The channel's id.</param>
/// <param name="Id">The event's id.</param>
/// <param name="N">Messages of the channel up to here.</param>
/// <param name="At">When it happened.</param>
/// <param name="From">Who did it: a user id.</param>
/// <param name="User">The new member's user id.</param>
/// <param name="Role"><c>owner</c>, <c>admin</c> or <c>member</c>.</param>
public sealed record MemberAdded(string Channel, long Id, long N, DateTimeOffset At, string From, string User, string Role)
    : ChannelEvent(Channel, Id, N, At, From);

/// <summary>A user left, if they did it themselves, or was removed.</summary>
/// <param name="Channel">The channel's id.</param>
/// <param name="Id">The event's id.</param>
/// <param name="N">Messages of the channel up to here.</param>
/// <param name="At">When it happened.</param>
/// <param name="From">Who did it: a user id.</param>
/// <param name="User">Who isn't a member any more: a user id.</param>
/// <param name="Role">What they were.</param>
public sealed record MemberRemoved(string Channel, long Id, long N, DateTimeOffset At, string From, string User, string Role)
    : ChannelEvent(Channel, Id, N, At, From);

/// <summary>A member has another role.</summary>
/// <param name="Channel">The channel's id.</param>
/// <param name="Id">The event's id.</param>
/// <param name="N">Messages of the channel up to here.</param>
/// <param name="At">When it happened.</param>
/// <param name="From">Who did it: a user id.</param>
/// <param name="User">The member's user id.</param>
/// <param name="Role">The new role.</param>
public sealed record RoleChanged(string Channel, long Id, long N, DateTimeOffset At, string From, string User, string Role)
    : ChannelEvent(Channel, Id, N, At, From);

/// <summary>An event of a kind that this version of the client doesn't know. Nothing is missing because of it.</summary>
/// <param name="Channel">The channel's id.</param>
/// <param name="Id">The event's id.</param>
/// <param name="N">Messages of the channel up to here.</param>
/// <param name="At">When it happened.</param>
/// <param name="From">Who did it: a user id.</param>
/// <param name="Type">What the server calls it.</param>
public sealed record UnknownChannelEvent(string Channel, long Id, long N, DateTimeOffset At, string From, string Type)
    : ChannelEvent(Channel, Id, N, At, From);
