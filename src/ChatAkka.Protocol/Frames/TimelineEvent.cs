namespace ChatAkka.Protocol.Frames;

/// <summary>An event of a channel's timeline, as a client reads it.</summary>
/// <param name="Id">The event's place in its channel, from 1 on without a gap.</param>
/// <param name="N">Messages of the channel up to here.</param>
/// <param name="At">When, in ms since the Unix epoch.</param>
/// <param name="From">Who did it: a user id.</param>
public abstract record TimelineEvent(long Id, long N, long At, string From);

/// <summary>The channel came to be.</summary>
public sealed record CreatedEvent(long Id, long N, long At, string From) : TimelineEvent(Id, N, At, From);

/// <summary>A text.</summary>
/// <param name="ClientId">What the sender called it; null for everyone but the sender's own devices.</param>
/// <param name="ReplyTo">Id of an earlier message, or 0.</param>
/// <param name="Mentions">User ids.</param>
public sealed record MessageEvent(
    long Id, long N, long At, string From, string Text, string? ClientId, long ReplyTo, IReadOnlyList<string> Mentions)
    : TimelineEvent(Id, N, At, From);

/// <summary>A message has another text.</summary>
/// <param name="Target">Id of the message.</param>
public sealed record EditedEvent(long Id, long N, long At, string From, long Target, string Text) : TimelineEvent(Id, N, At, From);

/// <summary>A message was deleted.</summary>
/// <param name="Target">Id of the message.</param>
public sealed record DeletedEvent(long Id, long N, long At, string From, long Target) : TimelineEvent(Id, N, At, From);

/// <summary>Somebody reacted to a message.</summary>
/// <param name="Target">Id of the message.</param>
public sealed record ReactedEvent(long Id, long N, long At, string From, long Target, string Emoji) : TimelineEvent(Id, N, At, From);

/// <summary>Somebody took a reaction back.</summary>
/// <param name="Target">Id of the message.</param>
public sealed record UnreactedEvent(long Id, long N, long At, string From, long Target, string Emoji) : TimelineEvent(Id, N, At, From);

/// <summary>A user became a member.</summary>
/// <param name="Role"><c>owner</c>, <c>admin</c> or <c>member</c>.</param>
public sealed record MemberAddedEvent(long Id, long N, long At, string From, string User, string Role) : TimelineEvent(Id, N, At, From);

/// <summary>A user left (they did it themselves) or was removed.</summary>
/// <param name="Role">What they were.</param>
public sealed record MemberRemovedEvent(long Id, long N, long At, string From, string User, string Role) : TimelineEvent(Id, N, At, From);

/// <summary>A member has another role.</summary>
/// <param name="Role">The new one.</param>
public sealed record RoleChangedEvent(long Id, long N, long At, string From, string User, string Role) : TimelineEvent(Id, N, At, From);

/// <summary>The group has a new title.</summary>
public sealed record TitledEvent(long Id, long N, long At, string From, string Title) : TimelineEvent(Id, N, At, From);

/// <summary>An event of a type that this version doesn't know. It has its place in the order like any other.</summary>
/// <param name="Type">What the server calls it.</param>
public sealed record UnknownEvent(long Id, long N, long At, string From, string Type) : TimelineEvent(Id, N, At, From);
