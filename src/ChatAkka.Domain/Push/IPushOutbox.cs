using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Push;

/// <summary>A message has come for a user of whom no device is connected.</summary>
/// <param name="At">When the message was posted, in ms since the Unix epoch. Its push is due from then on.</param>
public sealed record PushRequest(UserId User, ChannelId Channel, long MessageId, long At);

/// <summary>
/// Pushes from the moment they are owed until the user returns: one a user and channel, durable. A row stays after it was sent or given
/// up, so that further messages make no further push; <see cref="ClearAsync"/> alone takes rows away. Who sends them sees them as an
/// <see cref="IPushQueue"/>.
/// Every member throws <see cref="Timelines.StorageUnavailableException"/> when the store can't answer; nothing was stored then.
/// Writes take effect in the order of their calls.
/// </summary>
public interface IPushOutbox
{
    /// <summary>Owes these pushes. A user and channel that have a row already, in whatever state, keep it as it is.</summary>
    Task AddAsync(IReadOnlyCollection<PushRequest> requests, CancellationToken cancel);

    /// <summary>The channels that have a row for this user, in whatever state.</summary>
    Task<IReadOnlySet<ChannelId>> ListAsync(UserId user, CancellationToken cancel);

    /// <summary>The user has returned: all their rows go, sent or not. A push that is just being sent may still arrive.</summary>
    Task ClearAsync(UserId user, CancellationToken cancel);
}
