using ChatAkka.Domain.Timelines;
using ChatAkka.Storage.Sqlite;
using ChatAkka.Storage.Tests.Journals;

namespace ChatAkka.Storage.Tests.Sqlite;

/// <summary>A store that can't write says so, never claims success, and recovers by itself.</summary>
public sealed class FaultTests
{
    [Theory]
    [InlineData("PRAGMA max_page_count=1", "full")]
    [InlineData("PRAGMA query_only=1", "read-only")]
    public async Task Fault_of_the_store_fails_every_write_of_the_group_until_it_is_gone(string fault, string sentence)
    {
        await using var test = new TestStore();
        await test.Store.Journal.AppendAsync(Rows.Row("channel-1", 1));
        var caught = test.Hold();
        // Large, so that each of them needs pages that the file doesn't have.
        var large = new string('x', 64 * 1024);
        Task[] writes = [.. Enumerable.Range(1, 20).Select(i => test.Store.Journal.AppendAsync(Rows.Row($"channel-{i}", 2, large)))];

        test.WriterPragma = fault;
        var unavailable = test.Store.Becomes(StorageState.Unavailable);
        test.Release();
        await unavailable;

        foreach (var write in writes)
        {
            await Should.ThrowAsync<StorageUnavailableException>(write);
        }

        test.Store.Health.Sentence.ShouldContain(sentence);
        await Should.ThrowAsync<StorageUnavailableException>(test.Store.Journal.AppendAsync(Rows.Row("channel-1", 2, large)));
        (await test.Store.Journal.NumbersAsync("channel-1")).ShouldBe([1]);
        await Task.WhenAny(caught);

        test.WriterPragma = null;
        await test.Store.Becomes(StorageState.Available);
        await test.Store.Journal.AppendAsync(Rows.Row("channel-1", 2, large));
        (await test.Store.Journal.NumbersAsync("channel-1")).ShouldBe([1, 2]);
        test.Scalar<long>("SELECT count(*) FROM health_probe").ShouldBe(0);
        test.Scalar<string>("PRAGMA integrity_check").ShouldBe("ok");
    }

    [Fact]
    public async Task Write_is_tried_although_the_store_is_unavailable()
    {
        await using var test = new TestStore(new StorageOptions { HealthProbeIntervalMs = 3_600_000 });
        test.WriterPragma = "PRAGMA query_only=1";
        await Should.ThrowAsync<StorageUnavailableException>(test.Store.Journal.AppendAsync(Rows.Row("channel-1", 1)));
        test.WriterPragma = null;

        await test.Store.Journal.AppendAsync(Rows.Row("channel-1", 1));

        test.Store.Health.State.ShouldBe(StorageState.Available);
    }

    [Fact]
    public async Task Transaction_that_writes_nothing_does_not_make_the_store_available()
    {
        await using var test = new TestStore(new StorageOptions { HealthProbeIntervalMs = 3_600_000 });
        test.WriterPragma = "PRAGMA max_page_count=1";
        await Should.ThrowAsync<StorageUnavailableException>(test.Store.Journal.AppendAsync(Rows.Row("channel-1", 1, new string('x', 64 * 1024))));

        await test.Store.WriteAsync(static _ => true, CancellationToken.None);

        test.Store.Health.State.ShouldBe(StorageState.Unavailable);
    }

    [SkippableFact]
    public async Task Full_disk_fails_writes_until_there_is_room_again()
    {
        using var disk = SmallDisk.Mount(megabytes: 4);
        await using var store = SqliteStore.Open(new StorageOptions { DataDirectory = disk.Path, HealthProbeIntervalMs = 10 }, TimeProvider.System);
        await store.Journal.AppendAsync(Rows.Row("channel-1", 1));
        var unavailable = store.Becomes(StorageState.Unavailable);

        var written = await disk.WriteUntilFull(i => store.Journal.AppendAsync(Rows.Row("channel-1", i, new string('x', 50_000))));

        (await unavailable).Sentence.ShouldContain("full");
        (await store.Journal.NumbersAsync("channel-1")).Length.ShouldBe(written);

        // It may be available already: a probe is small, and may find room where a row of 50 KB found none.
        var available = store.Becomes(StorageState.Available);
        disk.Grow(megabytes: 64);
        await available;
        await store.Journal.AppendAsync(Rows.Row("channel-1", written + 1, new string('x', 50_000)));
        (await store.Journal.NumbersAsync("channel-1")).ShouldBe(Enumerable.Range(1, written + 1).Select(i => (long)i));
    }

    [SkippableFact]
    public async Task Read_only_file_opens_as_unavailable_and_recovers_when_it_is_writable()
    {
        using var directory = new TempDirectory();
        await using (var store = SqliteStore.Open(new StorageOptions { DataDirectory = directory.Path }, TimeProvider.System))
        {
            await store.Journal.AppendAsync(Rows.Row("channel-1", 1));
        }

        using var lid = ReadOnlyFile.Protect(directory.Database);
        await using var test = new TestStore(directory: directory);

        test.Store.Health.State.ShouldBe(StorageState.Unavailable);
        test.Store.Health.Sentence.ShouldContain("read-only");
        (await test.Store.Journal.NumbersAsync("channel-1")).ShouldBe([1]);
        await Should.ThrowAsync<StorageUnavailableException>(test.Store.Journal.AppendAsync(Rows.Row("channel-1", 2)));

        lid.Dispose();
        await test.Store.Becomes(StorageState.Available);
        await test.Store.Journal.AppendAsync(Rows.Row("channel-1", 2));
        (await test.Store.Journal.NumbersAsync("channel-1")).ShouldBe([1, 2]);
    }
}
