using System.Collections.Immutable;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Users;

/// <summary>
/// What a user's actor tells its connections. Whoever has changed from one incarnation of it to another doesn't listen to the old one any
/// more.
/// </summary>
public interface ISessionMessage : INodeMessage;

/// <summary>
/// A connection reports for duty as one device of a user. The sender is the connection's actor; the user actor watches it, tells it
/// <see cref="SessionAttached"/>, then <see cref="SyncChannel"/> for each channel with something above the device's cursor, then
/// <see cref="SyncCompleted"/>, then every <see cref="Delivery"/>. An earlier connection of the same device is told
/// <see cref="SessionReplaced"/>.
/// <para>
/// When the user's actor has gone, the connection does so again, with what it remembers: see <see cref="SessionResume"/>.
/// </para>
/// </summary>
/// <param name="Cursors">Overrides the stored cursors of the channels that it names; null leaves them.</param>
/// <param name="OpenedAt">When the socket was opened, in ms since the Unix epoch: a connection that comes back doesn't replace a newer one
/// of its device.</param>
/// <param name="Attempt">Echoed in the answer. It grows with every attempt of the connection; the first is 0.</param>
/// <param name="Resume">Null at the first attempt.</param>
public sealed record AttachSession(
    UserId User, DeviceId Device, IReadOnlyDictionary<ChannelId, long>? Cursors, long OpenedAt = 0, int Attempt = 0,
    SessionResume? Resume = null) : IUserMessage;

/// <summary>
/// What a socket has been told by earlier incarnations of its user's actor, beyond what the store knows of its device. The next one tells
/// it what follows as if nothing had happened: live events, and channels that came or went meanwhile.
/// </summary>
/// <param name="IsSynced">False: the first sync wasn't complete. Of channels that aren't in <paramref name="Sent"/> it goes on.</param>
/// <param name="ReadDigest">Of the user's own read cursors as it was told them; see <see cref="ReadCursorsTold"/>.</param>
/// <param name="Sent">For channels, up to which event it was sent them, or <see cref="HasLeft"/>. One that isn't here was sent up to the
/// device's stored cursor.</param>
public sealed record SessionResume(bool IsSynced, ulong ReadDigest, IReadOnlyDictionary<ChannelId, long> Sent)
{
    /// <summary>The socket was told that the channel isn't the user's any more.</summary>
    public const long HasLeft = -1;

    /// <summary>The event up to which the socket has the channel; null if that is where the device's cursor is.</summary>
    internal long? UpTo(ChannelId channel) => Sent.TryGetValue(channel, out var id) && id != HasLeft ? id : null;

    internal bool KnowsAsLeft(ChannelId channel) => Sent.TryGetValue(channel, out var id) && id == HasLeft;
}

/// <summary>The user's actor has the session: what comes from the sender from now on belongs to this attempt and no other.</summary>
public sealed record SessionAttached(int Attempt) : INodeMessage;

/// <summary>
/// The user's actor is gone. The socket has missed nothing yet; the connection attaches to the next incarnation, which the shard region
/// knows.
/// </summary>
public sealed class SessionInterrupted : INodeMessage
{
    /// <summary>The only one.</summary>
    public static readonly SessionInterrupted Instance = new();
}

/// <summary>In these channels the device has more than the store knows: up to there it isn't sent anything, now or by a later
/// incarnation.</summary>
public sealed record CursorsAhead(IReadOnlyDictionary<ChannelId, long> Cursors) : ISessionMessage;

/// <summary>The store has what devices said. So does whoever comes next; nobody else need remember it.</summary>
public sealed record CursorsStored(ImmutableArray<StoredCursor> Cursors) : ISessionMessage;

/// <summary>What the store knows of one channel.</summary>
/// <param name="Delivered">The device's cursor is at least there; 0 if nothing is said of it.</param>
/// <param name="Read">The user's read cursor is at least there; 0 if nothing is said of it.</param>
public readonly record struct StoredCursor(ChannelId Channel, long Delivered, long Read);

