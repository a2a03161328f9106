using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;
using ChatAkka.Storage.Accounts;
using ChatAkka.Storage.PostgreSql;

namespace ChatAkka.Storage.Cursors;

/// <summary>Device cursors in PostgreSQL. Saved through the lane of small writes: they come at the rate of messages.</summary>
internal sealed class PostgresCursorStore(ReadLane reads, StatementLane writes) : ICursorStore
{
    private const string Select = "SELECT channel_id, message_id FROM device_cursor WHERE device_id = $1";

    // A statement can't touch a row twice, so of several values for one cursor the highest is taken first.
    private const string Advance =
        """
        INSERT INTO device_cursor (device_id, channel_id, message_id)
        SELECT device_id, channel_id, max(message_id) FROM unnest($1, $2, $3) AS given(device_id, channel_id, message_id) GROUP BY 1, 2
        ON CONFLICT (device_id, channel_id) DO UPDATE SET message_id = excluded.message_id
        WHERE excluded.message_id > device_cursor.message_id
        """;

    private const string Overwrite =
        """
        INSERT INTO device_cursor (device_id, channel_id, message_id)
        SELECT device_id, channel_id, max(message_id) FROM unnest($1, $2, $3) AS given(device_id, channel_id, message_id) GROUP BY 1, 2
        ON CONFLICT (device_id, channel_id) DO UPDATE SET message_id = excluded.message_id
        """;

    private const string Delete = "DELETE FROM device_cursor WHERE device_id = $1 AND channel_id = ANY ($2)";

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<ChannelId, long>> LoadAsync(DeviceId device, CancellationToken cancel)
    {
        Dictionary<ChannelId, long> cursors = [];
        await reads.ReadAsync(
            Statements.Of(Select, Parameter.Of(StoredId.Of(device))),
            reader => cursors[new ChannelId(reader.GetString(0))] = reader.GetInt64(1),
            cancel).ConfigureAwait(false);
        return cursors;
    }

    /// <inheritdoc/>
    public Task SaveAsync(IReadOnlyCollection<DeviceCursor> cursors, bool overwrite, CancellationToken cancel) => cursors.Count == 0
        ? Task.CompletedTask
        : writes.WriteAsync(
            Statements.Of(
                overwrite ? Overwrite : Advance,
                Parameter.Of(cursors.Select(cursor => StoredId.Of(cursor.Device)).ToArray()),
                Parameter.Of(cursors.Select(cursor => cursor.Channel.Value).ToArray()),
                Parameter.Of(cursors.Select(cursor => cursor.Id).ToArray())),
            cancel);

    /// <inheritdoc/>
    public Task ForgetAsync(DeviceId device, IReadOnlyCollection<ChannelId> channels, CancellationToken cancel) => writes.WriteAsync(
        Statements.Of(
            Delete, Parameter.Of(StoredId.Of(device)), Parameter.Of(channels.Select(channel => channel.Value).ToArray())),
        cancel);
}
