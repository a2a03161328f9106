using ChatAkka.Domain.Accounts;

namespace ChatAkka.Storage.Accounts;

/// <summary>A row of <c>account</c>, as Dapper reads it.</summary>
internal sealed record AccountRow(long Id, string Username, string DisplayName, long CreatedAt)
{
    /// <summary>What a statement selects for it.</summary>
    public const string Columns = "id AS Id, username AS Username, display_name AS DisplayName, created_at AS CreatedAt";

    public Account ToAccount() => new(StoredId.User(Id), Username, DisplayName, CreatedAt);
}

/// <summary>A row of <c>account</c> with its password hash.</summary>
internal sealed record CredentialsRow(long Id, string Username, string DisplayName, long CreatedAt, string PasswordHash)
{
    public Credentials ToCredentials() => new(new Account(StoredId.User(Id), Username, DisplayName, CreatedAt), PasswordHash);
}

/// <summary>A row of <c>device_session</c>.</summary>
internal sealed record SessionRow(long DeviceId, long UserId, string Name, string Platform, long CreatedAt, long LastUsedAt, long ExpiresAt)
{
    /// <summary>What a statement selects for it.</summary>
    public const string Columns =
        """
        device_id AS DeviceId, user_id AS UserId, name AS Name, platform AS Platform,
        created_at AS CreatedAt, last_used_at AS LastUsedAt, expires_at AS ExpiresAt
        """;

    /// <summary>Stores a session under the hash of its token; takes the parameters of <see cref="ParametersOf"/>. The user's dead sessions
    /// go at this occasion, so they don't pile up.</summary>
    public const string Insert =
        """
        DELETE FROM device_session WHERE user_id = @User AND expires_at <= @CreatedAt;
        INSERT INTO device_session (device_id, user_id, token_hash, name, platform, created_at, last_used_at, expires_at)
        VALUES (@Device, @User, @TokenHash, @Name, @Platform, @CreatedAt, @LastUsedAt, @ExpiresAt)
        """;

    public static object ParametersOf(DeviceSession session, byte[] tokenHash) => new
    {
        Device = StoredId.Of(session.Device),
        User = StoredId.Of(session.User),
        TokenHash = tokenHash,
        session.Name,
        session.Platform,
        session.CreatedAt,
        session.LastUsedAt,
        session.ExpiresAt,
    };

    public DeviceSession ToSession() =>
        new(StoredId.Device(DeviceId), StoredId.User(UserId), Name, Platform, CreatedAt, LastUsedAt, ExpiresAt);
}

