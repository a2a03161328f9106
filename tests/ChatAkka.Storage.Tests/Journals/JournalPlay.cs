using ChatAkka.Domain.Timelines;
using ChatAkka.Storage.Journals;
using ChatAkka.Storage.Tests.Conformance;

namespace ChatAkka.Storage.Tests.Journals;

/// <summary>Does the same with a store and with a <see cref="JournalModel"/>, on ids that no other play has.</summary>
internal sealed class JournalPlay(TestedStore tested)
{
    private static int _plays;

    private readonly JournalModel _model = new();
    private readonly string[] _ids =
        [.. ((string[])["channel", "channel", "user"]).Select(kind => $"{kind}-{Interlocked.Increment(ref _plays)}")];
    private IUndeliveredTable _undelivered = tested.Store.TrackDelivery();

    private IEventStore Events => tested.Store.Journal;

    public async Task DoAsync(JournalStep step)
    {
        var id = _ids[step.Id];
        switch (step.Verb)
        {
            case JournalVerb.Append:
                await AppendAsync(New(step, id));
                break;
            case JournalVerb.AppendToTwo:
                await AppendAsync([.. New(step, id), .. New(step with { Offset = 0 }, _ids[(step.Id + 1) % _ids.Length])]);
                break;
            case JournalVerb.Annotate:
                await AppendAsync([.. New(step, id).Select((row, i) => Annotate(row, step.Number + i))]);
                break;
            case JournalVerb.Delete:
                var to = step.Number % (_model.Highest(id) + 3);
                await Events.DeleteToAsync(id, to);
                _model.DeleteTo(id, to);
                break;
            case JournalVerb.Settle:
                var head = _model.Highest(id) - (step.Number % 3);
                await _undelivered.SettledAsync(id, head, CancellationToken.None);
                _model.Settle(id, head);
                break;
            case JournalVerb.Read:
                var (from, limit) = (_model.Highest(id) - (step.Number % 40), step.Number % 9);
                await CompareAsync(id, from, from + (step.Count * 5), limit, backward: step.Number % 2 == 0);
                break;
            case JournalVerb.Reopen:
                await tested.ReopenAsync();
                _undelivered = tested.Store.TrackDelivery();
                break;
        }
    }

    /// <summary>Everything is as in the model.</summary>
    public async Task CompareAsync()
    {
        foreach (var id in _ids)
        {
            await CompareAsync(id, 1, long.MaxValue, int.MaxValue, backward: false);
            await CompareAsync(id, long.MinValue, long.MaxValue, int.MaxValue, backward: true);
        }

        Show(await Events.HeadsAsync(_ids, CancellationToken.None))
            .ShouldBe(Show(_ids.Select(_model.Head).OfType<JournalRow>()), ignoreOrder: true);
        (await _undelivered.PeekAsync()).Intersect(_ids).ShouldBe(_model.Undelivered, ignoreOrder: true);
    }

    private static IEnumerable<string> Show(IEnumerable<JournalRow> rows) => rows.Select(JournalModel.Show);

    private JournalRow[] New(JournalStep step, string id)
    {
        var from = Math.Max(1, _model.Highest(id) + 1 + step.Offset);
        return
        [
            .. Rows.Range(id, from, from + step.Count - 1, $"step {step.Number}").Select((row, i) => row with
            {
                SerializerId = step.Number,
                Manifest = $"m{i}",
                IsTimeline = id.StartsWith("channel", StringComparison.Ordinal),
            }),
        ];
    }

    /// <summary>The row, about an event that is there or comes with it, if there is one.</summary>
    private JournalRow Annotate(JournalRow row, int number)
    {
        var first = _model.DeletedTo(row.PersistenceId) + 1;
        return first >= row.SequenceNr ? row : row with
        {
            Annotates = (first + (number % Math.Min(4, row.SequenceNr - first)), number % 2 == 0 ? "t" : "r"),
        };
    }

    private async Task AppendAsync(JournalRow[] rows)
    {
        var expected = _model.TryAppend(rows);
        if (expected)
        {
            await Events.AppendAsync(rows);
        }
        else
        {
            await Should.ThrowAsync<JournalConflictException>(Events.AppendAsync(rows));
        }
    }

    private async Task CompareAsync(string id, long from, long to, long limit, bool backward)
    {
        Show(await Events.ReadAsync(id, from, to, limit, backward)).ShouldBe(Show(_model.Read(id, from, to, limit, backward)));
        Show(await Events.AnnotationsAsync(id, from, to, CancellationToken.None))
            .ShouldBe(Show(_model.Annotations(id, from, to)), ignoreOrder: true);
        (await Events.HighestAsync(id)).ShouldBe(_model.Highest(id));
    }
}
