using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;
using ChatAkka.Domain.Timelines;
using ChatAkka.Storage.Push;
using ChatAkka.Storage.Tests.Sqlite;

namespace ChatAkka.Storage.Tests.Push;

/// <summary>One push a user and channel from the message until the user returns, across restarts.</summary>
public sealed class SqlitePushOutboxTests : IAsyncLifetime
{
    private const long Now = 1_800_000_000_000;
    private static readonly UserId Ann = new("101");
    private static readonly UserId Bob = new("102");
    private static readonly ChannelId Group = new("7001");
    private static readonly ChannelId Direct = new("101-102");

    private readonly TempDirectory _directory = new();
    private TestStore _test = null!;
    private SqlitePushOutbox _outbox = null!;

    public Task InitializeAsync()
    {
        Open();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _test.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Push_is_due_from_the_time_of_its_message()
    {
        await AddAsync(new PushRequest(Ann, Group, 17, Now));

        (await DueAsync(Now - 1)).ShouldBeEmpty();
        var push = (await DueAsync(Now)).ShouldHaveSingleItem();
        (push.User, push.Channel, push.MessageId, push.At, push.Attempts).ShouldBe((Ann, Group, 17, Now, 0));
    }

    [Fact]
    public async Task User_and_channel_that_have_a_push_keep_the_first()
    {
        await AddAsync(new(Ann, Group, 17, Now), new(Ann, Group, 18, Now), new(Bob, Group, 17, Now));
        await AddAsync(new(Ann, Group, 19, Now - 5), new(Ann, Direct, 3, Now));

        (await DueAsync(Now)).Select(push => (push.User, push.Channel, push.MessageId))
            .ShouldBe([(Ann, Group, 17), (Bob, Group, 17), (Ann, Direct, 3)]);
    }

    [Fact]
    public async Task Adding_what_is_there_and_clearing_nothing_cost_no_commit()
    {
        await AddAsync(new PushRequest(Ann, Group, 17, Now));
        (await CommitsAsync()).ShouldBe(1);

        await AddAsync(new PushRequest(Ann, Group, 18, Now));
        await _outbox.ClearAsync(Bob, CancellationToken.None);
        await AddAsync();

        (await CommitsAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Push_that_was_sent_keeps_its_channel_from_another_until_the_user_returns()
    {
        await AddAsync(new(Ann, Group, 17, Now), new(Ann, Direct, 3, Now));
        await _outbox.SentAsync((await DueAsync(Now))[0].Id, CancellationToken.None);
        await AddAsync(new PushRequest(Ann, Group, 18, Now));

        (await DueAsync(Now)).ShouldHaveSingleItem().Channel.ShouldBe(Direct);
        (await _outbox.ListAsync(Ann, CancellationToken.None)).ShouldBe([Group, Direct], ignoreOrder: true);

        await _outbox.ClearAsync(Ann, CancellationToken.None);
        (await _outbox.ListAsync(Ann, CancellationToken.None)).ShouldBeEmpty();
        (await DueAsync(Now)).ShouldBeEmpty();

        await AddAsync(new PushRequest(Ann, Group, 19, Now));
        (await DueAsync(Now)).ShouldHaveSingleItem().MessageId.ShouldBe(19);
    }

    [Fact]
    public async Task Clear_leaves_the_pushes_of_other_users()
    {
        await AddAsync(new(Ann, Group, 17, Now), new(Bob, Group, 17, Now));

        await _outbox.ClearAsync(Ann, CancellationToken.None);

        (await DueAsync(Now)).ShouldHaveSingleItem().User.ShouldBe(Bob);
    }

    [Fact]
    public async Task Clear_takes_a_push_whose_write_still_waits()
    {
        var held = _test.Hold();
        var add = AddAsync(new PushRequest(Ann, Group, 17, Now));
        var clear = _outbox.ClearAsync(Ann, CancellationToken.None);
        _test.Release();
        await Task.WhenAll(held, add, clear).Within("the writes");

        (await _outbox.ListAsync(Ann, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Due_pushes_come_longest_due_first_and_no_more_than_asked_for()
    {
        await AddAsync(new(Ann, Group, 1, Now), new(Ann, Direct, 2, Now - 10), new(Bob, Group, 3, Now - 10), new(Bob, Direct, 4, Now + 1));

        (await DueAsync(Now)).Select(push => push.MessageId).ShouldBe([2, 3, 1]);
        (await DueAsync(Now, limit: 2)).Select(push => push.MessageId).ShouldBe([2, 3]);
    }

    [Fact]
    public async Task Next_due_passes_over_what_is_due_already_and_what_is_done()
    {
        await AddAsync(new(Ann, Group, 1, Now), new(Ann, Direct, 2, Now + 10), new(Bob, Group, 3, Now + 20));
        (await _outbox.NextDueAsync(Now, CancellationToken.None)).ShouldBe(Now + 10);

        await _outbox.SentAsync((await DueAsync(Now + 10))[1].Id, CancellationToken.None);
        (await _outbox.NextDueAsync(Now, CancellationToken.None)).ShouldBe(Now + 20);
        (await _outbox.NextDueAsync(Now + 20, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Retry_counts_the_attempt_and_waits_for_its_time_under_the_same_delivery_id()
    {
        await AddAsync(new PushRequest(Ann, Group, 17, Now));
        var first = (await DueAsync(Now)).ShouldHaveSingleItem();

        await _outbox.RetryAsync(first.Id, Now + 1_000, "status 503", CancellationToken.None);

        (await DueAsync(Now + 999)).ShouldBeEmpty();
        (await DueAsync(Now + 1_000)).ShouldBe([first with { Attempts = 1 }]);
        _test.Scalar<string>("SELECT reason FROM push_outbox").ShouldBe("status 503");
    }

    [Fact]
    public async Task Outcome_of_a_push_that_is_gone_touches_no_other()
    {
        await AddAsync(new PushRequest(Ann, Group, 17, Now));
        var gone = (await DueAsync(Now)).ShouldHaveSingleItem();
        await _outbox.ClearAsync(Ann, CancellationToken.None);
        await AddAsync(new PushRequest(Ann, Group, 18, Now));

        await _outbox.SentAsync(gone.Id, CancellationToken.None);
        await _outbox.RetryAsync(gone.Id, Now + 1_000, "late", CancellationToken.None);
        await _outbox.DeadAsync(gone.Id, "late", Now, CancellationToken.None);

        var push = (await DueAsync(Now)).ShouldHaveSingleItem();
        (push.MessageId, push.Attempts).ShouldBe((18, 0));
        push.DeliveryId.ShouldNotBe(gone.DeliveryId);
        _test.Scalar<long>("SELECT count(*) FROM push_dead_letter").ShouldBe(0);
    }

    [Fact]
    public async Task Dead_push_is_kept_with_its_facts_and_keeps_its_channel_from_another()
    {
        await AddAsync(new PushRequest(Ann, Group, 17, Now));
        var push = (await DueAsync(Now)).ShouldHaveSingleItem();
        await _outbox.RetryAsync(push.Id, Now, "status 503", CancellationToken.None);

        await _outbox.DeadAsync(push.Id, "status 410", Now + 5, CancellationToken.None);
        await _outbox.DeadAsync(push.Id, "again", Now + 6, CancellationToken.None);
        await AddAsync(new PushRequest(Ann, Group, 18, Now));

        (await DueAsync(Now + 10)).ShouldBeEmpty();
        (await _outbox.ListAsync(Ann, CancellationToken.None)).ShouldBe([Group]);
        _test.Scalar<long>("SELECT count(*) FROM push_dead_letter").ShouldBe(1);
        _test.Scalar<string>("SELECT printf('%d %d %s', push_id, user_id, channel_id) FROM push_dead_letter")
            .ShouldBe($"{push.Id} 101 7001");
        _test.Scalar<string>("SELECT printf('%d %d %s', message_id, attempts, reason) FROM push_dead_letter").ShouldBe("17 2 status 410");
        _test.Scalar<long>("SELECT dead_at - at FROM push_dead_letter").ShouldBe(5);
    }

    [Fact]
    public async Task Dead_letters_are_bounded_and_the_newest_stay()
    {
        const int extra = 25;
        PushRequest[] requests =
        [
            .. Enumerable.Range(1, SqlitePushOutbox.DeadLetters + extra)
                .Select(n => new PushRequest(new UserId($"{1_000_000 + n}"), Group, n, Now)),
        ];
        await AddAsync(requests);
        var due = await DueAsync(Now, requests.Length);

        await Task.WhenAll(due.Select(push => _outbox.DeadAsync(push.Id, "status 410", Now, CancellationToken.None)))
            .Within("all to be given up");

        _test.Scalar<long>("SELECT count(*) FROM push_dead_letter").ShouldBe(SqlitePushOutbox.DeadLetters);
        _test.Scalar<long>("SELECT min(message_id) FROM push_dead_letter").ShouldBe(extra + 1);
        _test.Scalar<long>("SELECT max(message_id) FROM push_dead_letter").ShouldBe(SqlitePushOutbox.DeadLetters + extra);
    }

    [Fact]
    public async Task Everything_survives_a_restart()
    {
        await AddAsync(new(Ann, Group, 17, Now), new(Ann, Direct, 3, Now), new(Bob, Group, 17, Now));
        var before = await DueAsync(Now);
        await _outbox.SentAsync(before[0].Id, CancellationToken.None);
        await _outbox.RetryAsync(before[1].Id, Now + 1_000, "timeout", CancellationToken.None);

        await RestartAsync();

        (await DueAsync(Now)).ShouldBe([before[2]]);
        (await DueAsync(Now + 1_000)).ShouldBe([before[2], before[1] with { Attempts = 1 }]);
        (await _outbox.ListAsync(Ann, CancellationToken.None)).ShouldBe([Group, Direct], ignoreOrder: true);
    }

    [Fact]
    public async Task Delivery_id_of_a_push_that_is_gone_does_not_come_back_with_a_restart()
    {
        await AddAsync(new PushRequest(Ann, Group, 17, Now));
        var first = (await DueAsync(Now)).ShouldHaveSingleItem().DeliveryId;
        await _outbox.ClearAsync(Ann, CancellationToken.None);
        await RestartAsync();
        await AddAsync(new PushRequest(Ann, Group, 18, Now));

        var second = (await DueAsync(Now)).ShouldHaveSingleItem().DeliveryId;

        second.ShouldNotBe(first);
        second.Split('-')[0].ShouldBe(first.Split('-')[0], "both are this store's");
        first.Split('-')[0].Length.ShouldBe(16);
    }

    [Fact]
    public async Task Two_stores_have_no_delivery_id_in_common()
    {
        await using var other = new TestStore();
        var elsewhere = new SqlitePushOutbox(other.Store);
        await AddAsync(new PushRequest(Ann, Group, 17, Now));
        await elsewhere.AddAsync([new PushRequest(Ann, Group, 17, Now)], CancellationToken.None);

        var here = (await DueAsync(Now)).ShouldHaveSingleItem();
        var there = (await elsewhere.TakeDueAsync(Now, 1, CancellationToken.None)).ShouldHaveSingleItem();

        there.Id.ShouldBe(here.Id);
        there.DeliveryId.ShouldNotBe(here.DeliveryId);
    }

    [Fact]
    public void Due_pushes_are_found_by_the_index_without_sorting() => Plan(SqlitePushOutbox.Due).ShouldNotContain("B-TREE");

    [Fact]
    public async Task Store_that_cant_write_refuses()
    {
        _test.WriterPragma = "PRAGMA query_only=1;";

        await Should.ThrowAsync<StorageUnavailableException>(() => AddAsync(new PushRequest(Ann, Group, 17, Now)));
        await Should.ThrowAsync<StorageUnavailableException>(() => _outbox.DeadAsync(1, "status 410", Now, CancellationToken.None));
    }

    private Task AddAsync(params PushRequest[] requests) => _outbox.AddAsync(requests, CancellationToken.None);

    private Task<IReadOnlyList<PendingPush>> DueAsync(long now, int limit = 100) =>
        _outbox.TakeDueAsync(now, limit, CancellationToken.None);

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
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_directory.Database};Mode=ReadOnly;Pooling=False");
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

    private void Open()
    {
        _test = new TestStore(directory: _directory);
        _outbox = new SqlitePushOutbox(_test.Store);
    }

    private async Task RestartAsync()
    {
        await _test.DisposeAsync();
        Open();
    }
}
