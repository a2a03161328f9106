using ChatAkka.Storage.Journals;
using ChatAkka.Storage.Tests.Sqlite;

namespace ChatAkka.Storage.Tests.Journals;

public sealed class SnapshotTableTests : IAsyncLifetime
{
    private const string Id = "channel-1";
    private static readonly SnapshotRange All = new(0, long.MaxValue, 0, long.MaxValue);

    private TestStore _test = null!;
    private ISnapshotTable _snapshots = null!;

    public async Task InitializeAsync()
    {
        _test = new TestStore();
        _snapshots = _test.Store.Snapshots;
        foreach (var sequenceNr in (long[])[10, 20, 30])
        {
            await _snapshots.SaveAsync(Rows.Row(Id, sequenceNr, "state"), 100 * sequenceNr, CancellationToken.None);
            await _snapshots.SaveAsync(Rows.Row("channel-2", sequenceNr + 1, "other"), 1, CancellationToken.None);
        }
    }

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task Find_returns_the_newest_with_all_its_columns()
    {
        var (row, takenAt) = (await FindAsync(All)).ShouldNotBeNull();

        (row.PersistenceId, row.SequenceNr, row.SerializerId, row.Manifest, row.Text()).ShouldBe((Id, 30, 20, "mp", "state 30"));
        takenAt.ShouldBe(3_000);
    }

    [Theory]
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

    [Fact]
    public async Task Find_for_an_unknown_id_returns_nothing() =>
        (await _snapshots.FindAsync("channel-unknown", All, CancellationToken.None)).ShouldBeNull();

    [Fact]
    public async Task Save_of_the_same_number_replaces_what_was_there()
    {
        await _snapshots.SaveAsync(Rows.Row(Id, 30, "newer"), 4_000, CancellationToken.None);

        var (row, takenAt) = (await FindAsync(All)).ShouldNotBeNull();
        (row.Text(), takenAt).ShouldBe(("newer 30", 4_000));
    }

    [Fact]
    public async Task Delete_removes_what_is_in_the_range_of_that_id_only()
    {
        await _snapshots.DeleteAsync(Id, new SnapshotRange(15, 30, 0, 2_500), CancellationToken.None);
        (await FindAsync(new SnapshotRange(0, 29, 0, long.MaxValue))).ShouldNotBeNull().Row.SequenceNr.ShouldBe(10);

        await _snapshots.DeleteAsync(Id, All, CancellationToken.None);
        (await FindAsync(All)).ShouldBeNull();
        (await _snapshots.FindAsync("channel-2", All, CancellationToken.None)).ShouldNotBeNull().Row.SequenceNr.ShouldBe(31);
    }

    [Fact]
    public async Task Snapshot_of_a_megabyte_is_read_back_byte_for_byte()
    {
        var payload = new byte[1024 * 1024];
        new Random(1).NextBytes(payload);

        await _snapshots.SaveAsync(new JournalRow(Id, 40, 1, "", payload), 5_000, CancellationToken.None);

        (await FindAsync(All)).ShouldNotBeNull().Row.Payload.ShouldBe(payload);
    }

    private Task<(JournalRow Row, long TakenAt)?> FindAsync(SnapshotRange range) => _snapshots.FindAsync(Id, range, CancellationToken.None);
}
