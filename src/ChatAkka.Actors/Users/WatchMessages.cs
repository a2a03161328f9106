using System.Collections.Immutable;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Users;

/// <summary>Which of these may the user watch? Answered by <see cref="WatchAllowed"/>.</summary>
/// <param name="Request">Echoed in the answer.</param>
public sealed record FilterWatched(UserId User, long Request, ImmutableArray<UserId> Users) : IUserMessage;

/// <summary>Those of the users asked for whom the user may watch.</summary>
/// <param name="Users">Default if that can't be told now.</param>
public sealed record WatchAllowed(long Request, ImmutableArray<UserId> Users) : ISessionMessage;

/// <summary>The user's friends or fellow members may have changed: whoever watches asks again.</summary>
public sealed class WatchOutdated : ISessionMessage
{
    /// <summary>The only one.</summary>
    public static readonly WatchOutdated Instance = new();
}

/// <summary>The user's friends or blocks have changed, in the store.</summary>
public sealed record ContactsChanged(UserId User) : IUserMessage;
