using ChatAkka.Protocol.Frames;

namespace ChatAkka.Replay.Judging;

/// <summary>Compares every member's history with what the timeline folds to; who isn't a member must have none.</summary>
internal sealed class HistoryJudge(ChannelRecord record, Timeline timeline, Findings findings)
{
    private readonly SortedDictionary<long, FoldedText> _folded = FoldedText.Fold(timeline);

    public void Check()
    {
        foreach (var reading in record.Readings)
        {
            var until = timeline.MembershipOf(reading.User).Until;
            if (until <= timeline.Head)
            {
                if (reading.Messages is not null || reading.Details is not null)
                {
                    findings.Report(FindingKind.Leaked, until, reading.Where, "could be read by somebody who wasn't a member any more");
                }
            }
            else if (reading.Messages is null || reading.Details is null)
            {
                findings.Report(FindingKind.Lost, timeline.Head, reading.Where, "is hidden from a member");
            }
            else
            {
                Check(reading.Where, reading.User, reading.Messages);
            }
        }
    }

    private void Check(string where, string user, IReadOnlyList<PagedMessage> messages)
    {
        var shown = new HashSet<long>();
        var last = 0L;
        foreach (var message in messages)
        {
            if (!shown.Add(message.Id))
            {
                findings.Report(FindingKind.Duplicated, message.Id, where, "shown twice");
            }
            else if (message.Id < last)
            {
                findings.Report(FindingKind.OutOfOrder, message.Id, where, $"shown after {last}");
            }

            last = Math.Max(last, message.Id);
            Check(where, user, message);
        }

        foreach (var (id, send) in timeline.Sends.Where(s => !shown.Contains(s.Key)))
        {
            findings.Report(FindingKind.Lost, id, where, $"doesn't show {send}");
        }

        foreach (var (id, folded) in _folded.Where(f => !shown.Contains(f.Key) && !timeline.Sends.ContainsKey(f.Key)))
        {
            findings.Report(FindingKind.Lost, id, where, $"doesn't show {folded.Message}, which a device saw");
        }
    }

    private void Check(string where, string user, PagedMessage shown)
    {
        if (!_folded.TryGetValue(shown.Id, out var folded))
        {
            if (!timeline.Sends.ContainsKey(shown.Id))
            {
                findings.Report(FindingKind.Corrupted, shown.Id, where, "shows a message that no device saw");
            }

            return; // where it was sent and no device saw it, the devices' judge says so
        }

        var message = folded.Message;
        if ((shown.From, shown.N, shown.At, shown.ReplyTo) != (message.From, message.N, message.At, message.Target))
        {
            var detail = $"shows n {shown.N} of user {shown.From} at {shown.At} instead of {message} at {message.At}";
            findings.Report(FindingKind.Corrupted, shown.Id, where, detail);
        }
        else if (folded.Differs(shown) is { } difference)
        {
            var isPlain = !folded.IsTouched && shown is { EditedAt: null, Deleted: false, Reactions.Count: 0 };
            findings.Report(isPlain ? FindingKind.Corrupted : FindingKind.Misfolded, shown.Id, where, $"shows {difference}");
        }
        else if (shown.ClientId is not null && shown.From != user)
        {
            findings.Report(FindingKind.Leaked, shown.Id, where, "shows another user's client id");
        }
    }
}
