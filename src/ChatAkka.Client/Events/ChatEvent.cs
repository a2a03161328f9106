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

/// <summary>The user became a member of a channel; its events follow, from the one that made the user a member.</summary>
/// <param name="Channel">The channel as it was then.</param>
public sealed record ChannelJoined(ChannelData Channel) : ChatEvent;

/// <summary>The user isn't a member of a channel any more.</summary>
/// <param name="Channel">The channel's id.</param>
public sealed record ChannelLeft(string Channel) : ChatEvent;

/// <summary>A member, perhaps the user at another device, has got further in a channel.</summary>
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
