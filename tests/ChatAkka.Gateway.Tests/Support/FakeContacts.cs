using ChatAkka.Domain.Contacts;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Timelines;

namespace ChatAkka.Gateway.Tests.Support;

/// <summary>A store of contacts that answers as a test says, and remembers what it was asked.</summary>
internal sealed class FakeContacts : IContactStore
{
    public Func<ContactReply> Reply { get; set; } = static () => new ContactSettled(Relation.None);

    public List<(UserId User, UserId Other, ContactRequest Request)> Requests { get; } = [];

    public List<Friend> Friends { get; } = [];

    public List<BlockedUser> Blocks { get; } = [];

    public bool Fails { get; set; }

    public Task<ContactReply> RequestAsync(
        UserId user, UserId other, ContactRequest request, long at, CancellationToken cancel) => Answer(() =>
    {
        Requests.Add((user, other, request));
        return Reply();
    });

    public Task<IReadOnlyList<Friend>> ListFriendsAsync(UserId user, CancellationToken cancel) =>
        Answer<IReadOnlyList<Friend>>(() => Friends);

    public Task<IReadOnlyList<BlockedUser>> ListBlocksAsync(UserId user, CancellationToken cancel) =>
        Answer<IReadOnlyList<BlockedUser>>(() => Blocks);

    public Task<BlockState> FindBlocksAsync(UserId smaller, UserId larger, CancellationToken cancel = default) => throw NotAsked;

    public Task<IReadOnlySet<UserId>> FriendsAmongAsync(
        UserId user, IReadOnlyCollection<UserId> others, CancellationToken cancel = default) => throw NotAsked;

    public Task<IReadOnlySet<UserId>> BlockersAmongAsync(
        UserId user, IReadOnlyCollection<UserId> others, CancellationToken cancel = default) => throw NotAsked;

    private static InvalidOperationException NotAsked => new("the gateway has no reason to ask that");

    private Task<T> Answer<T>(Func<T> answer) =>
        Fails ? Task.FromException<T>(new StorageUnavailableException("the store is off")) : Task.FromResult(answer());
}
