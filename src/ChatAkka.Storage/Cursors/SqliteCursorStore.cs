using System.Collections.ObjectModel;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;
using ChatAkka.Storage.Accounts;
using ChatAkka.Storage.Sqlite;

namespace ChatAkka.Storage.Cursors;

/// <summary>Device cursors in the embedded store. On prepared statements: they are written at the rate of messages.</summary>
internal sealed class SqliteCursorStore(SqliteStore store) : ICursorStore
{
    private const string Select = "SELECT channel_id, message_id FROM device_cursor WHERE device_id = ?1";

    private const string Advance =
        """
        INSERT INTO device_cursor (device_id, channel_id, message_id) VALUES (?1, ?2, ?3)
        ON CONFLICT (device_id, channel_id) DO UPDATE SET message_id = excluded.message_id WHERE excluded.message_id > message_id
        """;

    private const string Overwrite =
        """
        INSERT INTO device_cursor (device_id, channel_id, message_id) VALUES (?1, ?2, ?3)
        ON CONFLICT (device_id, channel_id) DO UPDATE SET message_id = excluded.message_id
        """;

    private const string Delete = "DELETE FROM device_cursor WHERE device_id = ?1 AND channel_id = ?2";

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<ChannelId, long>> LoadAsync(DeviceId device, CancellationToken cancel) =>
        store.ReadAsync(session => Load(session, StoredId.Of(device)), cancel);

    /// <inheritdoc/>
    public Task SaveAsync(IReadOnlyCollection<DeviceCursor> cursors, bool overwrite, CancellationToken cancel) =>
        store.WriteAllAsync(cursors, (session, all) => Save(session, all, overwrite ? Overwrite : Advance), cancel);

    /// <inheritdoc/>
    public Task ForgetAsync(DeviceId device, IReadOnlyCollection<ChannelId> channels, CancellationToken cancel) =>
        store.WriteAllAsync(channels, (session, all) => Forget(session, StoredId.Of(device), all), cancel);

    private static bool Forget(SqliteSession session, long device, ChannelId[] channels)
    {
        var delete = session.Prepare(Delete);
        foreach (var channel in channels)
        {
            delete.Bind(1, device);
            delete.Bind(2, channel.Value);
            delete.Execute();
        }

        return true;
    }

    private static IReadOnlyDictionary<ChannelId, long> Load(SqliteSession session, long device)
    {
        var select = session.Prepare(Select);
        try
        {
            select.Bind(1, device);
            Dictionary<ChannelId, long>? cursors = null;
            while (select.Step())
            {
                (cursors ??= [])[new ChannelId(select.Text(0))] = select.Int64(1);
            }

            return cursors ?? (IReadOnlyDictionary<ChannelId, long>)ReadOnlyDictionary<ChannelId, long>.Empty;
        }
        finally
        {
            select.Reset();
        }
    }

    private static bool Save(SqliteSession session, DeviceCursor[] cursors, string sql)
    {
        var upsert = session.Prepare(sql);
        foreach (var cursor in cursors)
        {
            upsert.Bind(1, StoredId.Of(cursor.Device));
            upsert.Bind(2, cursor.Channel.Value);
            upsert.Bind(3, cursor.Id);
            upsert.Execute();
        }

        return true;
    }
}
