using System.Collections.Immutable;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Users;

/// <summary>
/// A connection reports for duty as one device of a user. The sender is the connection's actor; the user actor watches it,
/// tells it <see cref="SyncChannel"/> for each channel with something above the device's cursor, then <see cref="SyncCompleted"/>,
/// then every <see cref="Delivery"/>. An earlier connection of the same device is told <see cref="SessionReplaced"/>.
/// </summary>
/// <param name="Cursors">Overrides the stored cursors of the channels that it names; null leaves them.</param>
public sealed record AttachSession(UserId User, DeviceId Device, IReadOnlyDictionary<ChannelId, long>? Cursors) : IUserMessage;

/// <summary>What a device missed in one channel: the first events above its cursor, at most 100.</summary>
/// <param name="Read">The user's read cursor.</param>
/// <param name="Unread">Messages above it.</param>
/// <param name="More">There are more between the last of <paramref name="Events"/> and the view's head; the device pages them.
/// Live events follow from the view's head on.</param>
public sealed record SyncChannel(ChannelView View, long Read, long Unread, ImmutableArray<ChannelEvent> Events, bool More);

/// <summary>The device has everything; from now on it gets deliveries. The connection serves requests only after this.</summary>
public sealed class SyncCompleted
{
    /// <summary>The only one.</summary>
    public static readonly SyncCompleted Instance = new();
}

/// <summary>The session could not be attached now (the store did not answer); the client should come back.</summary>
public sealed class SessionUnavailable
{
    /// <summary>The only one.</summary>
    public static readonly SessionUnavailable Instance = new();
}

/// <summary>The same device has attached another connection: this one must close with 4409.</summary>
public sealed class SessionReplaced
{
    /// <summary>The only one.</summary>
    public static readonly SessionReplaced Instance = new();
}

/// <summary>The device's session was revoked: the connection must close with 4403.</summary>
public sealed class SessionRevoked
{
    /// <summary>The only one.</summary>
    public static readonly SessionRevoked Instance = new();
}

/// <summary>
/// Something of one channel on its way to every session of every member. One object serves a whole group: the gateway keeps the frame
/// it made of it in <see cref="Frame"/>, so that a group's frame is serialised once.
/// </summary>
public abstract class Broadcast(ChannelId channel)
{
    private object? _frame;

    public ChannelId Channel { get; } = channel;

    /// <summary>The gateway's memo. Several threads may set it; the first one wins.</summary>
    public object? Frame
    {
        get => Volatile.Read(ref _frame);
        set => Interlocked.CompareExchange(ref _frame, value, null);
    }
}

/// <summary>Events committed together.</summary>
public sealed class Delivery(ChannelId channel, ImmutableArray<ChannelEvent> events) : Broadcast(channel)
{

    /// <summary>Ascending, without gaps, never empty.</summary>
    public ImmutableArray<ChannelEvent> Events { get; } = events;

    /// <summary>Somebody isn't a member any more.</summary>
    public bool RemovesMembers { get; } = events.Any(static e => e is MemberRemoved);

    /// <summary>The part of it above an id; it may be empty.</summary>
    internal Delivery After(long id) => new(Channel, [.. Events.Where(e => e.Id > id)]);
}

/// <summary>How far one member has got in the channel.</summary>
/// <param name="Delivered">0 if that hasn't changed.</param>
/// <param name="Read">0 if that hasn't changed.</param>
public readonly record struct ReceiptChange(UserId User, long Delivered, long Read);

/// <summary>Members got further. What is told here is stored: no later word, of whatever incarnation, is behind it.</summary>
public sealed class ReceiptChanges(ChannelId channel, ImmutableArray<ReceiptChange> changes) : Broadcast(channel)
{
    /// <summary>One a user.</summary>
    public ImmutableArray<ReceiptChange> Changes { get; } = changes;
}

/// <summary>The user became a member of a channel.</summary>
public sealed record ChannelAppeared(ChannelView View);

/// <summary>The user isn't a member of the channel any more; no event of it follows.</summary>
public sealed record ChannelDisappeared(ChannelId Channel);

/// <summary>The device has everything up to <paramref name="Id"/>: the only thing that moves its cursor. Never answered.</summary>
public sealed record MoveCursor(UserId User, DeviceId Device, ChannelId Channel, long Id) : IUserMessage;

/// <summary>The user has read everything up to <paramref name="Id"/>, on whatever device. Never answered.</summary>
public sealed record MoveReadCursor(UserId User, ChannelId Channel, long Id) : IUserMessage;

/// <summary>
/// A device session was created: its cursors start at the heads of the user's channels. Answered by <see cref="DeviceRegistered"/>
/// (or <see cref="SessionUnavailable"/>). A device that is never registered gets every channel from where the user joined it.
/// </summary>
public sealed record RegisterDevice(UserId User, DeviceId Device) : IUserMessage;

/// <summary>The device's cursors are stored.</summary>
public sealed class DeviceRegistered
{
    /// <summary>The only one.</summary>
    public static readonly DeviceRegistered Instance = new();
}

/// <summary>Closes the device's connections; told after its session was revoked in the store. Never answered.</summary>
public sealed record RevokeDevice(UserId User, DeviceId Device) : IUserMessage;

/// <summary>Asks for the ids of the user's channels; answered by <see cref="UserChannels"/>.</summary>
public sealed record ListChannels(UserId User) : IUserMessage;

/// <summary>The channels that the user is a member of, in no order.</summary>
/// <param name="Muted">Those of which they want no pushes.</param>
public sealed record UserChannels(ImmutableArray<ChannelId> Channels, IReadOnlySet<ChannelId> Muted);
