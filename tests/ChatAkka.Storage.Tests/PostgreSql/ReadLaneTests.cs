using ChatAkka.Domain.Timelines;
using ChatAkka.Storage.PostgreSql;
using Npgsql;

namespace ChatAkka.Storage.Tests.PostgreSql;

public sealed class ReadLaneTests : IAsyncLifetime
{
    private const string Which = "SELECT $1::bigint, now()"; // that is when the transaction began, and a round trip is one

    private TestDatabase _test = null!;
    private PostgresDatabase _database = null!;

    public async Task InitializeAsync()
    {
        _test = await TestDatabase.CreateBlankAsync();
        var options = _test.Options;
        options = options with { MaxConnections = options.ReservedConnections + 1 };
        _database = new PostgresDatabase(NpgsqlDataSource.Create(options.ConnectionString), options, TimeProvider.System);
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        await _test.DisposeAsync();
    }

    [SkippableFact]
    public async Task Reads_that_come_while_no_connection_is_free_go_together()
    {
        var lane = new ReadLane(_database);
        var free = await OccupyAsync();
        var reads = Enumerable.Range(0, 40).Select(n => lane.ReadAsync(Query(n), Row, default)).ToArray();
        free.SetResult();

        var rows = (await Task.WhenAll(reads)).Select(rows => rows.ShouldHaveSingleItem()).ToArray();

        rows.Select(row => row.Number).ShouldBe(Enumerable.Range(0, 40).Select(n => (long)n));
        rows.GroupBy(row => row.Began).Select(group => group.Count()).ShouldBe([32, 8]);
    }

    [SkippableFact]
    public async Task Caller_who_chokes_on_a_row_harms_only_itself()
    {
        var lane = new ReadLane(_database);
        var free = await OccupyAsync();
        var choking = lane.ReadAsync(Statements.Of("SELECT generate_series(1, 3)"), _ => throw new FormatException("a row"), default);
        var other = lane.ReadAsync(Query(7), Row, default);
        free.SetResult();

        (await other).ShouldHaveSingleItem().Number.ShouldBe(7);
        (await Should.ThrowAsync<FormatException>(choking)).Message.ShouldBe("a row");
    }

    [SkippableFact]
    public async Task Refusal_is_told_to_its_group_and_the_next_read_goes_on()
    {
        var lane = new ReadLane(_database);
        var free = await OccupyAsync();
        var refused = lane.ReadAsync(Statements.Of("SELECT 1 / 0"), _ => { }, default);
        var behind = lane.ReadAsync(Query(1), Row, default);
        free.SetResult();

        (await Should.ThrowAsync<PostgresException>(refused)).SqlState.ShouldBe(PostgresErrorCodes.DivisionByZero);
        await Should.ThrowAsync<PostgresException>(behind);
        (await lane.ReadAsync(Query(2), Row, default)).ShouldHaveSingleItem().Number.ShouldBe(2);
    }

    [SkippableFact]
    public async Task Read_that_was_given_up_while_it_waited_is_not_made()
    {
        var lane = new ReadLane(_database);
        var free = await OccupyAsync();
        using var cancel = new CancellationTokenSource();
        var given = lane.ReadAsync(Query(1), Row, cancel.Token);
        var kept = lane.ReadAsync(Query(2), Row, default);
        await cancel.CancelAsync();
        free.SetResult();

        await Should.ThrowAsync<OperationCanceledException>(given);
        (await kept).ShouldHaveSingleItem();
    }

    [SkippableFact]
    public async Task Reads_that_wait_are_told_when_no_connection_is_to_be_had()
    {
        var lane = new ReadLane(_database);
        var free = await OccupyAsync();
        var reads = Enumerable.Range(0, 40).Select(n => lane.ReadAsync(Query(n), Row, default)).ToArray();
        await _database.DisposeAsync();
        free.SetResult();

        foreach (var read in reads)
        {
            await Should.ThrowAsync<StorageUnavailableException>(read);
        }

        await Should.ThrowAsync<StorageUnavailableException>(() => lane.ReadAsync(Query(1), Row, default));
    }

    private static NpgsqlBatchCommand Query(long number) => Statements.Of(Which, Parameter.Of(number));

    private static (long Number, DateTime Began) Row(NpgsqlDataReader reader) => (reader.GetInt64(0), reader.GetDateTime(1));

    /// <summary>Takes the only free connection, until the result is set.</summary>
    private async Task<TaskCompletionSource> OccupyAsync()
    {
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var free = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = _database.RunAsync(
            async (_, _) =>
            {
                taken.SetResult();
                await free.Task;
                return 0;
            },
            default);
        await taken.Task;
        return free;
    }
}
