using ChatAkka.Domain.Accounts;
using ChatAkka.Domain.Identity;
using ChatAkka.Storage.Sqlite;
using Dapper;

namespace ChatAkka.Storage.Accounts;

/// <summary>Accounts and device sessions in the embedded store.</summary>
internal sealed class SqliteAccountStore(SqliteStore store) : IAccountStore
{
    private const int IdsPerStatement = 500;

    /// <inheritdoc/>
    public Task<bool> CreateAsync(Account account, string passwordHash, CancellationToken cancel)
    {
        var row = new
        {
            Id = StoredId.Of(account.Id),
            account.Username,
            account.DisplayName,
            PasswordHash = passwordHash,
            account.CreatedAt,
        };
        return store.WriteAsync(
            session => session.Connection.Execute(
                """
                INSERT INTO account (id, username, display_name, password_hash, created_at)
                VALUES (@Id, @Username, @DisplayName, @PasswordHash, @CreatedAt)
                ON CONFLICT (username) DO NOTHING
                """,
                row) == 1,
            cancel);
    }

    /// <inheritdoc/>
    public Task<Account?> FindAsync(UserId user, CancellationToken cancel)
    {
        var id = StoredId.Of(user);
        return store.ReadAsync(
            session => session.Connection.QueryFirstOrDefault<AccountRow>(
                $"SELECT {AccountRow.Columns} FROM account WHERE id = @id", new { id })?.ToAccount(),
            cancel);
    }

    /// <inheritdoc/>
    public Task<Account?> FindByUsernameAsync(string username, CancellationToken cancel) => store.ReadAsync(
        session => session.Connection.QueryFirstOrDefault<AccountRow>(
            $"SELECT {AccountRow.Columns} FROM account WHERE username = @username", new { username })?.ToAccount(),
        cancel);

    /// <inheritdoc/>
    public Task<Credentials?> FindCredentialsAsync(string username, CancellationToken cancel) => store.ReadAsync(
        session => session.Connection.QueryFirstOrDefault<CredentialsRow>(
            $"""
            SELECT {AccountRow.Columns}, password_hash AS PasswordHash FROM account
            WHERE username = @username AND password_hash IS NOT NULL
            """,
            new { username })?.ToCredentials(),
        cancel);

    /// <inheritdoc/>
    public Task<bool> RenameAsync(UserId user, string displayName, CancellationToken cancel)
    {
        var id = StoredId.Of(user);
        return store.WriteAsync(
            session => session.Connection.Execute(
                "UPDATE account SET display_name = @displayName WHERE id = @id", new { id, displayName }) == 1,
            cancel);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<UserId>> FindMissingAsync(IReadOnlyCollection<UserId> users, CancellationToken cancel)
    {
        HashSet<long> missing = [.. users.Select(StoredId.Of)];
        foreach (var ids in missing.Chunk(IdsPerStatement))
        {
            missing.ExceptWith(await store.ReadAsync(
                session => session.Connection.Query<long>("SELECT id FROM account WHERE id IN @ids", new { ids }),
                cancel).ConfigureAwait(false));
        }

        return [.. users.Where(user => missing.Contains(StoredId.Of(user))).Distinct()];
    }

    /// <inheritdoc/>
    public async Task<ExternalIdentity> EnsureExternalAsync(
        string sub, string device, string displayName, UserId offeredUser, DeviceId offeredDevice, long at, CancellationToken cancel)
    {
        // Nearly every log-in finds both, and then costs a read only.
        var username = $"ext:{sub}";
        return await store.ReadAsync(session => ExternalIdentities.Find(session, username, device), cancel).ConfigureAwait(false)
            ?? await store.WriteAsync(
                session => ExternalIdentities.Ensure(
                    session, username, device, displayName, StoredId.Of(offeredUser), StoredId.Of(offeredDevice), at),
                cancel)
                .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task CreateSessionAsync(DeviceSession session, byte[] tokenHash, CancellationToken cancel)
    {
        var row = SessionRow.ParametersOf(session, tokenHash);
        return store.WriteAsync(writer => writer.Connection.Execute(SessionRow.Insert, row), cancel);
    }

    /// <inheritdoc/>
    public Task<DeviceSession?> FindSessionAsync(byte[] tokenHash, long at, CancellationToken cancel) => store.ReadAsync(
        session => session.Connection.QueryFirstOrDefault<SessionRow>(
            $"SELECT {SessionRow.Columns} FROM device_session WHERE token_hash = @tokenHash AND expires_at > @at",
            new { tokenHash, at })?.ToSession(),
        cancel);

    /// <inheritdoc/>
    public Task TouchSessionAsync(DeviceId device, long lastUsedAt, long expiresAt, CancellationToken cancel)
    {
        var id = StoredId.Of(device);

        // By maximum: touches of two connections may arrive in either order.
        return store.WriteAsync(
            session => session.Connection.Execute(
                """
                UPDATE device_session SET last_used_at = max(last_used_at, @lastUsedAt), expires_at = max(expires_at, @expiresAt)
                WHERE device_id = @id
                """,
                new { id, lastUsedAt, expiresAt }),
            cancel);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<DeviceSession>> ListSessionsAsync(UserId user, long at, CancellationToken cancel)
    {
        var id = StoredId.Of(user);
        return store.ReadAsync<IReadOnlyList<DeviceSession>>(
            session =>
            [
                .. session.Connection.Query<SessionRow>(
                    $"""
                    SELECT {SessionRow.Columns} FROM device_session WHERE user_id = @id AND expires_at > @at
                    ORDER BY created_at DESC, device_id DESC
                    """,
                    new { id, at })
                    .Select(row => row.ToSession()),
            ],
            cancel);
    }

    /// <inheritdoc/>
    public Task<bool> RevokeSessionAsync(UserId user, DeviceId device, CancellationToken cancel)
    {
        var ids = new { user = StoredId.Of(user), device = StoredId.Of(device) };
        return store.WriteAsync(
            session => session.Connection.Execute(
                "DELETE FROM device_session WHERE device_id = @device AND user_id = @user", ids) == 1,
            cancel);
    }
}
