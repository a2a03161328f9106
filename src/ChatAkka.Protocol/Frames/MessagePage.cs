namespace ChatAkka.Protocol.Frames;

/// <summary>A page of a channel's messages, ascending by id.</summary>
/// <param name="HasBefore">There are older ones.</param>
/// <param name="HasAfter">There are newer ones.</param>
public sealed record MessagePage(IReadOnlyList<PagedMessage> Messages, bool HasBefore, bool HasAfter);

/// <summary>A message as it stands now, after all edits, reactions and deletions.</summary>
/// <param name="Id">The event that posted it.</param>
/// <param name="N">Messages of the channel up to it.</param>
/// <param name="At">When it was posted, in ms since the Unix epoch.</param>
/// <param name="From">Who posted it: a user id.</param>
/// <param name="Text">The current text; empty if it was deleted.</param>
public sealed record PagedMessage(long Id, long N, long At, string From, string Text)
{
    /// <summary>What the sender called it; null for everyone but the sender.</summary>
    public string? ClientId { get; init; }

    /// <summary>Id of the message that it answers, or 0.</summary>
    public long ReplyTo { get; init; }

    /// <summary>User ids.</summary>
    public IReadOnlyList<string> Mentions { get; init; } = [];

    /// <summary>When it was edited last, in ms since the Unix epoch; null if never.</summary>
    public long? EditedAt { get; init; }

    /// <summary>It was deleted.</summary>
    public bool Deleted { get; init; }

    /// <summary>The reactions that stand, the oldest first.</summary>
    public IReadOnlyList<MessageReactions> Reactions { get; init; } = [];
}

/// <summary>Who reacted to a message with one emoji.</summary>
/// <param name="Users">User ids.</param>
public sealed record MessageReactions(string Emoji, IReadOnlyList<string> Users);

/// <summary>A channel and its members.</summary>
public sealed record ChannelDetails(ChannelData Channel, IReadOnlyList<ChannelMember> Members);

/// <summary>A member of a channel.</summary>
/// <param name="User">A user id.</param>
/// <param name="Role"><c>owner</c>, <c>admin</c> or <c>member</c>.</param>
/// <param name="Delivered">The highest id that one of their devices has; 0 if the server doesn't say.</param>
/// <param name="Read">The highest id that they have read; 0 if the server doesn't say.</param>
public sealed record ChannelMember(string User, string Role, long Delivered, long Read);

/// <summary>A page of a user's channels, the most recent first.</summary>
/// <param name="Cursor">Asks for the next page; null if this is the last.</param>
public sealed record ChannelPage(IReadOnlyList<ListedChannel> Channels, string? Cursor);

/// <summary>A channel in a list.</summary>
/// <param name="LastMessage">Null if there is none.</param>
public sealed record ListedChannel(ChannelData Channel, PagedMessage? LastMessage);
