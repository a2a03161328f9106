using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;
using ChatAkka.Domain.Timelines;
using ChatAkka.Storage.Push;
using ChatAkka.Storage.Tests.Conformance;
using ChatAkka.Storage.Tests.Sqlite;
using Microsoft.Data.Sqlite;

namespace ChatAkka.Storage.Tests.Push;

/// <summary>What SQLite's outbox does beyond its contract.</summary>
public sealed class SqlitePushOutboxTests : IAsyncDisposable
{
    private const long Now = 1_800_000_000_000;
    private static readonly UserId Ann = new("101");
    private static readonly UserId Bob = new("102");
    private static readonly ChannelId Group = new("7001");

    private readonly TestStore _test = new();

    private IPushOutbox Outbox => _test.Store.Outbox;

    private IPushQueue Pushes => _test.Store.PushesOf(Peeks.Node);

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public async Task Adding_what_is_there_and_clearing_nothing_cost_no_commit()
    {
        await AddAsync(new PushRequest(Ann, Group, 17, Now));
        (await CommitsAsync()).ShouldBe(1);

        await AddAsync(new PushRequest(Ann, Group, 18, Now));
        await Outbox.ClearAsync(Bob, CancellationToken.None);
        await AddAsync();

        (await CommitsAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Clear_takes_a_push_whose_write_still_waits()
    {
        var held = _test.Hold();
        var add = AddAsync(new PushRequest(Ann, Group, 17, Now));
        var clear = Outbox.ClearAsync(Ann, CancellationToken.None);
        _test.Release();
        await Task.WhenAll(held, add, clear).Within("the writes");

        (await Outbox.ListAsync(Ann, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Reason_of_a_failed_attempt_is_there_to_be_read()
    {
        await AddAsync(new PushRequest(Ann, Group, 17, Now));
        var push = (await Pushes.PeekAsync(Now)).ShouldHaveSingleItem();

        await Pushes.RetryAsync(push.Id, Now + 1_000, "status 503", CancellationToken.None);

        _test.Scalar<string>("SELECT reason FROM push_outbox").ShouldBe("status 503");
    }

    [Fact]
    public void Due_pushes_are_found_by_the_index_without_sorting() => Plan(SqlitePushQueue.Due).ShouldNotContain("B-TREE");

    [Fact]
    public async Task Store_that_cant_write_refuses()
    {
        _test.WriterPragma = "PRAGMA query_only=1;";

        await Should.ThrowAsync<StorageUnavailableException>(() => AddAsync(new PushRequest(Ann, Group, 17, Now)));
        await Should.ThrowAsync<StorageUnavailableException>(() => Pushes.DeadAsync(1, "status 410", Now, CancellationToken.None));
    }

    private Task AddAsync(params PushRequest[] requests) => Outbox.AddAsync(requests, CancellationToken.None);

    /// <summary>Commits of everything so far: a commit is counted after its writes were answered, before the next group is taken.</summary>
    private async Task<int> CommitsAsync()
    {
        var held = _test.Hold();
        _test.Release();
        await held;
        return _test.Commits.Length;
    }

    private string Plan(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_test.Path, "chatakka.db")};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"EXPLAIN QUERY PLAN {sql.Replace("?1", "1").Replace("?2", "1")}";
        using var reader = command.ExecuteReader();
        List<string> steps = [];
        while (reader.Read())
        {
            steps.Add(reader.GetString(3));
        }

        steps.ShouldContain(step => step.Contains("push_outbox_due"));
        return string.Join("; ", steps);
    }
}
