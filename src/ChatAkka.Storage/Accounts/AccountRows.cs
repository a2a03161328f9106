using ChatAkka.Domain.Accounts;

namespace ChatAkka.Storage.Accounts;

/// <summary>A row of <c>account</c>, as Dapper reads it.</summary>
internal sealed record AccountRow(long Id, string Username, string DisplayName, long CreatedAt)
{
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
    public DeviceSession ToSession() =>
        new(StoredId.Device(DeviceId), StoredId.User(UserId), Name, Platform, CreatedAt, LastUsedAt, ExpiresAt);
}

