namespace ChatAkka.Replay.Judging;

/// <summary>
/// Compares what every device saw of a channel with what was sent to it.
/// </summary>
/// <remarks>
/// The timeline is fixed by the acknowledgements: an <c>ok</c> says which id holds which text. Whatever else is in the channel must be
/// an event about the channel, or an unacknowledged send, at most once. Then every device, and the history, must show that timeline.
/// A broken promise is reported once for each place (device, timeline, history) where it shows.
/// </remarks>
internal sealed class Judge
{
    private readonly ChannelRecord _record;
    private readonly Dictionary<long, Send> _timeline = [];
    private readonly Dictionary<long, TimelineEvent> _others = []; // ids that no ok named, as first seen
    private readonly Dictionary<(FindingKind, long, string), Finding> _findings = [];
    private long _head;

    private Judge(ChannelRecord record) => _record = record;

    /// <summary>Every broken promise in the channel, in no particular order.</summary>
    public static IReadOnlyCollection<Finding> Findings(ChannelRecord record)
    {
        var judge = new Judge(record);
        judge.FixTimeline();
        judge.ExplainOthers();
        judge.CheckSenders();
        foreach (var device in record.Devices)
        {
            judge.CheckDevice(device);
        }

        judge.CheckHistory();
        judge.CheckCounts();
        return judge._findings.Values;
    }

    private void FixTimeline()
    {
        foreach (var send in _record.Sends.Where(s => s.IsAcknowledged))
        {
            if (!_timeline.TryAdd(send.Id, send))
            {
                // Two acknowledgements for one id: whichever the history doesn't show there is gone.
                var other = _timeline[send.Id];
                var kept = _record.History?.FirstOrDefault(e => e.Id == send.Id) is { } shown && Shows(shown, send) ? send : other;
                _timeline[send.Id] = kept;
                Report(FindingKind.Lost, send.Id, "timeline", $"the id was acknowledged for {other} and for {send}; {(kept == send ? other : send)} is gone");
            }

            if (send.RepeatedIds.FirstOrDefault(id => id != send.Id) is var second and not 0)
            {
                Report(FindingKind.Duplicated, second, "timeline", $"{send} has id {send.Id}, and its repeat was given this one");
            }
        }

        _head = Math.Max(_record.Head, _timeline.Count == 0 ? 0 : _timeline.Keys.Max());
        foreach (var device in _record.Devices)
        {
            _head = Math.Max(_head, device.Log.Highest);
        }
    }

    /// <summary>Ids without an acknowledgement: what the history shows there, or else the first device.</summary>
    private void ExplainOthers()
    {
        foreach (var e in _record.History ?? [])
        {
            AddOther(e);
        }

        for (var id = 1L; id <= _head; id++)
        {
            for (var d = 0; d < _record.Devices.Count && !_timeline.ContainsKey(id) && !_others.ContainsKey(id); d++)
            {
                if (_record.Devices[d].Log.Event(id) is { } e)
                {
                    AddOther(e);
                }
            }
        }

        var open = _record.Sends.Where(s => !s.IsAcknowledged).ToList();
        foreach (var e in _others.Values.Where(e => e.IsMessage).OrderBy(e => e.Id))
        {
            if (open.Find(s => Shows(e, s)) is { } unacknowledged)
            {
                open.Remove(unacknowledged);
            }
            else if (_record.Sends.FirstOrDefault(s => Shows(e, s) && MayBe(e.Id, s)) is { } again)
            {
                Report(FindingKind.Duplicated, e.Id, "timeline", $"{again} has id {again.Id} and this one");
            }
            else
            {
                Report(FindingKind.Corrupted, e.Id, "timeline", $"nobody sent {e}");
            }
        }

        void AddOther(TimelineEvent e)
        {
            if (!_timeline.ContainsKey(e.Id))
            {
                _others.TryAdd(e.Id, e);
            }
        }

        // A device of the sender may have seen the client id: then it decides.
        bool MayBe(long id, Send send) => _record.Devices.All(d => !d.Log.OwnClientIds.TryGetValue(id, out var clientId) || clientId == send.ClientId);
    }

    /// <summary>A socket's requests are processed in order, so a device's texts are stored in the order of their submission.</summary>
    private void CheckSenders()
    {
        foreach (var sender in _record.Sends.Where(s => s is { IsAcknowledged: true, Refused: false }).GroupBy(s => s.Device))
        {
            Send? before = null;
            foreach (var send in sender.OrderBy(s => s.Order))
            {
                if (before is not null && send.Id < before.Id)
                {
                    Report(FindingKind.OutOfOrder, send.Id, "timeline", $"{send} came after {before}, which has id {before.Id}");
                }

                before = send;
            }
        }
    }

