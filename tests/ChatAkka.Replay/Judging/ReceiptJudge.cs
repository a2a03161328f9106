using ChatAkka.Protocol.Frames;

namespace ChatAkka.Replay.Judging;

/// <summary>
/// Compares how far everybody got by the server's word with what their devices said, and with what other devices were told meanwhile.
/// </summary>
internal sealed class ReceiptJudge(ChannelRecord record, Timeline timeline, Findings findings)
{
    private readonly Dictionary<string, (long Delivered, long Read)> _said = record.Devices
        .GroupBy(d => d.User)
        .Where(user => timeline.MembershipOf(user.Key).Until > timeline.Head)
        .ToDictionary(user => user.Key, user => Said(timeline, user.Key, user));

    public void Check()
    {
        foreach (var reading in record.Readings.Where(r => r.Details is not null && _said.ContainsKey(r.User)))
        {
            foreach (var (user, difference) in Differences(reading.User, reading.Details!))
            {
                findings.Report(FindingKind.UnreadWrong, timeline.Head, $"{reading.Where}, user {user}", difference);
            }
        }

        foreach (var device in record.Devices)
        {
            foreach (var (id, detail) in device.Log.Receipts.Backward)
            {
                findings.Report(FindingKind.ReceiptBack, id, $"{device.Device} of user {device.User}", detail);
            }

            CheckTold(device);
        }
    }

    /// <summary>The server has everything that the devices said. Until then, a while after they said it, it may not.</summary>
    public bool IsSettled(string user, ChannelDetails details) => !_said.ContainsKey(user) || !Differences(user, details).Any();

    private static (long Delivered, long Read) Said(Timeline timeline, string user, IEnumerable<DeviceRecord> devices) => (
        devices.Max(d => d.Log.Contiguous),
        Math.Max(devices.Max(d => d.Log.MarkedRead), timeline.MembershipOf(user).Since - 1));

    private IEnumerable<(string User, string Difference)> Differences(string reader, ChannelDetails details)
    {
        var said = _said[reader].Read;
        var unread = timeline.CountUpTo(timeline.Head) - timeline.CountUpTo(said);
        if (details.Channel.Unread != unread || details.Channel.Read != said)
        {
            yield return (reader, $"{details.Channel.Unread} unread after {details.Channel.Read}, but it is {unread} after {said}");
        }

        foreach (var member in details.Members)
        {
            if (!_said.TryGetValue(member.User, out var cursors))
            {
                if (!record.Readings.Any(r => r.User == member.User && r.Details is not null))
                {
                    yield return (member.User, "is shown as a member and isn't one");
                }
            }
            else if ((member.Delivered, member.Read) != cursors)
            {
                yield return (member.User, $"got to {(member.Delivered, member.Read)}, but their devices said {cursors}");
            }
        }

        foreach (var missing in _said.Keys.Except(details.Members.Select(m => m.User)))
        {
            yield return (missing, "is a member and isn't shown as one");
        }
    }

    /// <summary>Nothing is told that no device said; and every device knows what its own user has read.</summary>
    private void CheckTold(DeviceRecord device)
    {
        foreach (var (user, told) in device.Log.Receipts.Cursors)
        {
            if (_said.TryGetValue(user, out var said) && (told.Delivered > Math.Max(said.Delivered, said.Read) || told.Read > said.Read))
            {
                var id = Math.Max(told.Delivered, told.Read);
                findings.Report(FindingKind.UnreadWrong, id, device.Device, $"was told that user {user} got to {told}, not to {said}");
            }
        }

        var own = device.Log.Receipts.Cursors.GetValueOrDefault(device.User).Read;
        if (_said.TryGetValue(device.User, out var mine) && record.Devices.Any(d => d.User == device.User && d.Log.MarkedRead > own))
        {
            var detail = $"was never told that its user has read {mine.Read}, only {own}";
            findings.Report(FindingKind.UnreadWrong, mine.Read, device.Device, detail);
        }
    }
}
