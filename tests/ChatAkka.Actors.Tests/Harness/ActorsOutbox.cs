using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;

namespace ChatAkka.Actors.Tests.Harness;

/// <summary>An outbox as far as actors use it: they add and clear, and leave the rest to who sends.</summary>
internal abstract class ActorsOutbox : IPushOutbox
{
    public abstract Task AddAsync(IReadOnlyCollection<PushRequest> requests, CancellationToken cancel);

    public abstract Task ClearAsync(UserId user, CancellationToken cancel);

    public Task<IReadOnlySet<ChannelId>> ListAsync(UserId user, CancellationToken cancel) => throw Unexpected();

    private static InvalidOperationException Unexpected() => new("an actor asked something that actors don't ask");
}
