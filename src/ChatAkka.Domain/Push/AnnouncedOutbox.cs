using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Push;

/// <summary>The outbox as this process writes it: says when something was put in, so that nobody has to look again and again.</summary>
public sealed class AnnouncedOutbox(IPushOutbox outbox) : IPushOutbox
{
    /// <summary>Raised after pushes were stored, on the caller's thread; handlers must be brief.</summary>
    public event Action? Added;

    /// <inheritdoc/>
    public async Task AddAsync(IReadOnlyCollection<PushRequest> requests, CancellationToken cancel)
    {
        await outbox.AddAsync(requests, cancel);
        Added?.Invoke();
    }

    /// <inheritdoc/>
    public Task<IReadOnlySet<ChannelId>> ListAsync(UserId user, CancellationToken cancel) => outbox.ListAsync(user, cancel);

    /// <inheritdoc/>
    public Task ClearAsync(UserId user, CancellationToken cancel) => outbox.ClearAsync(user, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<PendingPush>> TakeDueAsync(long now, int limit, CancellationToken cancel) =>
        outbox.TakeDueAsync(now, limit, cancel);

    /// <inheritdoc/>
    public Task<long?> NextDueAsync(long now, CancellationToken cancel) => outbox.NextDueAsync(now, cancel);

    /// <inheritdoc/>
    public Task SentAsync(long id, CancellationToken cancel) => outbox.SentAsync(id, cancel);

    /// <inheritdoc/>
    public Task RetryAsync(long id, long nextAttemptAt, string reason, CancellationToken cancel) =>
        outbox.RetryAsync(id, nextAttemptAt, reason, cancel);

    /// <inheritdoc/>
    public Task DeadAsync(long id, string reason, long at, CancellationToken cancel) => outbox.DeadAsync(id, reason, at, cancel);
}
