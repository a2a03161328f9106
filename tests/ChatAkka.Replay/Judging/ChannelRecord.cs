namespace ChatAkka.Replay.Judging;

/// <summary>All that is known of one channel when its replay is over.</summary>
/// <param name="Head">The highest id by the server's word; 0 when it wasn't asked.</param>
/// <param name="Sends">Every text submitted to it, acknowledged or not.</param>
/// <param name="History">The messages as read back over HTTP, in reading order; null when they weren't.</param>
internal sealed record ChannelRecord(
    string Channel, long Head, IReadOnlyList<Send> Sends, IReadOnlyList<DeviceRecord> Devices, IReadOnlyList<TimelineEvent>? History);

/// <summary>What one member's device saw of it.</summary>
/// <param name="User">The user id it belongs to.</param>
internal sealed record DeviceRecord(string Device, string User, ChannelLog Log);
