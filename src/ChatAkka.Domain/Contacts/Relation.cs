namespace ChatAkka.Domain.Contacts;

/// <summary>How far a friendship of two users has come, from one user's side.</summary>
public enum FriendState
{
    /// <summary>Nobody has asked.</summary>
    None,

    /// <summary>The user has asked, the other one hasn't accepted yet.</summary>
    PendingOut,

    /// <summary>The other one has asked, the user hasn't accepted yet.</summary>
    PendingIn,

    /// <summary>Both agreed.</summary>
    Friends,
}

/// <summary>How a user stands to another one, from the user's side. Where one of the two has blocked the other there is neither a
/// friendship nor a request.</summary>
/// <param name="Since">When it came to <paramref name="State"/>, in ms since the Unix epoch; 0 for <see cref="FriendState.None"/>.</param>
/// <param name="BlockedSince">When the user blocked the other one, in ms since the Unix epoch; null if it isn't so.</param>
/// <param name="IsBlocked">The other one has blocked the user.</param>
public sealed record Relation(FriendState State, long Since, long? BlockedSince, bool IsBlocked)
{
    /// <summary>Two who have nothing to do with each other.</summary>
    public static Relation None { get; } = new(FriendState.None, 0, null, false);
}