/// <summary>
/// The session has been told all of the user's own read cursors, of which this is a number that hardly any others have. Another
/// incarnation with the same number has no news of them.
/// </summary>
public sealed record ReadCursorsTold(ulong Digest) : ISessionMessage;

/// <summary>What a device missed in one channel: the first events above its cursor, at most 100.</summary>
/// <param name="Read">The user's read cursor.</param>
/// <param name="Unread">Messages above it.</param>
/// <param name="More">There are more between the last of <paramref name="Events"/> and the view's head; the device pages them.
/// Live events follow from the view's head on.</param>
public sealed record SyncChannel(MemberView View, long Read, long Unread, ImmutableArray<ChannelEvent> Events, bool More)
    : ISessionMessage;

/// <summary>The device has everything; from now on it gets deliveries. The connection serves requests only after this.</summary>
public sealed class SyncCompleted : ISessionMessage
{
    /// <summary>The only one.</summary>
    public static readonly SyncCompleted Instance = new();
}

/// <summary>The session could not be attached now (the store did not answer): a client that has just come should come back, a connection
/// that resumes tries again.</summary>
public sealed class SessionUnavailable : INodeMessage
{
    /// <summary>The only one.</summary>
    public static readonly SessionUnavailable Instance = new();
}

/// <summary>The same device has attached another connection: this one must close with 4409.</summary>
public sealed class SessionReplaced : INodeMessage
{
    /// <summary>The only one.</summary>
    public static readonly SessionReplaced Instance = new();
}

/// <summary>The device's session was revoked: the connection must close with 4403.</summary>
public sealed class SessionRevoked : INodeMessage
{
    /// <summary>The only one.</summary>
    public static readonly SessionRevoked Instance = new();
}

/// <summary>
/// Something of one channel on its way to every session of every member. One object serves a whole group: the gateway keeps the frame
/// it made of it in <see cref="Frame"/>, so that a group's frame is serialised once; and so is what goes to other nodes.
/// </summary>
public abstract class Broadcast(ChannelId channel) : ISessionMessage
{
    private object? _frame;
    private byte[]? _encoded;

    public ChannelId Channel { get; } = channel;

    /// <summary>The gateway's memo. Several threads may set it; the first one wins.</summary>
    public object? Frame
    {
        get => Volatile.Read(ref _frame);
        set => Interlocked.CompareExchange(ref _frame, value, null);
    }

    /// <summary>The serializer's memo, likewise, for its ways to other nodes. Never changed.</summary>
    internal byte[]? Encoded
    {
        get => Volatile.Read(ref _encoded);
        set => Volatile.Write(ref _encoded, value);
    }
}

/// <summary>Events committed together.</summary>
public sealed class Delivery(ChannelId channel, ImmutableArray<ChannelEvent> events) : Broadcast(channel)
{
    /// <summary>Ascending, without gaps, never empty.</summary>
    public ImmutableArray<ChannelEvent> Events { get; } = events;

    /// <summary>Somebody has become a member, or isn't one any more.</summary>
    public bool ChangesMembers { get; } = events.Any(static e => e is MemberAdded or MemberRemoved);

    /// <summary>The part of it above an id; it may be empty.</summary>
    public Delivery After(long id) => new(Channel, [.. Events.Where(e => e.Id > id)]);
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

    /// <summary>Whether a member is to be told by the channel. Of themselves they know.</summary>
    internal bool Concern(UserId user)
    {
        foreach (var change in Changes)
        {
            if (change.User != user)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>The user became a member of a channel.</summary>
public sealed record ChannelAppeared(MemberView View) : ISessionMessage;

/// <summary>The user isn't a member of the channel any more; no event of it follows.</summary>
public sealed record ChannelDisappeared(ChannelId Channel) : ISessionMessage;

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
public sealed class DeviceRegistered : INodeMessage
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
public sealed record UserChannels(ImmutableArray<ChannelId> Channels, IReadOnlySet<ChannelId> Muted) : INodeMessage;
