using ChatAkka.Storage.Journals;
using ChatAkka.Storage.Tests.Conformance;
using FsCheck;
using FsCheck.Fluent;

namespace ChatAkka.Storage.Tests.Journals;

internal enum SnapshotVerb
{
    Save,
    Delete,
    Find,
    Reopen,
}

/// <summary>One call of a store's snapshots.</summary>
internal sealed record SnapshotStep(SnapshotVerb Verb, int Id, int SequenceNr, int TakenAt, int Length, int Text)
{
    public static Gen<SnapshotStep> Any { get; } =
        from verb in Gen.Frequency(
            (30, Gen.Constant(SnapshotVerb.Save)),
            (10, Gen.Constant(SnapshotVerb.Delete)),
            (40, Gen.Constant(SnapshotVerb.Find)),
            (1, Gen.Constant(SnapshotVerb.Reopen)))
        from id in Gen.Choose(0, 1)
        from sequenceNr in Gen.Choose(1, 12)
        from takenAt in Gen.Choose(0, 12)
        from length in Gen.Choose(0, 6)
        from text in Gen.Choose(0, 999)
        select new SnapshotStep(verb, id, sequenceNr, takenAt, length, text);

    public SnapshotRange Range => new(SequenceNr, SequenceNr + Length, TakenAt - Length, TakenAt);
}

/// <summary>Does the same with a store's snapshots and with a dictionary, on ids that no other play has.</summary>
internal sealed class SnapshotPlay(TestedStore tested)
{
    private static readonly SnapshotRange All = new(0, long.MaxValue, 0, long.MaxValue);
    private static int _plays;

    private readonly SortedDictionary<(string Id, long SequenceNr), (JournalRow Row, long TakenAt)> _model = [];
    private readonly string[] _ids = [.. Enumerable.Range(0, 2).Select(i => $"snapshots-{Interlocked.Increment(ref _plays)}-{i}")];

    public async Task DoAsync(SnapshotStep step)
    {
        var id = _ids[step.Id];
        switch (step.Verb)
        {
            case SnapshotVerb.Save:
                var row = Rows.Row(id, step.SequenceNr, $"state {step.Text}");
                await tested.Store.Snapshots.SaveAsync(row, step.TakenAt, CancellationToken.None);
                _model[(id, step.SequenceNr)] = (row, step.TakenAt);
                break;
            case SnapshotVerb.Delete:
                await tested.Store.Snapshots.DeleteAsync(id, step.Range, CancellationToken.None);
                foreach (var deleted in InRange(id, step.Range).ToArray())
                {
                    _model.Remove((id, deleted.Row.SequenceNr));
                }

                break;
            case SnapshotVerb.Find:
                await CompareAsync(id, step.Range);
                break;
            case SnapshotVerb.Reopen:
                await tested.ReopenAsync();
                break;
        }
    }

    /// <summary>Everything is as in the model.</summary>
    public async Task CompareAsync()
    {
        foreach (var id in _ids)
        {
            await CompareAsync(id, All);
            for (var sequenceNr = 1; sequenceNr <= 12; sequenceNr++)
            {
                await CompareAsync(id, All with { MinSequenceNr = sequenceNr, MaxSequenceNr = sequenceNr });
            }
        }
    }

    private async Task CompareAsync(string id, SnapshotRange range)
    {
        var found = await tested.Store.Snapshots.FindAsync(id, range, CancellationToken.None);
        Show(found is { } snapshot ? [snapshot] : []).ShouldBe(Show(InRange(id, range).TakeLast(1)));
    }

    private static IEnumerable<string> Show(IEnumerable<(JournalRow Row, long TakenAt)> snapshots) =>
        snapshots.Select(snapshot => $"{JournalModel.Show(snapshot.Row)} at {snapshot.TakenAt}");

    private IEnumerable<(JournalRow Row, long TakenAt)> InRange(string id, SnapshotRange range) => _model
        .Where(entry => entry.Key.Id == id && entry.Key.SequenceNr >= range.MinSequenceNr && entry.Key.SequenceNr <= range.MaxSequenceNr
            && entry.Value.TakenAt >= range.MinTakenAt && entry.Value.TakenAt <= range.MaxTakenAt)
        .Select(entry => entry.Value);
}
