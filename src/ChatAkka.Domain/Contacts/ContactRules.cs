namespace ChatAkka.Domain.Contacts;

/// <summary>What a request depends on besides the relation of its two users.</summary>
/// <param name="OtherExists">The other user exists.</param>
/// <param name="Friends">Friends and requests, in and out, of the user.</param>
/// <param name="OthersFriends">Those of the other one.</param>
/// <param name="Blocks">Users whom the user has blocked.</param>
public readonly record struct ContactFacts(bool OtherExists, int Friends, int OthersFriends, int Blocks);

/// <summary>Who may befriend and block whom. Every request is idempotent: what is so already stays as it is, with the time it
/// has.</summary>
public static class ContactRules
{
    /// <summary>Friends and requests, in and out, that an account may have.</summary>
    public const int MaxFriends = 5_000;

    /// <summary>Users whom an account may block.</summary>
    public const int MaxBlocks = 5_000;

    /// <summary>What becomes of the relation of two different users by a request of the one whose side it is.</summary>
    /// <param name="at">When the request is decided, in ms since the Unix epoch.</param>
    public static ContactReply Decide(Relation relation, ContactRequest request, ContactFacts facts, long at) => request switch
    {
        _ when !facts.OtherExists => new ContactRefused(ContactRefusal.UserNotFound),
        ContactRequest.Befriend => Befriend(relation, facts, at),
        ContactRequest.Unfriend => new ContactSettled(relation with { State = FriendState.None, Since = 0 }),
        ContactRequest.Block => Block(relation, facts, at),
        ContactRequest.Unblock => new ContactSettled(relation with { BlockedSince = null }),
        _ => throw new ArgumentOutOfRangeException(nameof(request)),
    };

    private static ContactReply Befriend(Relation relation, ContactFacts facts, long at) => relation switch
    {
        { BlockedSince: not null } => new ContactRefused(ContactRefusal.Blocking),
        { IsBlocked: true } => new ContactRefused(ContactRefusal.Blocked),

        // Both have asked: nobody is left to be waited for. The request made room for itself when it came.
        { State: FriendState.PendingIn } => new ContactSettled(relation with { State = FriendState.Friends, Since = at }),
        { State: FriendState.PendingOut or FriendState.Friends } => new ContactSettled(relation),
        _ when facts.Friends >= MaxFriends => new ContactRefused(ContactRefusal.TooManyFriends),
        _ when facts.OthersFriends >= MaxFriends => new ContactRefused(ContactRefusal.OtherHasTooManyFriends),
        _ => new ContactSettled(relation with { State = FriendState.PendingOut, Since = at }),
    };

    private static ContactReply Block(Relation relation, ContactFacts facts, long at) => relation switch
    {
        { BlockedSince: not null } => new ContactSettled(relation),
        _ when facts.Blocks >= MaxBlocks => new ContactRefused(ContactRefusal.TooManyBlocks),
        _ => new ContactSettled(relation with { State = FriendState.None, Since = 0, BlockedSince = at }),
    };
}
