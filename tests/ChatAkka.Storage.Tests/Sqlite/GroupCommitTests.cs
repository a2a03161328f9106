using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Timelines;
using ChatAkka.Domain.Users;
using ChatAkka.Storage.Cursors;
using ChatAkka.Storage.Journals;
using ChatAkka.Storage.Tests.Journals;

namespace ChatAkka.Storage.Tests.Sqlite;

/// <summary>Whoever writes at the same time is committed together, and nobody pays for another's fault.</summary>
public sealed class GroupCommitTests
{
    private const int Writers = 100;

    [Fact]
    public async Task Writes_that_wait_are_committed_together_whatever_they_write()
    {
        await using var test = new TestStore();
        var caught = test.Hold();
        var cursor = test.Store.Cursors.SaveAsync([new DeviceCursor(new DeviceId("1"), new ChannelId("7"), 1)], false, CancellationToken.None);
        Task[] writes = [cursor, .. Enumerable.Range(0, Writers).Select(i => test.Store.Journal.AppendAsync(Rows.Row($"channel-{i}", 1)))];
        writes.ShouldAllBe(write => !write.IsCompleted);

        test.Release();
        await Task.WhenAll([caught, .. writes]).Within("the group");

        test.Commits.ShouldBe([Writers + 1]);
    }

    [Fact]
    public async Task Many_concurrent_writers_need_fewer_commits_than_writes()
    {
        await using var test = new TestStore();

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async id =>
        {
            for (var i = 1; i <= 20; i++)
            {
                await test.Store.Journal.AppendAsync(Rows.Row($"channel-{id}", i));
            }
        })).Within("the writers");

        test.Commits.Sum().ShouldBe(Writers * 20);
        test.Commits.Length.ShouldBeLessThan(Writers * 20 / 2);
    }

    [Fact]
    public async Task Failing_write_leaves_the_rest_of_its_group_alone()
    {
        await using var test = new TestStore();
        await test.Store.Journal.AppendAsync(Rows.Row("channel-50", 1, "first"));
        var caught = test.Hold();
        Task[] writes = [.. Enumerable.Range(0, Writers).Select(i => test.Store.Journal.AppendAsync(Rows.Row($"channel-{i}", 1, "second")))];

        test.Release();
        await caught;
        await Should.ThrowAsync<JournalConflictException>(writes[50]);
        await Task.WhenAll(writes.Where((_, i) => i != 50)).Within("the innocent");

        // One commit for the first event, one for the 100: the innocent have not paid a sync each.
        test.Commits.ShouldBe([1, Writers]);
        (await test.Store.Journal.ReadAsync("channel-50")).ShouldHaveSingleItem().Text().ShouldBe("first 1");
        (await test.Store.Journal.ReadAsync("channel-51")).ShouldHaveSingleItem().Text().ShouldBe("second 1");
        test.Store.Health.State.ShouldBe(StorageState.Available);
    }

    [Fact]
    public async Task Failing_write_that_was_first_to_name_an_id_does_not_leave_its_key_behind()
    {
        await using var test = new TestStore();
        var caught = test.Hold();
        var failing = test.Store.Journal.AppendAsync(Rows.Row("channel-new", 1), Rows.Row("channel-new", 1));
        var next = test.Store.Journal.AppendAsync(Rows.Row("channel-other", 1));
        test.Release();
        await caught;
        await Should.ThrowAsync<JournalConflictException>(failing);
        await next;

        await test.Store.Journal.AppendAsync(Rows.Row("channel-new", 1, "again"));

        (await test.Store.Journal.ReadAsync("channel-new")).ShouldHaveSingleItem().Text().ShouldBe("again 1");
        (await test.Store.Journal.ReadAsync("channel-other")).ShouldHaveSingleItem().Text().ShouldBe("an event 1");
    }

    [Fact]
    public async Task Write_beyond_the_queue_is_refused_at_once_and_the_others_are_stored()
    {
        await using var test = new TestStore(new StorageOptions { WriterQueueItems = 10 });
        var caught = test.Hold();
        Task[] writes = [.. Enumerable.Range(0, 10).Select(i => test.Store.Journal.AppendAsync(Rows.Row($"channel-{i}", 1)))];

        await Should.ThrowAsync<StorageUnavailableException>(test.Store.Journal.AppendAsync(Rows.Row("channel-11", 1)));

        test.Release();
        await Task.WhenAll([caught, .. writes]).Within("what was accepted");
        await test.Store.Journal.AppendAsync(Rows.Row("channel-11", 1));
        test.Store.Health.State.ShouldBe(StorageState.Available);
    }

    [Fact]
    public async Task Write_beyond_the_bytes_of_the_queue_is_refused_at_once()
    {
        await using var test = new TestStore(new StorageOptions { WriterQueueMiB = 1 });
        JournalRow half = new("channel-1", 1, 1, "", new byte[600 * 1024]);
        var caught = test.Hold();
        var first = test.Store.Journal.AppendAsync(half);

        await Should.ThrowAsync<StorageUnavailableException>(test.Store.Journal.AppendAsync(half with { PersistenceId = "channel-2" }));

        test.Release();
        await Task.WhenAll(caught, first).Within("what was accepted");
    }

    [Fact]
    public async Task Write_larger_than_any_bound_is_stored_by_itself()
    {
        await using var test = new TestStore(new StorageOptions { WriterQueueMiB = 1, CommitGroupKiB = 1 });

        await test.Store.Journal.AppendAsync(new JournalRow("channel-1", 1, 1, "", new byte[3 * 1024 * 1024]));

        (await test.Store.Journal.HighestAsync("channel-1")).ShouldBe(1);
    }

    [Fact]
    public async Task Write_that_is_cancelled_while_it_waits_is_not_executed()
    {
        await using var test = new TestStore();
        using var cancel = new CancellationTokenSource();
        var caught = test.Hold();
        var write = test.Store.Journal.AppendAsync([Rows.Row("channel-1", 1)], cancel.Token);
        await cancel.CancelAsync();

        test.Release();
        await caught;
        await Should.ThrowAsync<OperationCanceledException>(write);
        (await test.Store.Journal.HighestAsync("channel-1")).ShouldBe(0);
    }

    [Fact]
    public async Task Disposal_commits_what_waits_and_refuses_what_comes()
    {
        using var directory = new TempDirectory();
        var test = new TestStore(directory: directory);
        var caught = test.Hold();
        var write = test.Store.Journal.AppendAsync(Rows.Row("channel-1", 1));
        var disposal = test.DisposeAsync();

        await Task.WhenAll(caught, write).Within("the write");
        await disposal;
        await Should.ThrowAsync<StorageUnavailableException>(test.Store.Journal.AppendAsync(Rows.Row("channel-1", 2)));
        await Should.ThrowAsync<StorageUnavailableException>(test.Store.Journal.ReadAsync("channel-1"));

        await using var reopened = new TestStore(directory: directory);
        (await reopened.Store.Journal.NumbersAsync("channel-1")).ShouldBe([1]);
    }
}
