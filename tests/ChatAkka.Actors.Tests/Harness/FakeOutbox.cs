using System.Collections.Concurrent;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;
using ChatAkka.Domain.Timelines;

namespace ChatAkka.Actors.Tests.Harness;

/// <summary>An outbox in memory, whose writes a test can fail; additions it can hold, too.</summary>
internal sealed class FakeOutbox : ActorsOutbox
{
    private readonly ConcurrentDictionary<(UserId, ChannelId), PushRequest> _rows = [];
    private TaskCompletionSource? _held;

    public bool Fails { get; set; }

    public int Clears { get; private set; }

    public IReadOnlyCollection<PushRequest> Rows => [.. _rows.Values];

    public void Hold() => _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => Interlocked.Exchange(ref _held, null)!.SetResult();

    public override async Task AddAsync(IReadOnlyCollection<PushRequest> requests, CancellationToken cancel)
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

    public override Task ClearAsync(UserId user, CancellationToken cancel)
    {
        Clears++;
        if (Fails)
        {
            return Task.FromException(new StorageUnavailableException("disk full"));
        }

        foreach (var key in _rows.Keys.Where(key => key.Item1 == user))
        {
            _rows.TryRemove(key, out _);
        }

        return Task.CompletedTask;
    }
}
