namespace ChatAkka.Protocol.Frames;

/// <summary>One frame from a server, as a client reads it.</summary>
public abstract record ServerFrame;

/// <summary>A request was done. What else it says depends on the request; the rest is at its default.</summary>
/// <param name="Ref">The request's name; null if it had none.</param>
public sealed record OkServerFrame(string? Ref) : ServerFrame
{
    /// <summary>To a <c>hello</c>: who the session belongs to, and what holds for it.</summary>
    public SessionWelcome? Welcome { get; init; }

    /// <summary>To a <c>send</c> and to what changes a message: the channel's id.</summary>
    public string? Channel { get; init; }

    /// <summary>To a <c>send</c> and to what changes a message: the id of the event that made it so; else 0.</summary>
    public long Id { get; init; }

    /// <summary>To a <c>send</c>: messages of the channel up to it.</summary>
    public long N { get; init; }

    /// <summary>To a <c>send</c>: when it was stored, in ms since the Unix epoch.</summary>
    public long At { get; init; }

    /// <summary>To a <c>send</c>: an earlier attempt had stored it.</summary>
    public bool Duplicate { get; init; }

    /// <summary>To a <c>heartbeat</c>: the server's clock, in ms since the Unix epoch.</summary>
    public long Time { get; init; }

    /// <summary>To a <c>watch</c>.</summary>
    public IReadOnlyList<UserPresence>? Presence { get; init; }

    /// <summary>To a <c>history</c>.</summary>
    public MessagePage? Page { get; init; }
}

/// <summary>What the answer to a <c>hello</c> says.</summary>
/// <param name="Time">The server's clock, in ms since the Unix epoch.</param>
/// <param name="HeartbeatMs">How often the client shows that it is there, in ms.</param>
/// <param name="TimeoutMs">After this long without any frame the other side is taken for dead, in ms.</param>
/// <param name="MaxText">Code points of the longest text.</param>
public sealed record SessionWelcome(string UserId, string DeviceId, string Node, long Time, int HeartbeatMs, int TimeoutMs, int MaxText);

/// <summary>A request failed, or with no <paramref name="Ref"/> something that wasn't one.</summary>
/// <param name="Code">The stable name of an <see cref="ErrorCode"/>.</param>
/// <param name="Message">For people.</param>
/// <param name="RetryMs">When to try again, in ms; 0 if that makes no sense.</param>
public sealed record ErrorServerFrame(string? Ref, string Code, string Message, long RetryMs) : ServerFrame;

/// <summary>A live event.</summary>
public sealed record EventServerFrame(string Channel, TimelineEvent Event) : ServerFrame;

/// <summary>What the device missed in one channel, the oldest first.</summary>
/// <param name="More">There is more, up to the channel's head, than the events here. Live events follow from the head on.</param>
public sealed record SyncServerFrame(ChannelData Channel, IReadOnlyList<TimelineEvent> Events, bool More) : ServerFrame;

/// <summary>The device has been told of every channel in which it missed something.</summary>
public sealed record SyncedServerFrame : ServerFrame;

/// <summary>The user became a member of a channel.</summary>
public sealed record ChannelAppearedServerFrame(ChannelData Channel) : ServerFrame;

/// <summary>The user isn't a member of a channel any more.</summary>
public sealed record ChannelDisappearedServerFrame(string Channel) : ServerFrame;

/// <summary>How far a member has got.</summary>
/// <param name="Delivered">The highest id that one of their devices has; null if that didn't change.</param>
/// <param name="Read">The highest id that they have read; null if that didn't change.</param>
public sealed record ReceiptServerFrame(string Channel, string User, long? Delivered, long? Read) : ServerFrame;

/// <summary>Somebody is typing. To be shown for 5 s.</summary>
public sealed record TypingServerFrame(string Channel, string User) : ServerFrame;

/// <summary>A watched user came or went.</summary>
public sealed record PresenceServerFrame(UserPresence Presence) : ServerFrame;

/// <summary>The node is going away: the client finishes and connects elsewhere.</summary>
/// <param name="AfterMs">When to go, in ms.</param>
/// <param name="Servers">Where to, best first; empty if the server doesn't say.</param>
public sealed record ReconnectServerFrame(long AfterMs, IReadOnlyList<ServerAddress> Servers) : ServerFrame;

/// <summary>A frame of an operation that this version doesn't know; to be ignored.</summary>
public sealed record UnknownServerFrame(string Op) : ServerFrame;

/// <summary>Not a frame of this protocol.</summary>
/// <param name="Reason">For people: what is wrong with it, nothing of what it holds.</param>
public sealed record MalformedServerFrame(string Reason) : ServerFrame;

/// <summary>A server that a client may connect to.</summary>
/// <param name="Url">Of the WebSocket.</param>
/// <param name="Region">Where it is.</param>
/// <param name="Node">What it is called.</param>
public sealed record ServerAddress(string Url, string Region, string Node);

/// <summary>Whether a user is there.</summary>
/// <param name="Online">One of their devices is connected, or was half a minute ago.</param>
/// <param name="LastActiveAt">Ms since the Unix epoch; null if it isn't known.</param>
public sealed record UserPresence(string User, bool Online, long? LastActiveAt);
