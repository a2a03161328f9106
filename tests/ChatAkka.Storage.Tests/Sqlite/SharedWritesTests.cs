using ChatAkka.Domain.Timelines;
using ChatAkka.Storage.Journals;
using ChatAkka.Storage.Sqlite;
using ChatAkka.Storage.Tests.Journals;
using Microsoft.Data.Sqlite;

namespace ChatAkka.Storage.Tests.Sqlite;

/// <summary>Writers that share one file take turns: each waits, but not for ever, and none is kept out by those who always write.</summary>
public sealed class SharedWritesTests : IAsyncLifetime
{
    private readonly TempDirectory _directory = new();
    private SqliteStore _store = null!;
    private SqliteStore _other = null!;

    public Task InitializeAsync()
    {
        _store = Open();
        _other = Open();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await _other.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Write_waits_for_another_that_has_the_lock()
    {
        Task write;
        await using (var connection = Connect())
        {
            await using var transaction = connection.BeginTransaction();
            write = _store.Journal.AppendAsync(Rows.Row("a", 1));
            await _other.Journal.NumbersAsync("a"); // whoever reads doesn't wait
            write.IsCompleted.ShouldBeFalse();
        }

        await write.Within("the write");
        _store.Health.State.ShouldBe(StorageState.Available);
    }

    [Fact]
    public async Task Write_that_never_gets_its_turn_is_refused_as_unavailable_and_the_store_recovers()
    {
        await using (var connection = Connect())
        {
            await using var transaction = connection.BeginTransaction();
            (await Should.ThrowAsync<StorageUnavailableException>(_store.Journal.AppendAsync(Rows.Row("a", 1)).Within("a refusal")))
                .Message.ShouldBe("Another program has locked the database.");
            _store.Health.State.ShouldBe(StorageState.Unavailable);
        }

        await _store.Becomes(StorageState.Available);
        await _store.Journal.AppendAsync(Rows.Row("a", 1));
    }

    [Fact]
    public async Task Writer_that_always_writes_lets_the_other_have_its_turns()
    {
        using var stop = new CancellationTokenSource();
        var flood = Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => FloodAsync(_other.Journal, $"flood-{i}", stop.Token))));
        for (var i = 1; i <= 100; i++)
        {
            await _store.Journal.AppendAsync(Rows.Row("a", i)).Within("a turn");
        }

        await stop.CancelAsync();
        await flood.Within("the flood to end");
        (await _other.Journal.NumbersAsync("a")).Length.ShouldBe(100);
    }

    [Fact]
    public async Task What_one_has_deleted_the_other_does_not_write_whatever_it_remembers()
    {
        await _store.Journal.AppendAsync(Rows.Range("a", 1, 3));
        await _other.Journal.AppendAsync(Rows.Range("a", 4, 5));
        await _other.Journal.DeleteToAsync("a", 5);

        await Should.ThrowAsync<JournalConflictException>(_store.Journal.AppendAsync(Rows.Row("a", 4)));
    }

    [Fact]
    public async Task Log_is_started_over_although_several_write_to_it()
    {
        var wal = new FileInfo(_directory.Database + "-wal");
        var payload = new string('x', 20_000);
        for (var i = 1; i <= 500; i++)
        {
            await Task.WhenAll(
                _store.Journal.AppendAsync(Rows.Row("a", i, payload)), _other.Journal.AppendAsync(Rows.Row("b", i, payload))).Within("both");
        }

        wal.Refresh();
        wal.Length.ShouldBeLessThan(6 * 1024 * 1024, "20 MB were written through it");
    }

    private static async Task FloodAsync(IEventStore events, string id, CancellationToken stop)
    {
        for (var i = 1; !stop.IsCancellationRequested; i++)
        {
            await events.AppendAsync(Rows.Row(id, i));
        }
    }

    private SqliteStore Open() => SqliteStore.OpenShared(
        new StorageOptions { DataDirectory = _directory.Path, HealthProbeIntervalMs = 10, WalLimitMiB = 1, CheckpointPages = 50 },
        TimeProvider.System);

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={_directory.Database};Pooling=False");
        connection.Open();
        return connection;
    }
}
