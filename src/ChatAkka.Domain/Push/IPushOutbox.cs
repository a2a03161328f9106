using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Push;

/// <summary>A message has come for a user of whom no device is connected.</summary>
/// <param name="At">When the message was posted, in ms since the Unix epoch. Its push is due from then on.</param>
public sealed record PushRequest(UserId User, ChannelId Channel, long MessageId, long At);

/// <summary>A push that waits to be sent.</summary>
/// <param name="Id">Its row. Never used again, also when the row is gone.</param>
/// <param name="DeliveryId">Its name outside: the same in every attempt, and no other push of any server ever has it.</param>
/// <param name="Attempts">Attempts that have failed so far.</param>
public sealed record PendingPush(long Id, string DeliveryId, UserId User, ChannelId Channel, long MessageId, long At, int Attempts);

/// <summary>
/// Pushes from the moment they are owed until the user returns: one a user and channel, durable. A row stays after it was sent or given
/// up, so that further messages make no further push; <see cref="ClearAsync"/> alone takes rows away.
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

    /// <summary>
    /// Pushes that are due at <paramref name="now"/> (ms since the Unix epoch), at most <paramref name="limit"/>, the longest due first.
    /// Changes nothing: a push is due until its outcome is written, and whoever sends sees to it that it doesn't send one twice at a time.
    /// </summary>
    Task<IReadOnlyList<PendingPush>> TakeDueAsync(long now, int limit, CancellationToken cancel);

    /// <summary>When the first push becomes due that isn't due at <paramref name="now"/>; null if there is none. Both in ms since the Unix
    /// epoch.</summary>
    Task<long?> NextDueAsync(long now, CancellationToken cancel);

    /// <summary>The push needs no sending any more. Does nothing if it is gone.</summary>
    Task SentAsync(long id, CancellationToken cancel);

    /// <summary>An attempt has failed; the next is due at <paramref name="nextAttemptAt"/> (ms since the Unix epoch). Does nothing if the
    /// push is gone.</summary>
    /// <param name="reason">For the operator; never text of a message.</param>
    Task RetryAsync(long id, long nextAttemptAt, string reason, CancellationToken cancel);

    /// <summary>The push is given up: it becomes a dead letter, of which the store keeps the newest. Does nothing if the push is
    /// gone.</summary>
    /// <param name="reason">For the operator; never text of a message.</param>
    /// <param name="at">Ms since the Unix epoch.</param>
    Task DeadAsync(long id, string reason, long at, CancellationToken cancel);
}
