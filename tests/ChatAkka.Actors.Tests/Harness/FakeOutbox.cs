using System.Collections.Concurrent;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;
using ChatAkka.Domain.Timelines;

namespace ChatAkka.Actors.Tests.Harness;

/// <summary>An outbox in memory, whose additions a test can hold and fail.</summary>
internal sealed class FakeOutbox : IPushOutbox
{
    private readonly ConcurrentDictionary<(UserId, ChannelId), PushRequest> _rows = [];
    private TaskCompletionSource? _held;

    public bool Fails { get; set; }

    public int Clears { get; private set; }

    public IReadOnlyCollection<PushRequest> Rows => [.. _rows.Values];

    public void Hold() => _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => Interlocked.Exchange(ref _held, null)!.SetResult();

    public async Task AddAsync(IReadOnlyCollection<PushRequest> requests, CancellationToken cancel)
    {
        await (_held?.Task ?? Task.CompletedTask);
        if (Fails)
        {
            throw new StorageUnavailableException("disk full");
        }

        foreach (var request in requests)
        {
            _rows.TryAdd((request.User, request.Channel), request);
        }
    }

    public Task ClearAsync(UserId user, CancellationToken cancel)
    {
        Clears++;
        foreach (var key in _rows.Keys.Where(key => key.Item1 == user))
        {
            _rows.TryRemove(key, out _);
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlySet<ChannelId>> ListAsync(UserId user, CancellationToken cancel) => throw Unexpected();

    public Task<IReadOnlyList<PendingPush>> TakeDueAsync(long now, int limit, CancellationToken cancel) => throw Unexpected();

    public Task<long?> NextDueAsync(long now, CancellationToken cancel) => throw Unexpected();

    public Task SentAsync(long id, CancellationToken cancel) => throw Unexpected();

    public Task RetryAsync(long id, long nextAttemptAt, string reason, CancellationToken cancel) => throw Unexpected();

    public Task DeadAsync(long id, string reason, long at, CancellationToken cancel) => throw Unexpected();

    private static InvalidOperationException Unexpected() => new("an actor asked something that actors don't ask");
}
