using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Push;

/// <summary>The outbox as this process writes it: says when something was put in, so that nobody has to look again and again for it.</summary>
public sealed class AnnouncedOutbox(IPushOutbox outbox) : IPushOutbox
{
    /// <summary>Raised after pushes were stored, on the caller's thread; handlers must be brief. What other nodes put in isn't
    /// announced.</summary>
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
}
