using System.Text.Json;
using ChatAkka.Storage.Journals;
using ChatAkka.Storage.Journals.PostgreSql;
using ChatAkka.Storage.Tests.Journals;

namespace ChatAkka.Storage.Tests.PostgreSql;

/// <summary>History lies in chunks of 32, and nobody who reads can tell.</summary>
public sealed class ChunkTests : IAsyncLifetime
{
    private const string Id = "channel-7001";

    private TestDatabase _database = null!;
    private ChatStore _store = null!;

    private IEventStore Events => _store.Journal;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _store = await _database.OpenAsync();
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await _database.DisposeAsync();
    }

    [SkippableTheory]
    [InlineData(31, 0)]
    [InlineData(32, 0)]
    [InlineData(33, 1)]
    [InlineData(64, 1)]
    [InlineData(65, 2)]
    public async Task Chunk_moves_when_an_event_goes_past_it(int events, int chunks)
    {
        for (var i = 1; i <= events; i++)
        {
            await Events.AppendAsync(Rows.Row(Id, i));
        }

        (await ChunksAsync()).ShouldBe(chunks);
        (await _database.QueryAsync<long>("SELECT count(*) FROM event")).ShouldBe([events - (32L * chunks)]);
        (await _database.QueryAsync<long>("SELECT tail FROM persistence")).ShouldBe([1 + (32L * chunks)]);
        (await Events.ReadAsync(Id)).Select(row => row.Text()).ShouldBe(Enumerable.Range(1, events).Select(i => $"an event {i}"));
    }

    [SkippableTheory]
    [InlineData(1, 200)]
    [InlineData(5, 40)]
    [InlineData(32, 32)]
    [InlineData(33, 47)]
    [InlineData(64, 31)]
    [InlineData(100, 3)]
    public async Task Appends_of_any_length_leave_every_full_chunk_but_the_newest_in_its_row(int length, int appends)
    {
        var next = 1L;
        for (var i = 0; i < appends; i++, next += length)
        {
            await Events.AppendAsync(Rows.Range(Id, next, next + length - 1));
        }

        var head = next - 1;
        (await ChunksAsync()).ShouldBe((int)((head - 1) / 32));
        (await Events.NumbersAsync(Id)).ShouldBe(Enumerable.Range(1, (int)head).Select(i => (long)i));
        (await Events.NumbersAsync(Id, backward: true)).ShouldBe(Enumerable.Range(1, (int)head).Reverse().Select(i => (long)i));
    }

    [SkippableFact]
    public async Task Every_range_is_read_wherever_it_begins_and_ends()
    {
        const int head = 130;
        await Events.AppendAsync(Rows.Range(Id, 1, head));
        await Events.AppendAsync(Rows.Range("channel-7000", 1, 70));
        for (var from = 1; from <= head; from += 7)
        {
            for (var to = from; to <= head; to += 5)
            {
                var all = Enumerable.Range(from, to - from + 1).Select(i => (long)i).ToArray();
                (await Events.NumbersAsync(Id, from, to)).ShouldBe(all);
                (await Events.NumbersAsync(Id, from, to, limit: 40)).ShouldBe(all.Take(40));
                (await Events.NumbersAsync(Id, from, to, limit: 40, backward: true)).ShouldBe(all.Reverse().Take(40));
            }
        }
    }

    [SkippableFact]
    public async Task Chunk_that_would_be_too_large_stays_as_it_is()
    {
        var large = new string('x', 20_000);
        await Events.AppendAsync(Rows.Range(Id, 1, 32, large));
        await Events.AppendAsync(Rows.Range(Id, 33, 70));

        (await ChunksAsync()).ShouldBe(1, "the second one");
        (await _database.QueryAsync<long>("SELECT tail FROM persistence")).ShouldBe([1], "the first one is still there");
        (await Events.ReadAsync(Id)).Select(row => row.Text()).ShouldBe(
            Enumerable.Range(1, 70).Select(i => i <= 32 ? $"{large} {i}" : $"an event {i}"));
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(50)]
    [InlineData(96)]
    [InlineData(99)]
    public async Task Deletion_within_a_chunk_leaves_the_rest_of_it(int to)
    {
        await Events.AppendAsync(Rows.Range(Id, 1, 100));

        await Events.DeleteToAsync(Id, to);

        (await Events.ReadAsync(Id)).Select(row => row.Text()).ShouldBe(Enumerable.Range(to + 1, 100 - to).Select(i => $"an event {i}"));
        await Should.ThrowAsync<JournalConflictException>(Events.AppendAsync(Rows.Row(Id, to)));
        await Events.AppendAsync(Rows.Range(Id, 101, 140));
        (await Events.NumbersAsync(Id, backward: true, limit: 1)).ShouldBe([140]);
    }

    [SkippableFact]
    public async Task Number_that_lies_in_a_chunk_is_taken()
    {
        await Events.AppendAsync(Rows.Range(Id, 1, 40));

        var conflict = await Should.ThrowAsync<JournalConflictException>(Events.AppendAsync(Rows.Row(Id, 7, "another")));

        (conflict.PersistenceId, conflict.SequenceNr).ShouldBe((Id, 7));
        (await Events.ReadAsync(Id, 7, 7)).ShouldHaveSingleItem().Text().ShouldBe("an event 7");
    }

    // A thousand channels that talked at the same time: their events came in one after the other's.
    [SkippableFact]
    public async Task Page_of_50_touches_few_pages_of_the_database()
    {
        const int channels = 200;
        for (var i = 1; i <= 200; i++)
        {
            await Events.AppendAsync([.. Enumerable.Range(0, channels).Select(channel => Rows.Row($"channel-{channel}", i, new string('x', 80)))]);
        }

        await _database.ExecuteAsync("VACUUM ANALYZE");
        var plan = await _database.QueryAsync<string>(
            "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + PostgresJournal.SelectAscending
                .Replace("$1", "'channel-77'").Replace("$2", "61::bigint").Replace("$3", "110::bigint").Replace("$4", "50::bigint"));

        var top = JsonDocument.Parse(plan.Single()).RootElement[0].GetProperty("Plan");
        top.GetProperty("Actual Rows").GetInt64().ShouldBe(50);
        (top.GetProperty("Shared Hit Blocks").GetInt64() + top.GetProperty("Shared Read Blocks").GetInt64()).ShouldBeLessThanOrEqualTo(20);
    }

    private async Task<int> ChunksAsync() => (int)(await _database.QueryAsync<long>("SELECT count(*) FROM event_chunk")).Single();
}
