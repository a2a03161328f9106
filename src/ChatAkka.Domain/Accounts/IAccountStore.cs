using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Accounts;

/// <summary>A user of this messenger.</summary>
/// <param name="Username">Unique, lower-case; <c>ext:&lt;sub&gt;</c> for a user whom an integrator's token created.</param>
/// <param name="CreatedAt">Ms since the Unix epoch.</param>
public sealed record Account(UserId Id, string Username, string DisplayName, long CreatedAt)
{
    /// <summary>An integrator's user, whose devices have no sessions. Nobody can choose such a name.</summary>
    public bool IsExternal => Username.StartsWith("ext:", StringComparison.Ordinal);
}

/// <summary>An account with what proves its owner; never leaves the log-in path.</summary>
public sealed record Credentials(Account Account, string PasswordHash);

/// <summary>One log-in of one user.</summary>
/// <param name="ExpiresAt">Ms since the Unix epoch; moves ahead with use (sliding).</param>
public sealed record DeviceSession(
    DeviceId Device, UserId User, string Name, string Platform, long CreatedAt, long LastUsedAt, long ExpiresAt);

/// <summary>A user and device known by an integrator's own names.</summary>
/// <param name="DeviceIsNew">The call created the device, for a user that existed: its cursors have to be set to the heads of the user's
/// channels.</param>
public sealed record ExternalIdentity(UserId User, DeviceId Device, bool DeviceIsNew = false);

/// <summary>Accounts and device sessions: the relational store.
/// Every member throws <see cref="Timelines.StorageUnavailableException"/> when the store can't answer.</summary>
public interface IAccountStore
{
    /// <summary>False if the user name is taken; nothing is stored then.</summary>
    Task<bool> CreateAsync(Account account, string passwordHash, CancellationToken cancel);

    Task<Account?> FindAsync(UserId user, CancellationToken cancel);

    Task<Account?> FindByUsernameAsync(string username, CancellationToken cancel);

    Task<Credentials?> FindCredentialsAsync(string username, CancellationToken cancel);

    /// <summary>False if there is no such user.</summary>
    Task<bool> RenameAsync(UserId user, string displayName, CancellationToken cancel);

    /// <summary>Those of <paramref name="users"/> that don't exist.</summary>
    Task<IReadOnlyList<UserId>> FindMissingAsync(IReadOnlyCollection<UserId> users, CancellationToken cancel);

    /// <summary>
    /// The user <c>ext:&lt;sub&gt;</c> and its device, created if they are new (with the ids and time offered). Idempotent, safe under
    /// concurrency. <paramref name="displayName"/> is used only at creation.
    /// </summary>
    Task<ExternalIdentity> EnsureExternalAsync(
        string sub, string device, string displayName, UserId offeredUser, DeviceId offeredDevice, long at, CancellationToken cancel);

    /// <summary>Stores a log-in under the SHA-256 of its token; the token itself is never stored.</summary>
    Task CreateSessionAsync(DeviceSession session, byte[] tokenHash, CancellationToken cancel);

    /// <summary>The session of a token hash, unless it was revoked or has expired at <paramref name="at"/>.</summary>
    Task<DeviceSession?> FindSessionAsync(byte[] tokenHash, long at, CancellationToken cancel);

    /// <summary>Moves the sliding expiry.</summary>
    Task TouchSessionAsync(DeviceId device, long lastUsedAt, long expiresAt, CancellationToken cancel);

    /// <summary>The user's live sessions, newest first.</summary>
    Task<IReadOnlyList<DeviceSession>> ListSessionsAsync(UserId user, long at, CancellationToken cancel);

    /// <summary>False if this user has no such session. The token stops working with this call.</summary>
    Task<bool> RevokeSessionAsync(UserId user, DeviceId device, CancellationToken cancel);
}
