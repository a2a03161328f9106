using ChatAkka.Protocol;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Client.Events;

/// <summary>Something that happened, as <see cref="ChatClient.Events"/> shows it.</summary>
public abstract record ChatEvent;

/// <summary>The client's connection changed.</summary>
/// <param name="State">What it is doing now.</param>
public sealed record ConnectionChanged(ConnectionState State) : ChatEvent
{
    /// <summary>The server that it is about; null if there was none.</summary>
    public Uri? Server { get; init; }

    /// <summary>With what code the connection ended; null if it hasn't, or never began.</summary>
    public CloseCode? CloseCode { get; init; }

    /// <summary>Why it isn't connected; null if it is, or if the program wanted it so.</summary>
    public ChatException? Error { get; init; }

    /// <summary>How long the client waits before the next attempt; null if it doesn't.</summary>
    public TimeSpan? RetryIn { get; init; }
}

/// <summary>What a server did wrong with a channel's events.</summary>
public enum ChannelFaultKind
{
    /// <summary>It left an event out; the client fetches it by connecting again.</summary>
    Missing,

    /// <summary>It sent an event that it had sent before, on the same connection or to a client that had said it has it.</summary>
    Repeated,

    /// <summary>It sent an event after a later one.</summary>
    Late,
}

/// <summary>
/// The server broke its promise to send a channel's events in order, each once and without a gap. The channel's own events are in order all
/// the same: the client puts right what it can. Somebody should look into the server. May be lost, like other passing news.
/// </summary>
/// <param name="Channel">The channel's id.</param>
/// <param name="Id">The event that it is about; of several that are missing, the first.</param>
/// <param name="Kind">What was wrong.</param>
public sealed record ChannelFault(string Channel, long Id, ChannelFaultKind Kind) : ChatEvent;

/// <summary>The user became a member of a channel; its events follow, from the one that made the user a member.</summary>
/// <param name="Channel">The channel as it was then.</param>
public sealed record ChannelJoined(ChannelData Channel) : ChatEvent;

/// <summary>The user isn't a member of a channel any more.</summary>
/// <param name="Channel">The channel's id.</param>
public sealed record ChannelLeft(string Channel) : ChatEvent;

/// <summary>
/// A member, perhaps the user at another device, has got further in a channel. What the user had read of a channel in which the device
/// missed something is told when it comes back.
/// </summary>
/// <param name="Channel">The channel's id.</param>
/// <param name="User">The member's user id.</param>
/// <param name="Delivered">The highest id that one of their devices has; null if that didn't change.</param>
/// <param name="Read">The highest id that they have read; null if that didn't change.</param>
public sealed record ReceiptMoved(string Channel, string User, long? Delivered, long? Read) : ChatEvent;

/// <summary>Somebody is typing; to be shown for 5 s.</summary>
/// <param name="Channel">The channel's id.</param>
/// <param name="User">Their user id.</param>
public sealed record UserTyping(string Channel, string User) : ChatEvent;

/// <summary>A user whom <see cref="ChatClient.WatchAsync"/> named came or went.</summary>
/// <param name="User">Their user id.</param>
/// <param name="Online">They are there now.</param>
/// <param name="LastActiveAt">When they were last active; null if the server doesn't say.</param>
public sealed record PresenceChanged(string User, bool Online, DateTimeOffset? LastActiveAt) : ChatEvent
{
    internal static PresenceChanged Of(UserPresence presence) =>
        new(presence.User, presence.Online, presence.LastActiveAt is { } at ? Instants.Of(at) : null);
}
