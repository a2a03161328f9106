using System.Collections.Immutable;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Presence;

/// <summary>Key of the node's presence actor in the actor registry.</summary>
public sealed class PresenceBoard;

/// <summary>
/// A device has opened a socket and said who it is. The sender is nobody; <see cref="DeviceDisconnected"/> must follow once.
/// </summary>
public sealed record DeviceConnected(UserId User, DeviceId Device) : ILocalMessage;

/// <summary>A socket of a device has closed.</summary>
/// <param name="LastFrameAt">When the last frame came over it, in ms since the Unix epoch.</param>
public sealed record DeviceDisconnected(UserId User, DeviceId Device, long LastFrameAt) : ILocalMessage;

/// <summary>A device was logged out or revoked: it doesn't count any more.</summary>
public sealed record DeviceLoggedOut(UserId User, DeviceId Device) : ILocalMessage;

/// <summary>The same, told by the node where it was said to the others, where the device may count.</summary>
public sealed record DeviceGone(UserId User, DeviceId Device) : INodeMessage;

/// <summary>A node has been dead for so long that nothing of it is left in what the nodes share.</summary>
/// <param name="Node">Its name there.</param>
internal sealed record NodeForgotten(string Node);

/// <summary>
/// The sender, a connection, wants to hear of these users, in place of those that it wanted to hear of before; it must be allowed to.
/// Answered by
/// <see cref="PresenceWatched"/>, and followed by <see cref="PresenceChanges"/> until the sender stops or watches nobody.
/// </summary>
/// <param name="Request">Echoed in the answer.</param>
public sealed record WatchPresence(long Request, ImmutableArray<UserId> Users) : ILocalMessage;

/// <summary>How the watched users are now.</summary>
public sealed record PresenceWatched(long Request, ImmutableArray<PresenceState> States) : ILocalMessage;

/// <summary>Users came or went. Only those that the receiver watches.</summary>
public sealed record PresenceChanges(ImmutableArray<PresenceState> States) : ILocalMessage;

/// <summary>How a user is.</summary>
/// <param name="LastActiveAt">In ms since the Unix epoch; 0 if they never were.</param>
public sealed record PresenceState(UserId User, bool IsOnline, long LastActiveAt);

/// <summary>Has a device of this user a socket open? Answered by <see cref="SocketsFound"/>, at once.</summary>
public sealed record FindSockets(UserId User) : ILocalMessage;

/// <summary>Whether a device of the user has a socket open; one that counts as online for a while without one has none.</summary>
public sealed record SocketsFound(UserId User, bool Any) : ILocalMessage;
