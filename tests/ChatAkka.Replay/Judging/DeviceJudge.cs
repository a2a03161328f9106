namespace ChatAkka.Replay.Judging;

/// <summary>Compares what each device saw with the timeline, as far as its user is a member.</summary>
internal sealed class DeviceJudge(ChannelRecord record, Timeline timeline, Findings findings)
{
    public void Check()
    {
        foreach (var device in record.Devices)
        {
            Check(device);
            foreach (var anomaly in device.Log.Anomalies)
            {
                Check(device, anomaly);
            }
        }
    }

    private void Check(DeviceRecord device)
    {
        var (since, until) = timeline.MembershipOf(device.User);

        // Who was removed gets nothing any more: it may not have got the last that they were allowed to see.
        var last = until <= timeline.Head ? Math.Min(until, device.Log.Highest) : timeline.Head;
        for (var id = 1L; id <= timeline.Head; id++)
        {
            var seen = device.Log.Event(id);
            if (seen is not null && (id < since || id > until))
            {
                findings.Report(FindingKind.Leaked, id, device.Device, $"saw {seen}, but its user was a member from {since} to {until}");
            }
            else if (seen is null && id >= since && id <= last)
            {
                findings.Report(FindingKind.Lost, id, device.Device, timeline.Sends.TryGetValue(id, out var unseen)
                    ? $"never saw {unseen}"
                    : timeline[id] is { } other ? $"never saw {other}" : "nobody saw an event with this id");
            }
            else if (seen is not null && timeline.Sends.TryGetValue(id, out var send))
            {
                Check(device, seen, send);
            }
            else if (seen is not null && seen != timeline[id])
            {
                findings.Report(FindingKind.Corrupted, id, device.Device, $"saw {seen} where others saw {timeline[id]}");
            }
        }
    }

    private void Check(DeviceRecord device, TimelineEvent seen, Send send)
    {
        if (!Timeline.Shows(seen, send))
        {
            findings.Report(FindingKind.Corrupted, seen.Id, device.Device, $"saw {seen} instead of {send}");
        }
        else if (seen.N != send.N)
        {
            findings.Report(FindingKind.Corrupted, seen.Id, device.Device, $"saw n {seen.N}, but the ok said n {send.N}");
        }
        else if (device.Log.OwnClientIds.TryGetValue(seen.Id, out var clientId) && clientId != send.ClientId)
        {
            findings.Report(FindingKind.Corrupted, seen.Id, device.Device, $"saw client id '{clientId}' on {send}");
        }
        else if (seen != timeline[seen.Id])
        {
            findings.Report(FindingKind.Corrupted, seen.Id, device.Device, $"saw {seen} at {seen.At}, others at {timeline[seen.Id]?.At}");
        }
    }

    private void Check(DeviceRecord device, Anomaly anomaly)
    {
        var kind = anomaly.Kind switch
        {
            AnomalyKind.Gap => FindingKind.Lost,
            AnomalyKind.Duplicate => FindingKind.Duplicated,
            AnomalyKind.OutOfOrder => FindingKind.OutOfOrder,
            AnomalyKind.Leak => FindingKind.Leaked,
            _ => FindingKind.Corrupted,
        };
        findings.Report(kind, anomaly.Id, device.Device, $"{anomaly.Detail} (life {anomaly.Life})");
    }
}
