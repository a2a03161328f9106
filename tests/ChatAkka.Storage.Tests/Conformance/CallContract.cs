using ChatAkka.Domain.Timelines;
using ChatAkka.Storage.Journals;
using ChatAkka.Storage.Tests.Journals;

namespace ChatAkka.Storage.Tests.Conformance;

/// <summary>What every store must do with calls that are cancelled, or that come when it is closed.</summary>
public abstract class CallContract<TStore> : StoreContract<TStore> where TStore : TestedStore, new()
{
    private const string Id = "channel-9";
    private static readonly CancellationToken Cancelled = new(canceled: true);

    public static TheoryData<string> Calls => [.. Call.All.Keys];

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await Call.PrepareAsync(Store);
    }

    [SkippableTheory]
    [MemberData(nameof(Calls))]
    public async Task Write_that_was_cancelled_before_it_began_stores_nothing(string name)
    {
        var call = Call.All[name];
        var before = await call.See(Store, CancellationToken.None);

        await Should.ThrowAsync<OperationCanceledException>(() => call.Write(Store, Cancelled));

        (await call.See(Store, CancellationToken.None)).ShouldBe(before);
        await call.Write(Store, CancellationToken.None);
        (await call.See(Store, CancellationToken.None)).ShouldNotBe(before);
    }

    [SkippableTheory]
    [MemberData(nameof(Calls))]
    public async Task Read_that_was_cancelled_before_it_began_leaves_the_store_usable(string name)
    {
        var call = Call.All[name];
        var before = await call.See(Store, CancellationToken.None);

        // More often than there can be connections.
        for (var i = 0; i < 100; i++)
        {
            await Should.ThrowAsync<OperationCanceledException>(() => call.See(Store, Cancelled));
        }

        (await call.See(Store, CancellationToken.None)).ShouldBe(before);
    }

    [SkippableTheory]
    [MemberData(nameof(Calls))]
    public async Task Call_of_a_closed_store_fails_as_unavailable(string name)
    {
        var call = Call.All[name];
        await Store.DisposeAsync();

        await Should.ThrowAsync<StorageUnavailableException>(() => call.Write(Store, CancellationToken.None));
        await Should.ThrowAsync<StorageUnavailableException>(() => call.See(Store, CancellationToken.None));
    }

    [SkippableFact]
    public async Task Closed_store_leases_no_number()
    {
        await Store.DisposeAsync();

        await Should.ThrowAsync<StorageUnavailableException>(() => Store.Leases.AcquireAsync("a", CancellationToken.None));
    }

    [SkippableFact]
    public async Task Closing_commits_what_waits()
    {
        Task[] writes = [.. Enumerable.Range(1, 100).Select(i => Store.Journal.AppendAsync(Rows.Row(Id, i)))];

        await Tested.ReopenAsync();

        await Task.WhenAll(writes).Within("what was accepted");
        (await Store.Journal.NumbersAsync(Id)).ShouldBe(Enumerable.Range(1, 100).Select(i => (long)i));
    }

    [SkippableFact]
    public async Task Store_may_be_closed_twice()
    {
        await Store.DisposeAsync();

        await Store.DisposeAsync();
    }

    [SkippableFact]
    public async Task Read_that_is_cancelled_while_it_runs_stops_and_leaves_the_store_usable()
    {
        const int events = 2_500;
        await Store.Journal.AppendAsync(Rows.Range(Id, 1, events, new string('x', 2_000)));

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => CancelAsync())).Within("the reads to stop");

        (await Store.Journal.NumbersAsync(Id)).Length.ShouldBe(events);
        await Store.Journal.AppendAsync(Rows.Row(Id, events + 1));

        async Task CancelAsync()
        {
            using var cancel = new CancellationTokenSource();
            var received = 0;
            await Should.ThrowAsync<OperationCanceledException>(Store.Journal.ReadAsync(
                Id,
                1,
                events,
                events,
                backward: false,
                _ =>
                {
                    if (++received == 10)
                    {
                        cancel.Cancel();
                    }
                },
                cancel.Token));
            received.ShouldBeInRange(10, events - 1);
        }
    }

    [SkippableFact]
    public async Task Append_whose_time_runs_out_is_stored_whole_if_it_is_done_and_not_at_all_if_it_is_cancelled()
    {
        const int appends = 300;
        var outcomes = await Task.WhenAll(Enumerable.Range(0, appends).Select(AppendAsync)).Within("the appends");

        for (var i = 0; i < appends; i++)
        {
            (await Store.Journal.NumbersAsync($"{Id}-{i}")).ShouldBe(outcomes[i] ? [1, 2, 3] : []);
        }

        // What was not stored is free.
        var missing = Enumerable.Range(0, appends).Where(i => !outcomes[i]);
        await Task.WhenAll(missing.Select(i => Store.Journal.AppendAsync(Rows.Range($"{Id}-{i}", 1, 3))))
            .Within("the appends to be repeated");

        async Task<bool> AppendAsync(int i)
        {
            // Some time out at once, some while they wait or run, some after they are done.
            using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(i % 10));
            try
            {
                await Store.Journal.AppendAsync(Rows.Range($"{Id}-{i}", 1, 3, new string('x', 5_000)), cancel.Token);
                return true;
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }
    }

    [SkippableFact]
    public void Opened_store_is_available_and_says_where_it_is()
    {
        Store.Health.State.ShouldBe(StorageState.Available);
        Store.Location.ShouldNotBeEmpty();
    }
}
