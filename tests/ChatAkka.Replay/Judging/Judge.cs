namespace ChatAkka.Replay.Judging;

/// <summary>
/// Compares what every device saw of a channel, and what every member can read, with what was done in it.
/// </summary>
/// <remarks>
/// The <see cref="Timeline"/> is fixed by the acknowledgements. Whatever else is in the channel must be an event about the channel, or an
/// unacknowledged send or deed, at most once. Then every device must show that timeline as far as its user is a member
/// (<see cref="DeviceJudge"/>), every history what it folds to (<see cref="HistoryJudge"/>), and the cursors what the devices said
/// (<see cref="ReceiptJudge"/>).
/// A broken promise is reported once for each place (device, timeline, history) where it shows.
/// </remarks>
internal sealed class Judge
{
    private readonly ChannelRecord _record;
    private readonly Findings _findings;
    private readonly Timeline _timeline;

    private Judge(ChannelRecord record)
    {
        (_record, _findings) = (record, new Findings(record.Channel));
        _timeline = new Timeline(record, _findings);
    }

    /// <summary>Every broken promise in the channel, in no particular order.</summary>
    public static IReadOnlyCollection<Finding> Findings(ChannelRecord record)
    {
        var judge = new Judge(record);
        judge.CheckRepeats();
        judge.ExplainMessages();
        judge.ExplainDeeds();
        judge.CheckSenders();
        new DeviceJudge(record, judge._timeline, judge._findings).Check();
        new HistoryJudge(record, judge._timeline, judge._findings).Check();
        judge.CheckCounts();
        new ReceiptJudge(record, judge._timeline, judge._findings).Check();
        return judge._findings.All;
    }

    private void CheckRepeats()
    {
        foreach (var send in _record.Sends)
        {
            if (send.RepeatedIds.FirstOrDefault(id => id != send.Id) is var second and not 0)
            {
                Report(FindingKind.Duplicated, second, $"{send} has id {send.Id}, and its repeat was given this one");
            }
        }
    }

    /// <summary>A message without an acknowledgement is an unacknowledged send, once.</summary>
    private void ExplainMessages()
    {
        var open = _record.Sends.Where(s => !s.IsAcknowledged).ToList();
        foreach (var e in _timeline.Events.Where(e => e.IsMessage && !_timeline.Sends.ContainsKey(e.Id)))
        {
            if (open.Find(s => Timeline.Shows(e, s)) is { } unacknowledged)
            {
                open.Remove(unacknowledged);
            }
            else if (_record.Sends.FirstOrDefault(s => Timeline.Shows(e, s) && MayBe(e.Id, s)) is { } again)
            {
                Report(FindingKind.Duplicated, e.Id, $"{again} has id {again.Id} and this one");
            }
            else
            {
                Report(FindingKind.Corrupted, e.Id, $"nobody sent {e}");
            }
        }

        // A device of the sender may have seen the client id: then it decides.
        bool MayBe(long id, Send send) =>
            _record.Devices.All(d => !d.Log.OwnClientIds.TryGetValue(id, out var clientId) || clientId == send.ClientId);
    }

    /// <summary>Every edit, deletion and reaction is somebody's deed, and every deed that was answered is there.</summary>
    private void ExplainDeeds()
    {
        foreach (var deed in _record.Deeds.Where(d => d.Id != 0))
        {
            if (_timeline[deed.Id] is not { } e)
            {
                Report(FindingKind.Lost, deed.Id, $"nobody saw {deed}");
            }
            else if (!deed.IsDoneBy(e))
            {
                Report(FindingKind.Corrupted, deed.Id, $"was the answer to {deed}, but is {e}");
            }
        }

        var done = new HashSet<(string, EventKind, long, string)>();
        foreach (var e in _timeline.Events.Where(e => e.IsAnnotation))
        {
            if (!_record.Deeds.Any(d => d.IsDoneBy(e)))
            {
                Report(FindingKind.Corrupted, e.Id, $"nobody did {e}");
            }
            else if (!done.Add((e.From, e.Kind, e.Target, e.Text)))
            {
                Report(FindingKind.Duplicated, e.Id, $"was done before: {e}");
            }
        }
    }

    /// <summary>A client's requests are made in order, so a device's texts are stored in the order of their submission.</summary>
    private void CheckSenders()
    {
        foreach (var sender in _record.Sends.Where(s => s.IsAcknowledged).GroupBy(s => s.Device))
        {
            Send? before = null;
            foreach (var send in sender.OrderBy(s => s.Order))
            {
                if (before is not null && send.Id < before.Id)
                {
                    Report(FindingKind.OutOfOrder, send.Id, $"{send} came after {before}, which has id {before.Id}");
                }

                before = send;
            }
        }
    }

    /// <summary>n counts the messages; it can only be checked when none is missing.</summary>
    private void CheckCounts()
    {
        if (_findings.All.Count > 0)
        {
            return;
        }

        var n = 0L;
        for (var id = 1L; id <= _timeline.Head; id++)
        {
            n += _timeline[id] is { IsMessage: true } ? 1 : 0;
            var said = _timeline.Sends.TryGetValue(id, out var send) ? send.N : _timeline[id]?.N ?? n;
            if (said != n)
            {
                Report(FindingKind.Corrupted, id, $"says n {said}, but it holds {n} messages up to here");
                return;
            }
        }
    }

    private void Report(FindingKind kind, long id, string detail) => _findings.Report(kind, id, "timeline", detail);
}
