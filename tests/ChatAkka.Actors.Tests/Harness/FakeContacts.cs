using ChatAkka.Domain.Contacts;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Timelines;

namespace ChatAkka.Actors.Tests.Harness;

/// <summary>What actors ask of contacts. A test can hold the answer to the question who has blocked whom.</summary>
internal sealed class FakeContacts : IContactStore
{
    private TaskCompletionSource? _held;

    public BlockState Blocks { get; set; }

    public HashSet<UserId> Friends { get; } = [];

    public HashSet<UserId> Blockers { get; } = [];

    /// <summary>The store doesn't answer.</summary>
    public bool Fails { get; set; }

    /// <summary>Answers are given as things are now, but are on their way until <see cref="Release"/>.</summary>
    public void Hold() => _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release(BlockState then, Action before)
    {
        Blocks = then;
        before();
        Interlocked.Exchange(ref _held, null)!.SetResult();
    }

    public async Task<BlockState> FindBlocksAsync(UserId smaller, UserId larger, CancellationToken cancel)
    {
        var blocks = Answer(Blocks);
        await (_held?.Task ?? Task.CompletedTask);
        return await blocks;
    }

    public Task<IReadOnlySet<UserId>> FriendsAmongAsync(UserId user, IReadOnlyCollection<UserId> others, CancellationToken cancel) =>
        Answer<IReadOnlySet<UserId>>(others.Intersect(Friends).ToHashSet());

    public Task<IReadOnlySet<UserId>> BlockersAmongAsync(UserId user, IReadOnlyCollection<UserId> others, CancellationToken cancel) =>
        Answer<IReadOnlySet<UserId>>(others.Intersect(Blockers).ToHashSet());

    public Task<ContactReply> RequestAsync(UserId user, UserId other, ContactRequest request, long at, CancellationToken cancel) =>
        throw Unexpected();

    public Task<IReadOnlyList<Friend>> ListFriendsAsync(UserId user, CancellationToken cancel) => throw Unexpected();

    public Task<IReadOnlyList<BlockedUser>> ListBlocksAsync(UserId user, CancellationToken cancel) => throw Unexpected();

    private static InvalidOperationException Unexpected() => new("an actor asked something that actors don't ask");

    private Task<T> Answer<T>(T answer) =>
        Fails ? Task.FromException<T>(new StorageUnavailableException("no answer")) : Task.FromResult(answer);
}
