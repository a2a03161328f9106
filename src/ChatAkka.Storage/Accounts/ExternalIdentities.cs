using ChatAkka.Domain.Accounts;
using ChatAkka.Storage.Sqlite;

namespace ChatAkka.Storage.Accounts;

/// <summary>
/// Users and devices that an integrator's tokens name. On prepared statements rather than Dapper: a load of 15,000 log-ins
/// comes through here at once, most of it on the one writer thread.
/// </summary>
internal static class ExternalIdentities
{
    private const string Select =
        """
        SELECT a.id, d.device_id FROM account a JOIN external_device d ON d.user_id = a.id AND d.name = ?2 WHERE a.username = ?1
        """;

    private const string InsertUser =
        """
        INSERT INTO account (id, username, display_name, created_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (username) DO NOTHING
        """;

    private const string InsertDevice =
        """
        INSERT INTO external_device (user_id, name, device_id, created_at)
        SELECT id, ?2, ?3, ?4 FROM account WHERE username = ?1
        ON CONFLICT (user_id, name) DO NOTHING
        """;

    public static ExternalIdentity? Find(SqliteSession session, string username, string device)
    {
        var select = session.Prepare(Select);
        try
        {
            select.Bind(1, username);
            select.Bind(2, device);
            return select.Step() ? new ExternalIdentity(StoredId.User(select.Int64(0)), StoredId.Device(select.Int64(1))) : null;
        }
        finally
        {
            select.Reset();
        }
    }

    /// <summary>Within a transaction: whoever comes second finds what the first has stored.</summary>
    public static ExternalIdentity Ensure(
        SqliteSession session, string username, string device, string displayName, long offeredUser, long offeredDevice, long at)
    {
        var user = session.Prepare(InsertUser);
        user.Bind(1, offeredUser);
        user.Bind(2, username);
        user.Bind(3, displayName);
        user.Bind(4, at);
        user.Execute();

        var named = session.Prepare(InsertDevice);
        named.Bind(1, username);
        named.Bind(2, device);
        named.Bind(3, offeredDevice);
        named.Bind(4, at);
        named.Execute();

        var identity = Find(session, username, device)!;
        return identity with
        {
            DeviceIsNew = identity.Device == StoredId.Device(offeredDevice) && identity.User != StoredId.User(offeredUser),
        };
    }
}
