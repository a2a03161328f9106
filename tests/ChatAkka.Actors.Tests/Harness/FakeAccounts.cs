using ChatAkka.Domain.Accounts;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Tests.Harness;

/// <summary>Accounts of which some don't exist. Actors ask nothing else of them.</summary>
internal sealed class FakeAccounts(params UserId[] missing) : IAccountStore
{
    public Task<IReadOnlyList<UserId>> FindMissingAsync(IReadOnlyCollection<UserId> users, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<UserId>>([.. users.Intersect(missing)]);

    public Task<bool> CreateAsync(Account account, string passwordHash, CancellationToken cancel) => throw Unexpected();

    public Task<Account?> FindAsync(UserId user, CancellationToken cancel) => throw Unexpected();

    public Task<Account?> FindByUsernameAsync(string username, CancellationToken cancel) => throw Unexpected();

    public Task<Credentials?> FindCredentialsAsync(string username, CancellationToken cancel) => throw Unexpected();

    public Task<bool> RenameAsync(UserId user, string displayName, CancellationToken cancel) => throw Unexpected();

    public Task<ExternalIdentity> EnsureExternalAsync(
        string sub, string device, string displayName, UserId offeredUser, DeviceId offeredDevice, long at, CancellationToken cancel) =>
        throw Unexpected();

    public Task CreateSessionAsync(DeviceSession session, byte[] tokenHash, CancellationToken cancel) => throw Unexpected();

    public Task<DeviceSession?> FindSessionAsync(byte[] tokenHash, long at, CancellationToken cancel) => throw Unexpected();

    public Task TouchSessionAsync(DeviceId device, long lastUsedAt, long expiresAt, CancellationToken cancel) => throw Unexpected();

    public Task<IReadOnlyList<DeviceSession>> ListSessionsAsync(UserId user, long at, CancellationToken cancel) => throw Unexpected();

    public Task<bool> RevokeSessionAsync(UserId user, DeviceId device, CancellationToken cancel) => throw Unexpected();

    private static InvalidOperationException Unexpected() => new("an actor asked something that actors don't ask");
}
