using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Contacts;

/// <summary>A friend of a user, or one who might become one.</summary>
/// <param name="State">From the user's side; never <see cref="FriendState.None"/>.</param>
/// <param name="Since">When it came to that, in ms since the Unix epoch.</param>
public sealed record Friend(UserId User, string Username, string DisplayName, FriendState State, long Since);

/// <summary>One whom a user has blocked.</summary>
/// <param name="Since">In ms since the Unix epoch.</param>
public sealed record BlockedUser(UserId User, string Username, string DisplayName, long Since);

/// <summary>Who of two users has blocked the other.</summary>
/// <param name="BySmaller">The one with the smaller id has blocked the one with the larger.</param>
/// <param name="ByLarger">The other way round.</param>
public readonly record struct BlockState(bool BySmaller, bool ByLarger);

/// <summary>Friends and blocks: the relational store.
/// Every member throws <see cref="Timelines.StorageUnavailableException"/> when the store can't answer.</summary>
public interface IContactStore
{
    /// <summary>
    /// Decides a request by <see cref="ContactRules"/> and stores what becomes of the relation, in one step: of two requests that race,
    /// the second is decided on what the first has stored.
    /// </summary>
    /// <param name="at">Now, in ms since the Unix epoch.</param>
    /// <exception cref="ArgumentException">Both are the same user.</exception>
    Task<ContactReply> RequestAsync(UserId user, UserId other, ContactRequest request, long at, CancellationToken cancel);

    /// <summary>Friends and requests of a user, the newest state first.</summary>
    Task<IReadOnlyList<Friend>> ListFriendsAsync(UserId user, CancellationToken cancel);

    /// <summary>Whom a user has blocked, the newest first.</summary>
    Task<IReadOnlyList<BlockedUser>> ListBlocksAsync(UserId user, CancellationToken cancel);

    /// <summary>Who of the two users of a direct channel has blocked the other.</summary>
    Task<BlockState> FindBlocksAsync(UserId smaller, UserId larger, CancellationToken cancel = default);

    /// <summary>Those of <paramref name="others"/> who are friends of the user; a request isn't enough.</summary>
    Task<IReadOnlySet<UserId>> FriendsAmongAsync(UserId user, IReadOnlyCollection<UserId> others, CancellationToken cancel = default);

    /// <summary>Those of <paramref name="others"/> who have blocked the user.</summary>
    Task<IReadOnlySet<UserId>> BlockersAmongAsync(UserId user, IReadOnlyCollection<UserId> others, CancellationToken cancel = default);
}
