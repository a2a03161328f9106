using ChatAkka.Domain.Accounts;
using ChatAkka.Domain.Identity;
using ChatAkka.Storage.PostgreSql;
using Dapper;

namespace ChatAkka.Storage.Accounts;

/// <summary>Accounts and device sessions in PostgreSQL.</summary>
internal sealed class PostgresAccountStore(PostgresDatabase database) : IAccountStore
{
    private const string SelectExternal =
        """
        SELECT a.id AS User, d.device_id AS Device FROM account a JOIN external_device d ON d.user_id = a.id AND d.name = @device
        WHERE a.username = @username
        """;

    /// <inheritdoc/>
    public async Task<bool> CreateAsync(Account account, string passwordHash, CancellationToken cancel) => await ExecuteAsync(
        """
        INSERT INTO account (id, username, display_name, password_hash, created_at)
        VALUES (@Id, @Username, @DisplayName, @PasswordHash, @CreatedAt) ON CONFLICT (username) DO NOTHING
        """,
        new { Id = StoredId.Of(account.Id), account.Username, account.DisplayName, PasswordHash = passwordHash, account.CreatedAt },
        cancel).ConfigureAwait(false) == 1;

    /// <inheritdoc/>
    public async Task<Account?> FindAsync(UserId user, CancellationToken cancel) =>
        (await FindAsync<AccountRow>($"SELECT {AccountRow.Columns} FROM account WHERE id = @id", new { id = StoredId.Of(user) }, cancel)
            .ConfigureAwait(false))?.ToAccount();

    /// <inheritdoc/>
    public async Task<Account?> FindByUsernameAsync(string username, CancellationToken cancel) =>
        (await FindAsync<AccountRow>($"SELECT {AccountRow.Columns} FROM account WHERE username = @username", new { username }, cancel)
            .ConfigureAwait(false))?.ToAccount();

    /// <inheritdoc/>
    public async Task<Credentials?> FindCredentialsAsync(string username, CancellationToken cancel) =>
        (await FindAsync<CredentialsRow>(
            $"""
            SELECT {AccountRow.Columns}, password_hash AS PasswordHash FROM account
            WHERE username = @username AND password_hash IS NOT NULL
            """,
            new { username },
            cancel).ConfigureAwait(false))?.ToCredentials();

    /// <inheritdoc/>
    public async Task<bool> RenameAsync(UserId user, string displayName, CancellationToken cancel) => await ExecuteAsync(
        "UPDATE account SET display_name = @displayName WHERE id = @id",
        new { id = StoredId.Of(user), displayName },
        cancel).ConfigureAwait(false) == 1;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<UserId>> FindMissingAsync(IReadOnlyCollection<UserId> users, CancellationToken cancel)
    {
        var ids = users.Select(StoredId.Of).ToArray();
        var found = await database.QueryAsync<long>(
            "SELECT id FROM account WHERE id = ANY (@ids)", new { ids }, cancel).ConfigureAwait(false);
        return [.. users.Where(user => !found.Contains(StoredId.Of(user))).Distinct()];
    }

    /// <inheritdoc/>
    public async Task<ExternalIdentity> EnsureExternalAsync(
        string sub, string device, string displayName, UserId offeredUser, DeviceId offeredDevice, long at, CancellationToken cancel)
    {
        // Nearly every log-in finds both, and then costs a read only.
        var username = $"ext:{sub}";
        if (await FindAsync<ExternalRow>(SelectExternal, new { username, device }, cancel).ConfigureAwait(false) is { } known)
        {
            return known.ToIdentity();
        }

        var offered = new { username, device, displayName, user = StoredId.Of(offeredUser), deviceId = StoredId.Of(offeredDevice), at };
        var row = await database.TransactAsync(
            async (connection, token) =>
            {
                await connection.ExecuteAsync(new CommandDefinition(
                    """
                    INSERT INTO account (id, username, display_name, created_at) VALUES (@user, @username, @displayName, @at)
                    ON CONFLICT (username) DO NOTHING;
                    INSERT INTO external_device (user_id, name, device_id, created_at)
                    SELECT id, @device, @deviceId, @at FROM account WHERE username = @username ON CONFLICT (user_id, name) DO NOTHING
                    """,
                    offered,
                    cancellationToken: token)).ConfigureAwait(false);
                return await connection.QuerySingleAsync<ExternalRow>(
                    new CommandDefinition(SelectExternal, offered, cancellationToken: token)).ConfigureAwait(false);
            },
            cancel).ConfigureAwait(false);
        return row.ToIdentity() with { DeviceIsNew = row.Device == offered.deviceId && row.User != offered.user };
    }

    /// <inheritdoc/>
    public Task CreateSessionAsync(DeviceSession session, byte[] tokenHash, CancellationToken cancel) => database.TransactAsync(
        (connection, token) => connection.ExecuteAsync(
            new CommandDefinition(SessionRow.Insert, SessionRow.ParametersOf(session, tokenHash), cancellationToken: token)),
        cancel);

    /// <inheritdoc/>
    public async Task<DeviceSession?> FindSessionAsync(byte[] tokenHash, long at, CancellationToken cancel) =>
        (await FindAsync<SessionRow>(
            $"SELECT {SessionRow.Columns} FROM device_session WHERE token_hash = @tokenHash AND expires_at > @at",
            new { tokenHash, at },
            cancel)
            .ConfigureAwait(false))?.ToSession();

    /// <inheritdoc/>
    public Task TouchSessionAsync(DeviceId device, long lastUsedAt, long expiresAt, CancellationToken cancel) => ExecuteAsync(
        // By maximum: touches of two connections may arrive in either order.
        """
        UPDATE device_session SET last_used_at = greatest(last_used_at, @lastUsedAt), expires_at = greatest(expires_at, @expiresAt)
        WHERE device_id = @id
        """,
        new { id = StoredId.Of(device), lastUsedAt, expiresAt },
        cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DeviceSession>> ListSessionsAsync(UserId user, long at, CancellationToken cancel) =>
    [
        .. (await database.QueryAsync<SessionRow>(
            $"""
            SELECT {SessionRow.Columns} FROM device_session WHERE user_id = @id AND expires_at > @at
            ORDER BY created_at DESC, device_id DESC
            """,
            new { id = StoredId.Of(user), at },
            cancel).ConfigureAwait(false)).Select(row => row.ToSession()),
    ];

    /// <inheritdoc/>
    public async Task<bool> RevokeSessionAsync(UserId user, DeviceId device, CancellationToken cancel) => await ExecuteAsync(
        "DELETE FROM device_session WHERE device_id = @device AND user_id = @user",
        new { user = StoredId.Of(user), device = StoredId.Of(device) },
        cancel).ConfigureAwait(false) == 1;

    private Task<int> ExecuteAsync(string sql, object parameters, CancellationToken cancel) => database.RunAsync(
        (connection, token) => connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: token)), cancel);

    private async Task<T?> FindAsync<T>(string sql, object parameters, CancellationToken cancel)
        where T : class => (await database.QueryAsync<T>(sql, parameters, cancel).ConfigureAwait(false)).FirstOrDefault();

    private sealed record ExternalRow(long User, long Device)
    {
        public ExternalIdentity ToIdentity() => new(StoredId.User(User), StoredId.Device(Device));
    }
}
