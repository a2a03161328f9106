using ChatAkka.Domain.Timelines;
using ChatAkka.Storage.Journals;
using ChatAkka.Storage.Tests.Conformance;

namespace ChatAkka.Storage.Tests.Journals;

/// <summary>What every store must do about timelines that are to be delivered.</summary>
public abstract class UndeliveredTableContract<TStore> : StoreContract<TStore> where TStore : TestedStore, new()
{
    private const string Channel = "channel-7001";
    private const string Other = "channel-7002";

    private readonly SettableTime _time = new();

    private protected override TimeProvider Time => _time;

    [SkippableFact]
    public async Task Timeline_is_undelivered_from_its_append_until_it_is_settled()
    {
        var table = Store.TrackDelivery();
        await Store.Journal.AppendAsync(Event(Channel, 1), Event(Channel, 2), Event(Other, 1));
        (await ListAsync(table)).ShouldBe([Channel, Other], ignoreOrder: true);

        await table.SettledAsync(Channel, 1, CancellationToken.None);
        (await ListAsync(table)).ShouldContain(Channel, "there is more by now");
        await table.SettledAsync(Channel, 2, CancellationToken.None);
        (await ListAsync(table)).ShouldBe([Other]);

        await Store.Journal.AppendAsync(Event(Channel, 3));
        (await ListAsync(table)).ShouldBe([Channel, Other], ignoreOrder: true);
    }

    [SkippableFact]
    public async Task Events_of_others_than_channels_are_not_delivered()
    {
        var table = Store.TrackDelivery();

        await Store.Journal.AppendAsync(Rows.Row("user-1", 1));

        (await ListAsync(table)).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task Nothing_is_entered_where_nobody_asks()
    {
        await Store.Journal.AppendAsync(Event(Channel, 1));

        (await ListAsync(Store.TrackDelivery())).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task Append_that_failed_enters_nothing()
    {
        await Store.Journal.AppendAsync(Event(Channel, 1));
        var table = Store.TrackDelivery();

        await Should.ThrowAsync<JournalConflictException>(Store.Journal.AppendAsync(Event(Channel, 1)));

        (await ListAsync(table)).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task Undelivered_timelines_are_there_after_a_restart()
    {
        Store.TrackDelivery();
        await Store.Journal.AppendAsync(Event(Channel, 1), Event(Channel, 2), Event(Other, 1));

        await Tested.ReopenAsync();

        var table = Store.TrackDelivery();
        (await ListAsync(table)).ShouldBe([Channel, Other], ignoreOrder: true);
        await table.SettledAsync(Channel, 1, CancellationToken.None);
        await table.SettledAsync(Other, 1, CancellationToken.None);
        (await ListAsync(table)).ShouldBe([Channel]);
    }

    [SkippableFact]
    public async Task Timeline_is_taken_up_by_one_when_nobody_was_at_it_for_a_while()
    {
        var table = Store.TrackDelivery();
        var entered = _time.Now;
        await Store.Journal.AppendAsync(Event(Channel, 1));
        _time.Now += 50;
        await Store.Journal.AppendAsync(Event(Other, 1));

        (await TakeUpAsync(entered - 1, 0)).ShouldBeEmpty();
        (await TakeUpAsync(entered, entered + 100)).ShouldBe([Channel]);
        (await TakeUpAsync(entered, entered + 101)).ShouldBeEmpty("it is taken up");
        (await TakeUpAsync(entered + 99, entered + 200)).ShouldBe([Other]);
        (await TakeUpAsync(entered + 100, entered + 300)).ShouldBe([Channel], "it stays until it is settled");

        Task<IReadOnlyList<string>> TakeUpAsync(long before, long now) => table.TakeUpAsync(before, now, 10, CancellationToken.None);
    }

    [SkippableFact]
    public async Task Append_enters_its_timeline_anew()
    {
        var table = Store.TrackDelivery();
        await Store.Journal.AppendAsync(Event(Channel, 1));
        var entered = _time.Now;
        _time.Now += 50;
        await Store.Journal.AppendAsync(Event(Channel, 2));

        (await table.TakeUpAsync(entered + 49, 0, 10, CancellationToken.None)).ShouldBeEmpty();
        (await table.TakeUpAsync(entered + 50, 0, 10, CancellationToken.None)).ShouldBe([Channel]);
    }

    [SkippableFact]
    public async Task Timelines_are_taken_up_longest_waiting_first_and_no_more_than_asked_for()
    {
        var table = Store.TrackDelivery();
        for (var i = 1; i <= 5; i++)
        {
            await Store.Journal.AppendAsync(Event($"channel-{i}", 1));
            _time.Now++;
        }

        (await TakeUpAsync()).ShouldBe(["channel-1", "channel-2"], ignoreOrder: true);
        (await TakeUpAsync()).ShouldBe(["channel-3", "channel-4"], ignoreOrder: true);
        (await TakeUpAsync()).ShouldBe(["channel-5"]);
        (await TakeUpAsync()).ShouldBeEmpty();

        Task<IReadOnlyList<string>> TakeUpAsync() => table.TakeUpAsync(_time.Now, _time.Now + 1, 2, CancellationToken.None);
    }

    [SkippableFact]
    public async Task Settling_what_is_not_entered_does_nothing()
    {
        var table = Store.TrackDelivery();

        await table.SettledAsync("channel-unknown", 5, CancellationToken.None);

        (await ListAsync(table)).ShouldBeEmpty();
    }

    private static JournalRow Event(string id, long sequenceNr) => Rows.Row(id, sequenceNr) with { IsTimeline = true };

    private static Task<IReadOnlyList<string>> ListAsync(IUndeliveredTable table) => table.PeekAsync();
}
