using System.Collections.Concurrent;
using ChatAkka.Domain.Accounts;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Timelines;

namespace ChatAkka.Gateway.Tests.Support;

/// <summary>The relational store, in memory; it counts what is asked of it and fails where a test wants it.</summary>
internal sealed class FakeAccounts : IAccountStore
{
    private readonly ConcurrentDictionary<string, Credentials> _byName = new();
    private readonly ConcurrentDictionary<string, (DeviceSession Session, byte[] Hash)> _sessions = new();
    private readonly ConcurrentDictionary<(string, string), ExternalIdentity> _external = new();

    public bool Fails { get; set; }

    public int Ensured { get; private set; }

    public int Touched { get; private set; }

    public Task<bool> CreateAsync(Account account, string passwordHash, CancellationToken cancel) =>
        Answer(() => _byName.TryAdd(account.Username, new Credentials(account, passwordHash)));

    public Task<Account?> FindAsync(UserId user, CancellationToken cancel) =>
        Answer(() => _byName.Values.FirstOrDefault(known => known.Account.Id == user)?.Account);

    public Task<Account?> FindByUsernameAsync(string username, CancellationToken cancel) =>
        Answer(() => _byName.GetValueOrDefault(username)?.Account);

    public Task<Credentials?> FindCredentialsAsync(string username, CancellationToken cancel) =>
        Answer(() => _byName.GetValueOrDefault(username));

    public Task<bool> RenameAsync(UserId user, string displayName, CancellationToken cancel) => Answer(() =>
    {
        var known = _byName.Values.FirstOrDefault(known => known.Account.Id == user);
        return known is not null && _byName.TryUpdate(known.Account.Username, known with { Account = known.Account with { DisplayName = displayName } }, known);
    });

    public Task<IReadOnlyList<UserId>> FindMissingAsync(IReadOnlyCollection<UserId> users, CancellationToken cancel) =>
        Answer<IReadOnlyList<UserId>>(() => []);

    public Task<ExternalIdentity> EnsureExternalAsync(
        string sub, string device, string displayName, UserId offeredUser, DeviceId offeredDevice, long at, CancellationToken cancel) => Answer(() =>
    {
        Ensured++;
        _byName.TryAdd($"ext:{sub}", new Credentials(new Account(offeredUser, $"ext:{sub}", displayName, at), ""));
        var user = _byName[$"ext:{sub}"].Account.Id;
        return _external.TryAdd((sub, device), new ExternalIdentity(user, offeredDevice, DeviceIsNew: false))
            ? new ExternalIdentity(user, offeredDevice, DeviceIsNew: true)
            : _external[(sub, device)];
    });

    public Task CreateSessionAsync(DeviceSession session, byte[] tokenHash, CancellationToken cancel) =>
        Answer(() => _sessions[Convert.ToHexString(tokenHash)] = (session, tokenHash));

    public Task<DeviceSession?> FindSessionAsync(byte[] tokenHash, long at, CancellationToken cancel) => Answer(() =>
        _sessions.TryGetValue(Convert.ToHexString(tokenHash), out var known) && known.Session.ExpiresAt > at ? known.Session : null);

    public Task TouchSessionAsync(DeviceId device, long lastUsedAt, long expiresAt, CancellationToken cancel) => Answer(() =>
    {
        Touched++;
        var (key, (session, hash)) = _sessions.Single(known => known.Value.Session.Device == device);
        return _sessions[key] = (session with { LastUsedAt = lastUsedAt, ExpiresAt = expiresAt }, hash);
    });

    public Task<IReadOnlyList<DeviceSession>> ListSessionsAsync(
        UserId user, long at, CancellationToken cancel) => Answer<IReadOnlyList<DeviceSession>>(() =>
        [.. _sessions.Values.Select(known => known.Session).Where(session => session.User == user && session.ExpiresAt > at).OrderByDescending(session => session.CreatedAt)]);

    public Task<bool> RevokeSessionAsync(UserId user, DeviceId device, CancellationToken cancel) => Answer(() =>
    {
        var key = _sessions.FirstOrDefault(known => known.Value.Session.User == user && known.Value.Session.Device == device).Key;
        return key is not null && _sessions.TryRemove(key, out _);
    });

    private Task<T> Answer<T>(Func<T> answer) =>
        Fails ? Task.FromException<T>(new StorageUnavailableException("the store is off")) : Task.FromResult(answer());
}
