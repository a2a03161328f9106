using ChatAkka.Domain.Accounts;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Storage.InMemory;

/// <summary>Accounts and device sessions of a store in memory.</summary>
internal sealed class InMemoryAccounts(InMemoryStore store, AccountData data) : IAccountStore
{
    /// <inheritdoc/>
    public Task<bool> CreateAsync(Account account, string passwordHash, CancellationToken cancel) =>
        store.UseAsync(data, accounts => accounts.TryAdd(account, passwordHash), cancel);

    /// <inheritdoc/>
    public Task<Account?> FindAsync(UserId user, CancellationToken cancel) =>
        store.UseAsync(data, accounts => accounts.ById.GetValueOrDefault(user), cancel);

    /// <inheritdoc/>
    public Task<Account?> FindByUsernameAsync(string username, CancellationToken cancel) =>
        store.UseAsync(data, accounts => accounts.Find(username), cancel);

    /// <inheritdoc/>
    public Task<Credentials?> FindCredentialsAsync(string username, CancellationToken cancel) => store.UseAsync(
        data,
        accounts => accounts.Find(username) is { } account && accounts.PasswordHashes.TryGetValue(account.Id, out var hash)
            ? new Credentials(account, hash)
            : null,
        cancel);

    /// <inheritdoc/>
    public Task<bool> RenameAsync(UserId user, string displayName, CancellationToken cancel) => store.UseAsync(
        data,
        accounts =>
        {
            if (!accounts.ById.TryGetValue(user, out var account))
            {
                return false;
            }

            accounts.ById[user] = account with { DisplayName = displayName };
            return true;
        },
        cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<UserId>> FindMissingAsync(IReadOnlyCollection<UserId> users, CancellationToken cancel) =>
        store.UseAsync<AccountData, IReadOnlyList<UserId>>(
            data, accounts => [.. users.Distinct().Where(user => !accounts.ById.ContainsKey(user))], cancel);

    /// <inheritdoc/>
    public Task<ExternalIdentity> EnsureExternalAsync(
        string sub, string device, string displayName, UserId offeredUser, DeviceId offeredDevice, long at, CancellationToken cancel) =>
        store.UseAsync(
            data,
            accounts =>
            {
                var isNew = accounts.TryAdd(new Account(offeredUser, $"ext:{sub}", displayName, at), passwordHash: null);
                var user = accounts.ByUsername[$"ext:{sub}"];
                var deviceIsNew = accounts.ExternalDevices.TryAdd((user, device), (offeredDevice, at));
                return new ExternalIdentity(user, accounts.ExternalDevices[(user, device)].Device, deviceIsNew && !isNew);
            },
            cancel);

    /// <inheritdoc/>
    public Task CreateSessionAsync(DeviceSession session, byte[] tokenHash, CancellationToken cancel) => store.UseAsync(
        data,
        accounts =>
        {
            // The user's dead sessions go at this occasion, so they don't pile up.
            bool IsDead(DeviceSession other) => other.User == session.User && other.ExpiresAt <= session.CreatedAt;
            foreach (var dead in accounts.Sessions.Values.Where(IsDead).ToArray())
            {
                accounts.Remove(dead.Device);
            }

            if (!accounts.TryAdd(session, tokenHash))
            {
                throw new InvalidOperationException("There is a session of the device already.");
            }
        },
        cancel);

    /// <inheritdoc/>
    public Task<DeviceSession?> FindSessionAsync(byte[] tokenHash, long at, CancellationToken cancel) => store.UseAsync(
        data,
        accounts => accounts.Tokens.TryGetValue(Convert.ToHexString(tokenHash), out var device) && accounts.Sessions[device].ExpiresAt > at
            ? accounts.Sessions[device]
            : null,
        cancel);

    /// <inheritdoc/>
    public Task TouchSessionAsync(DeviceId device, long lastUsedAt, long expiresAt, CancellationToken cancel) => store.UseAsync(
        data,
        accounts =>
        {
            // By maximum: touches of two connections may arrive in either order.
            if (accounts.Sessions.TryGetValue(device, out var session))
            {
                accounts.Sessions[device] = session with
                {
                    LastUsedAt = Math.Max(session.LastUsedAt, lastUsedAt),
                    ExpiresAt = Math.Max(session.ExpiresAt, expiresAt),
                };
            }
        },
        cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DeviceSession>> ListSessionsAsync(UserId user, long at, CancellationToken cancel) =>
        store.UseAsync<AccountData, IReadOnlyList<DeviceSession>>(
            data,
            accounts =>
            [
                .. accounts.Sessions.Values.Where(session => session.User == user && session.ExpiresAt > at)
                    .OrderByDescending(session => session.CreatedAt).ThenByDescending(session => new UserId(session.Device.Value)),
            ],
            cancel);

    /// <inheritdoc/>
    public Task<bool> RevokeSessionAsync(UserId user, DeviceId device, CancellationToken cancel) => store.UseAsync(
        data,
        accounts =>
        {
            var isTheirs = accounts.Sessions.TryGetValue(device, out var session) && session.User == user;
            if (isTheirs)
            {
                accounts.Remove(device);
            }

            return isTheirs;
        },
        cancel);
}