    private void CheckDevice(DeviceRecord device)
    {
        for (var id = 1L; id <= _head; id++)
        {
            var seen = device.Log.Event(id);
            if (_timeline.TryGetValue(id, out var send))
            {
                CheckMessage(device, id, seen, send);
            }
            else if (_others.TryGetValue(id, out var other) ? seen is null && (other.IsMessage || !device.Log.Has(id)) : !device.Log.Has(id))
            {
                Report(FindingKind.Lost, id, device.Device, other is null ? "nobody saw an event with this id" : $"never saw {other}");
            }
            else if (seen is not null && !seen.Equals(other))
            {
                Report(FindingKind.Corrupted, id, device.Device, $"saw {seen} where others saw {other}");
            }
        }

        foreach (var anomaly in device.Log.Anomalies)
        {
            CheckAnomaly(device, anomaly);
        }
    }

    private void CheckMessage(DeviceRecord device, long id, TimelineEvent? seen, Send send)
    {
        if (seen is null)
        {
            Report(FindingKind.Lost, id, device.Device, $"never saw {send}");
        }
        else if (!Shows(seen, send))
        {
            Report(FindingKind.Corrupted, id, device.Device, $"saw {seen} instead of {send}");
        }
        else if (seen.N != send.N)
        {
            Report(FindingKind.Corrupted, id, device.Device, $"saw n {seen.N}, but the ok said n {send.N}");
        }
        else if (device.Log.OwnClientIds.TryGetValue(id, out var clientId) && clientId != send.ClientId)
        {
            Report(FindingKind.Corrupted, id, device.Device, $"saw client id '{clientId}' on {send}");
        }
    }

    private void CheckAnomaly(DeviceRecord device, Anomaly anomaly)
    {
        // The ok of an own send may have been lost with its connection: that is no gap.
        if (anomaly.Kind == AnomalyKind.Gap && _timeline.TryGetValue(anomaly.Id, out var own) && own.Device == device.Device)
        {
            return;
        }

        var kind = anomaly.Kind switch
        {
            AnomalyKind.Gap => FindingKind.Lost,
            AnomalyKind.Duplicate => FindingKind.Duplicated,
            AnomalyKind.OutOfOrder => FindingKind.OutOfOrder,
            _ => FindingKind.Corrupted,
        };
        Report(kind, anomaly.Id, device.Device, $"{anomaly.Detail} (connection {anomaly.Connection})");
    }

    private void CheckHistory()
    {
        if (_record.History is not { } history)
        {
            return;
        }

        var shown = new HashSet<long>();
        var last = 0L;
        foreach (var e in history)
        {
            if (!shown.Add(e.Id))
            {
                Report(FindingKind.Duplicated, e.Id, "history", "shown twice");
            }
            else if (e.Id < last)
            {
                Report(FindingKind.OutOfOrder, e.Id, "history", $"shown after {last}");
            }

            last = Math.Max(last, e.Id);
            if (_timeline.TryGetValue(e.Id, out var send) && (!Shows(e, send) || e.N != send.N))
            {
                Report(FindingKind.Corrupted, e.Id, "history", $"shows {e} instead of {send} (n {send.N})");
            }
        }

        foreach (var (id, send) in _timeline.Where(t => !shown.Contains(t.Key)))
        {
            Report(FindingKind.Lost, id, "history", $"doesn't show {send}");
        }

        foreach (var (id, other) in _others.Where(o => o.Value.IsMessage && !shown.Contains(o.Key)))
        {
            Report(FindingKind.Lost, id, "history", $"doesn't show {other}, which a device saw");
        }
    }

    /// <summary>n counts the messages; it can only be checked when none is missing.</summary>
    private void CheckCounts()
    {
        if (_findings.Count > 0)
        {
            return;
        }

        var n = 0L;
        for (var id = 1L; id <= _head; id++)
        {
            var other = _others.GetValueOrDefault(id);
            n += other is null || other.IsMessage ? 1 : 0;
            var said = _timeline.TryGetValue(id, out var send) ? send.N : other?.N ?? n;
            if (said != n)
            {
                Report(FindingKind.Corrupted, id, "timeline", $"says n {said}, but it holds {n} messages up to here");
                return;
            }
        }
    }

    private static bool Shows(TimelineEvent e, Send send) => e.IsMessage && e.From == send.User && e.Text.Span.SequenceEqual(send.Utf8);

    private void Report(FindingKind kind, long id, string where, string detail) =>
        _findings.TryAdd((kind, id, where), new Finding(kind, _record.Channel, id, where, detail));
}
