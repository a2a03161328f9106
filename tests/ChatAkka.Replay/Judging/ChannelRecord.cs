using ChatAkka.Protocol.Frames;

namespace ChatAkka.Replay.Judging;

/// <summary>All that is known of one channel when its replay is over.</summary>
/// <param name="Head">The highest id by the server's word; 0 when it wasn't asked.</param>
/// <param name="Sends">Every text submitted to it, acknowledged or not.</param>
/// <param name="Deeds">Everything done with its messages, answered or not.</param>
/// <param name="Devices">Of everyone who was a member at some time.</param>
/// <param name="Readings">What was read back over HTTP, by each of those; empty when nothing was.</param>
internal sealed record ChannelRecord(
    string Channel,
    long Head,
    IReadOnlyList<Send> Sends,
    IReadOnlyList<Deed> Deeds,
    IReadOnlyList<DeviceRecord> Devices,
    IReadOnlyList<Reading> Readings);

/// <summary>What one member's device saw of it.</summary>
/// <param name="User">The user id it belongs to.</param>
internal sealed record DeviceRecord(string Device, string User, ChannelLog Log);

/// <summary>What one user reads when everything is over.</summary>
/// <param name="Where">As findings name it.</param>
/// <param name="User">The user's id.</param>
/// <param name="Messages">All messages, in the order in which the pages show them; null if the channel is hidden from the user.</param>
/// <param name="Details">The channel as it is shown to the user; null if it is hidden.</param>
internal sealed record Reading(string Where, string User, IReadOnlyList<PagedMessage>? Messages, ChannelDetails? Details);
