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
}

/// <summary>A row of <c>block</c> with the blocked user's account.</summary>
internal sealed record BlockRow(long Id, string Username, string DisplayName, long Since)
{
    public BlockedUser ToBlockedUser() => new(StoredId.User(Id), Username, DisplayName, Since);
}
