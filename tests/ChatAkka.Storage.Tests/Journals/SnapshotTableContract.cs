using ChatAkka.Storage.Journals;
using ChatAkka.Storage.Tests.Conformance;

namespace ChatAkka.Storage.Tests.Journals;

/// <summary>What every table of snapshots must do.</summary>
public abstract class SnapshotTableContract<TStore> : StoreContract<TStore> where TStore : TestedStore, new()
{
    private const string Id = "channel-1";
    private static readonly SnapshotRange All = new(0, long.MaxValue, 0, long.MaxValue);

    private ISnapshotTable Snapshots => Store.Snapshots;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        foreach (var sequenceNr in (long[])[10, 20, 30])
        {
            await Snapshots.SaveAsync(Rows.Row(Id, sequenceNr, "state"), 100 * sequenceNr, CancellationToken.None);
            await Snapshots.SaveAsync(Rows.Row("channel-2", sequenceNr + 1, "other"), 1, CancellationToken.None);
        }
    }

    [SkippableFact]
    public async Task Find_returns_the_newest_with_all_its_columns()
    {
        var (row, takenAt) = (await FindAsync(All)).ShouldNotBeNull();

        (row.PersistenceId, row.SequenceNr, row.SerializerId, row.Manifest, row.Text()).ShouldBe((Id, 30, 20, "mp", "state 30"));
        takenAt.ShouldBe(3_000);
    }

    [SkippableTheory]
    [InlineData(0, 29, 0, long.MaxValue, 20)]
    [InlineData(0, 20, 0, long.MaxValue, 20)]
    [InlineData(0, long.MaxValue, 0, 1_999, 10)]
    [InlineData(0, long.MaxValue, 1_000, 1_000, 10)]
    [InlineData(11, 29, 0, long.MaxValue, 20)]
    [InlineData(0, 9, 0, long.MaxValue, 0)]
    [InlineData(31, long.MaxValue, 0, long.MaxValue, 0)]
    [InlineData(0, long.MaxValue, 3_001, long.MaxValue, 0)]
    public async Task Find_respects_every_bound(long minNr, long maxNr, long minTime, long maxTime, long found) =>
        ((await FindAsync(new SnapshotRange(minNr, maxNr, minTime, maxTime)))?.Row.SequenceNr ?? 0).ShouldBe(found);

    [SkippableFact]
    public async Task Find_for_an_unknown_id_returns_nothing() =>
        (await Snapshots.FindAsync("channel-unknown", All, CancellationToken.None)).ShouldBeNull();

    [SkippableFact]
    public async Task Save_of_the_same_number_replaces_what_was_there()
    {
        await Snapshots.SaveAsync(Rows.Row(Id, 30, "newer"), 4_000, CancellationToken.None);

        var (row, takenAt) = (await FindAsync(All)).ShouldNotBeNull();
        (row.Text(), takenAt).ShouldBe(("newer 30", 4_000));
    }

    [SkippableFact]
    public async Task Delete_removes_what_is_in_the_range_of_that_id_only()
    {
        await Snapshots.DeleteAsync(Id, new SnapshotRange(15, 30, 0, 2_500), CancellationToken.None);
        (await FindAsync(new SnapshotRange(0, 29, 0, long.MaxValue))).ShouldNotBeNull().Row.SequenceNr.ShouldBe(10);

        await Snapshots.DeleteAsync(Id, All, CancellationToken.None);
        (await FindAsync(All)).ShouldBeNull();
        (await Snapshots.FindAsync("channel-2", All, CancellationToken.None)).ShouldNotBeNull().Row.SequenceNr.ShouldBe(31);
    }

    [SkippableFact]
    public async Task Snapshot_of_a_megabyte_is_read_back_byte_for_byte()
    {
        var payload = new byte[1024 * 1024];
        new Random(1).NextBytes(payload);

        await Snapshots.SaveAsync(new JournalRow(Id, 40, 1, "", payload), 5_000, CancellationToken.None);

        (await FindAsync(All)).ShouldNotBeNull().Row.Payload.ShouldBe(payload);
    }

    [SkippableFact]
    public async Task Snapshots_are_there_after_a_restart()
    {
        await Tested.ReopenAsync();

        (await FindAsync(All)).ShouldNotBeNull().Row.Text().ShouldBe("state 30");
    }

    private Task<(JournalRow Row, long TakenAt)?> FindAsync(SnapshotRange range) => Snapshots.FindAsync(Id, range, CancellationToken.None);
}
