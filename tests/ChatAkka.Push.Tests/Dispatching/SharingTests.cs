using ChatAkka.Domain.Push;
using ChatAkka.Domain.Timelines;
using ChatAkka.Push.Dispatching;
using ChatAkka.Push.Tests.Support;

namespace ChatAkka.Push.Tests.Dispatching;

/// <summary>Several nodes send the pushes of one outbox: each once, none is stranded with a node that dies.</summary>
public sealed class SharingTests : DispatcherTest
{
    [Fact]
    public async Task Nodes_share_the_work_and_send_nothing_twice()
    {
        var users = Enumerable.Range(1, 200).ToArray();
        await StartAsync();
        await StartAsync();
        await AddAsync(users);

        // The second hears of what is put in, the first looks now and then.
        for (var i = 0; i < 10 && Outbox.Rows.Any(row => !row.EndsWith("done", StringComparison.Ordinal)); i++)
        {
            Time.Advance(PushDispatcher.PollEvery);
        }

        await Outbox.Becomes(outbox => outbox.Rows.All(row => row.EndsWith("done", StringComparison.Ordinal)), "all pushes to be done");
        List<string> sent = [];
        while (Sender.HasMore)
        {
            sent.Add((await Sender.NextAsync()).Id);
        }

        sent.ShouldBe(users.Select(user => $"store-{user}"), ignoreOrder: true);
    }

    [Fact]
    public async Task What_another_node_has_put_in_and_can_not_send_is_found_in_time()
    {
        await StartAsync();
        await Time.TimerIn(PushDispatcher.PollEvery);
        await AddUnannouncedAsync(9);
        Sender.HasMore.ShouldBeFalse();

        Time.Advance(PushDispatcher.PollEvery);

        (await Sender.NextAsync()).Id.ShouldBe("store-1");
        await RowsBecome("1: 0 failed, done");
    }

    [Fact]
    public async Task What_a_node_has_claimed_is_sent_by_another_when_the_claim_ends_and_not_before()
    {
        await AddAsync(9);
        await Outbox.QueueOf("a node that dies").ClaimDueAsync(Time.Ms, Time.Ms + (long)Claim.TotalMilliseconds, 1, CancellationToken.None);
        await StartAsync();
        await PollAsync(Claim - PushDispatcher.PollEvery);
        await Time.TimerIn(PushDispatcher.PollEvery);
        Sender.HasMore.ShouldBeFalse();

        await PollAsync(PushDispatcher.PollEvery);

        (await Sender.NextAsync()).Id.ShouldBe("store-1");
        await RowsBecome("1: 0 failed, done");
    }

    [Fact]
    public async Task No_more_is_claimed_than_can_be_begun()
    {
        var gate = new TaskCompletionSource<PushOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        Sender.Answer = _ => gate.Task;
        await StartAsync();
        await AddAsync([.. Enumerable.Range(1, 10)]);
        for (var i = 0; i < Options.ConcurrentSends; i++)
        {
            await Sender.NextAsync();
        }

        Outbox.Claims.Count.ShouldBe(Options.ConcurrentSends);
        gate.SetResult(new PushOutcome.Delivered());
        await Outbox.Becomes(outbox => outbox.Rows.All(row => row.EndsWith("done", StringComparison.Ordinal)), "all pushes to be done");
    }

    [Fact]
    public async Task Push_whose_facts_took_so_long_that_the_claim_may_end_meanwhile_is_not_sent_then()
    {
        Facts.Find = () =>
        {
            Time.Advance(Claim);
            Facts.Find = () => FakeFacts.Facts;
            return FakeFacts.Facts;
        };
        await StartAsync();
        await AddAsync(9);

        // It is given back, and claimed anew.
        (await Sender.NextAsync()).Id.ShouldBe("store-1");
        await RowsBecome("1: 0 failed, done");
        Sender.HasMore.ShouldBeFalse();
    }

    [Fact]
    public async Task Node_that_stops_gives_back_what_it_has_not_begun_to_send()
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Facts.Find = () =>
        {
            stopping.SetResult();
            throw new StorageUnavailableException("the disk is full");
        };
        var dispatcher = await StartAsync();
        await AddAsync(9);
        await stopping.Task.Within("the facts to be asked for");

        await dispatcher.StopAsync(CancellationToken.None).Within("the dispatcher to stop");

        Outbox.Claims.ShouldBeEmpty();
        Outbox.Rows.ShouldBe(["1: 0 failed, due at 0"]);
    }

    private Task AddUnannouncedAsync(int user) => Outbox.AddAsync(
        [new PushRequest(new Domain.Identity.UserId($"{user}"), Group, 17, Time.Ms)], CancellationToken.None);
}
