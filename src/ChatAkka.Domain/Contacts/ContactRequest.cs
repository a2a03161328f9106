namespace ChatAkka.Domain.Contacts;

/// <summary>What a user may want of another one.</summary>
public enum ContactRequest
{
    /// <summary>Ask for friendship, or accept what the other one has asked for.</summary>
    Befriend,

    /// <summary>Withdraw or decline a request, or end the friendship.</summary>
    Unfriend,

    /// <summary>Block the other one, which ends a friendship and requests too.</summary>
    Block,

    /// <summary>Take the block back. A friendship that it ended doesn't return.</summary>
    Unblock,
}

/// <summary>What is answered to a <see cref="ContactRequest"/>.</summary>
public abstract record ContactReply;

/// <summary>It is as the user wanted, maybe since before.</summary>
/// <param name="Relation">How the user stands to the other one now.</param>
public sealed record ContactSettled(Relation Relation) : ContactReply;

/// <summary>Nothing changes.</summary>
public sealed record ContactRefused(ContactRefusal Reason) : ContactReply;

/// <summary>Why nothing changes.</summary>
public enum ContactRefusal
{
    /// <summary>The other user doesn't exist.</summary>
    UserNotFound,

    /// <summary>The other one has blocked the user.</summary>
    Blocked,

    /// <summary>The user has blocked the other one.</summary>
    Blocking,

    /// <summary>The user has as many friends and requests as an account may.</summary>
    TooManyFriends,

    /// <summary>The other one has as many friends and requests as an account may.</summary>
    OtherHasTooManyFriends,

    /// <summary>The user has blocked as many as an account may.</summary>
    TooManyBlocks,
}
