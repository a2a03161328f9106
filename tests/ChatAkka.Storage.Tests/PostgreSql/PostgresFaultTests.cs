using ChatAkka.Domain.Timelines;
using ChatAkka.Domain.Users;
using ChatAkka.Storage.Journals;
using ChatAkka.Storage.Tests.Journals;

namespace ChatAkka.Storage.Tests.PostgreSql;

/// <summary>A store that loses its server says so, never claims success, and recovers by itself (P1, P5, P6).</summary>
public sealed class PostgresFaultTests : IAsyncLifetime
{
    private const string Id = "channel-7001";

    private TestDatabase _database = null!;
    private LinkToServer _link = null!;
    private ChatStore _store = null!;
    private int _acknowledged;

    private IEventStore Events => _store.Journal;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _link = new LinkToServer(_database.Options.ConnectionString);
        _store = await ChatStore.OpenAsync(
            TestDatabase.OptionsOf(_link.ConnectionString) with { CommandTimeoutSeconds = 1 }, TimeProvider.System, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
            await _link.DisposeAsync();
            await _database.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task Store_whose_link_is_cut_is_unavailable_until_it_is_healed()
    {
        await Events.AppendAsync(Rows.Row(Id, 1));
        _link.Cut();

        await Should.ThrowAsync<StorageUnavailableException>(Events.AppendAsync(Rows.Row(Id, 2)));
        await Should.ThrowAsync<StorageUnavailableException>(Events.NumbersAsync(Id));
        await Should.ThrowAsync<StorageUnavailableException>(_store.Accounts.FindByUsernameAsync("anna", CancellationToken.None));
        await Should.ThrowAsync<StorageUnavailableException>(
            _store.Cursors.SaveAsync([new DeviceCursor(new("1"), new("7001"), 1)], overwrite: false, CancellationToken.None));
        _store.Health.State.ShouldBe(StorageState.Unavailable);
        _store.Health.Sentence.ShouldStartWith("PostgreSQL can't be reached");

        _link.Heal();
        await _store.Becomes(StorageState.Available);
        await Events.AppendAsync(Rows.Row(Id, 2));
        (await Events.NumbersAsync(Id)).ShouldBe([1, 2]);
    }

    [SkippableFact]
    public async Task Store_whose_server_falls_silent_is_unavailable_in_time_and_refuses_at_once_from_then_on()
    {
        await Events.AppendAsync(Rows.Row(Id, 1));
        _link.FallSilent();

        await Should.ThrowAsync<StorageUnavailableException>(Events.AppendAsync(Rows.Row(Id, 2)).Within("the time-out"));
        var refused = Events.AppendAsync(Rows.Row(Id, 2));
        refused.IsFaulted.ShouldBeTrue("nothing is waited for");
        await Should.ThrowAsync<StorageUnavailableException>(refused);

        _link.FlowAgain();
        await _store.Becomes(StorageState.Available);

        // The write that was kept by the link may have come through; then the next one learns that its number is taken.
        var head = await Events.HighestAsync(Id);
        head.ShouldBeInRange(1, 2);
        await Events.AppendAsync(Rows.Row(Id, head + 1));
    }

    [SkippableFact]
    public async Task Nothing_acknowledged_is_lost_or_doubled_while_the_link_is_cut_again_and_again()
    {
        const int writers = 40;
        using var stop = new CancellationTokenSource();
        var acknowledged = Enumerable.Range(0, writers).Select(writer => WriteAsync($"channel-{writer}", stop.Token)).ToArray();
        for (var i = 0; i < 10; i++)
        {
            // The writers are in the middle of their work when the link is cut, and have found back to it before the next time.
            var before = Volatile.Read(ref _acknowledged);
            await Until("the writers to go on", () => Task.FromResult(Volatile.Read(ref _acknowledged) >= before + writers));
            _link.Cut();
            _link.Heal();
        }

        await _store.Becomes(StorageState.Available);
        await stop.CancelAsync();
        await Task.WhenAll(acknowledged).Within("the writers");
        await using var another = await _database.OpenAsync();
        for (var writer = 0; writer < writers; writer++)
        {
            var numbers = await another.Journal.NumbersAsync($"channel-{writer}");
            numbers.ShouldBe(Enumerable.Range(1, numbers.Length).Select(i => (long)i));
            numbers.Length.ShouldBeGreaterThanOrEqualTo((int)acknowledged[writer].Result);
        }
    }

    [SkippableFact]
    public async Task Two_stores_that_write_the_same_number_have_one_winner_each_time()
    {
        await using var other = await _database.OpenAsync();
        const int rounds = 300;
        var wins = await Task.WhenAll(RaceAsync(Events, "left"), RaceAsync(other.Journal, "right")).Within("the race");

        var rows = await Events.ReadAsync(Id);
        rows.Select(row => row.SequenceNr).ShouldBe(Enumerable.Range(1, rounds).Select(i => (long)i));
        rows.ShouldAllBe(row => wins.Single(win => win.Name == row.Text().Split(' ')[0]).Numbers.Contains(row.SequenceNr));
        wins.Sum(win => win.Numbers.Count).ShouldBe(rounds);

        static async Task<(string Name, HashSet<long> Numbers)> RaceAsync(IEventStore events, string name)
        {
            HashSet<long> won = [];
            for (var i = 1; i <= rounds; i++)
            {
                try
                {
                    await events.AppendAsync(Rows.Row(Id, i, name));
                    won.Add(i);
                }
                catch (JournalConflictException)
                {
                    // The other was first.
                }
            }

            return (name, won);
        }
    }

    [SkippableFact]
    public async Task Stale_store_cannot_write_where_another_has_gone_on_far_beyond()
    {
        await using var other = await _database.OpenAsync();
        await Events.AppendAsync(Rows.Row(Id, 1));
        await other.Journal.AppendAsync(Rows.Range(Id, 2, 100));

        foreach (var number in (long[])[2, 33, 64, 99, 100])
        {
            await Should.ThrowAsync<JournalConflictException>(Events.AppendAsync(Rows.Row(Id, number, "stale")));
        }

        await Events.AppendAsync(Rows.Row(Id, 101));
        (await other.Journal.ReadAsync(Id)).Select(row => row.Text()).ShouldBe(Enumerable.Range(1, 101).Select(i => $"an event {i}"));
    }

    [SkippableFact]
    public async Task Conflict_of_one_leaves_those_alone_that_are_committed_with_it()
    {
        await using var other = await _database.OpenAsync();
        await other.Journal.AppendAsync(Rows.Row("channel-50", 1, "first"));

        Task[] writes = [.. Enumerable.Range(0, 100).Select(i => Events.AppendAsync(Rows.Row($"channel-{i}", 1, "second")))];

        await Should.ThrowAsync<JournalConflictException>(writes[50]);
        await Task.WhenAll(writes.Where((_, i) => i != 50)).Within("the innocent");
        (await Events.ReadAsync("channel-50")).ShouldHaveSingleItem().Text().ShouldBe("first 1");
        _store.Health.State.ShouldBe(StorageState.Available);
    }

    [SkippableFact]
    public async Task Server_that_ends_all_connections_is_found_again()
    {
        await Events.AppendAsync(Rows.Row(Id, 1));
        await _database.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");

        await Until("a read to succeed", async () =>
        {
            try
            {
                return (await Events.NumbersAsync(Id)).Length == 1;
            }
            catch (StorageUnavailableException)
            {
                return false;
            }
        });
        await _store.Becomes(StorageState.Available);
        await Events.AppendAsync(Rows.Row(Id, 2));
    }

    [SkippableFact]
    public async Task Read_only_server_is_unavailable_until_it_is_none_any_more()
    {
        await _database.ExecuteAsync("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$");
        await _database.ExecuteAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");

        await Until("the store to be read-only", async () =>
        {
            await Should.ThrowAsync<StorageUnavailableException>(Events.AppendAsync(Rows.Row(Id, 1)));
            return _store.Health is { Sentence: "PostgreSQL is read-only: it is a standby, or was set so." };
        });

        await _database.ExecuteAsync(
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET default_transaction_read_only', current_database()); END $$");
        await _store.Becomes(StorageState.Available);
        await Events.AppendAsync(Rows.Row(Id, 1));
    }

    /// <returns>The highest number that was acknowledged.</returns>
    private async Task<long> WriteAsync(string id, CancellationToken stop)
    {
        var acknowledged = 0L;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                // As an actor that recovers: it asks where it is, for a write whose outcome it doesn't know may be stored.
                for (var next = await Events.HighestAsync(id) + 1; !stop.IsCancellationRequested; next++)
                {
                    next.ShouldBeGreaterThan(acknowledged);
                    await Events.AppendAsync(Rows.Row(id, next));
                    acknowledged = next;
                    Interlocked.Increment(ref _acknowledged);
                }
            }
            catch (Exception e) when (e is StorageUnavailableException or JournalConflictException)
            {
                await Task.Yield();
            }
        }

        return acknowledged;
    }

    private static async Task Until(string what, Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await condition())
        {
            await Task.Yield();
            if (patience.IsCancellationRequested)
            {
                throw new TimeoutException($"Waited 60 s for {what}.");
            }
        }
    }
}
