using ChatAkka.Domain.Contacts;
using ChatAkka.Storage.Accounts;

namespace ChatAkka.Storage.Contacts;

/// <summary>A row of <c>friendship</c> with the other user's account, as Dapper reads it.</summary>
/// <param name="AskedBy">Who waits for the other's answer; null once they are friends.</param>
internal sealed record FriendRow(long Id, string Username, string DisplayName, long? AskedBy, long Since)
{
    public Friend ToFriend() => new(StoredId.User(Id), Username, DisplayName, FriendshipRow.StateOf(AskedBy, Id), Since);
}

/// <summary>A row of <c>friendship</c>.</summary>
internal sealed record FriendshipRow(long? AskedBy, long Since)
{
    /// <summary>What <c>asked_by</c> means to the one who isn't <paramref name="other"/>.</summary>
    public static FriendState StateOf(long? askedBy, long other) => askedBy switch
    {
        null => FriendState.Friends,
        _ when askedBy == other => FriendState.PendingIn,
        _ => FriendState.PendingOut,
    };

    /// <summary>The relation to <paramref name="other"/> of one who has this row with them, or none (null), and these blocks.</summary>
    public static Relation RelationOf(FriendshipRow? friendship, long? blockedSince, bool isBlocked, long other) => friendship is null
        ? Relation.None with { BlockedSince = blockedSince, IsBlocked = isBlocked }
        : new Relation(StateOf(friendship.AskedBy, other), friendship.Since, blockedSince, isBlocked);

    /// <summary>What <c>asked_by</c> is when <paramref name="user"/> stands like this to <paramref name="other"/>.</summary>
    public static long? AskedByOf(FriendState state, long user, long other) => state switch
    {
        FriendState.PendingOut => user,
        FriendState.PendingIn => other,
        _ => null,
    };
}

/// <summary>A row of <c>block</c> with the blocked user's account.</summary>
internal sealed record BlockRow(long Id, string Username, string DisplayName, long Since)
{
    public BlockedUser ToBlockedUser() => new(StoredId.User(Id), Username, DisplayName, Since);
}
