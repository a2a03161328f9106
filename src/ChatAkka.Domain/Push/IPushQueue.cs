using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Push;

/// <summary>A push that waits to be sent.</summary>
/// <param name="Id">Its row. Never used again, also when the row is gone.</param>
/// <param name="DeliveryId">Its name outside: the same in every attempt, and no other push of any server ever has it.</param>
/// <param name="Attempts">Attempts that have failed so far.</param>
public sealed record PendingPush(long Id, string DeliveryId, UserId User, ChannelId Channel, long MessageId, long At, int Attempts);

/// <summary>
/// The pushes of an <see cref="IPushOutbox"/> as one of the nodes that send them sees them. Nodes share the work by claims: a push that one
/// has claimed is nobody else's until the claim ends, by an outcome or by its time, so that what a node that died had claimed is sent by
/// another. Times are in ms since the Unix epoch, by the clock of the node that gives them.
/// Every member throws <see cref="Timelines.StorageUnavailableException"/> when the store can't answer; nothing was stored then.
/// </summary>
public interface IPushQueue
{
    /// <summary>Claims pushes that are due at <paramref name="now"/> and that nobody has a claim to, this node included; at most
    /// <paramref name="limit"/>, the longest due first.</summary>
    /// <param name="until">When the claims end. Who can't be sure to have sent a push by then must not begin to send it.</param>
    Task<IReadOnlyList<PendingPush>> ClaimDueAsync(long now, long until, int limit, CancellationToken cancel);

    /// <summary>When the first push becomes due that isn't due at <paramref name="now"/>; null if there is none.</summary>
    Task<long?> NextDueAsync(long now, CancellationToken cancel);

    /// <summary>The push was not sent after all: whoever comes first may claim it. Does nothing if the claim has gone to another
    /// node.</summary>
    Task ReleaseAsync(long id, CancellationToken cancel);

    /// <summary>The push needs no sending any more, whoever has claimed it by now. Does nothing if it is gone.</summary>
    Task SentAsync(long id, CancellationToken cancel);

    /// <summary>An attempt has failed; the next is due at <paramref name="nextAttemptAt"/>. Does nothing if the push is gone or the claim
    /// has gone to another node.</summary>
    /// <param name="reason">For the operator; never text of a message.</param>
    Task RetryAsync(long id, long nextAttemptAt, string reason, CancellationToken cancel);

    /// <summary>The push is given up: it becomes a dead letter, of which the store keeps the newest. Does nothing if the push is gone or the
    /// claim has gone to another node.</summary>
    /// <param name="reason">For the operator; never text of a message.</param>
    Task DeadAsync(long id, string reason, long at, CancellationToken cancel);
}
