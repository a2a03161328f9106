using ChatAkka.Domain.Push;
using ChatAkka.Push.Dispatching;

namespace ChatAkka.Push.Tests.Dispatching;

/// <summary>Neither a store that can't answer nor a stop nor a crash loses a push; only a crash can repeat one.</summary>
public sealed class OutageTests : DispatcherTest
{
    private readonly TaskCompletionSource<PushOutcome> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Store_that_cant_be_read_is_asked_again_and_warned_about_once()
    {
        await AddAsync(9);
        Outbox.IsDown = true;
        await StartAsync();
        await PassAsync(1_000);
        await PassAsync(1_000);
        await Outbox.Becomes(outbox => outbox.Refused >= 3, "the store to be asked three times");
        await Time.TimerIn(PushAttempt.StorePause);
        Log.Lines.ShouldBe(["Warning 3000"]);

        Outbox.IsDown = false;
        await PassAsync(1_000);
        (await Sender.NextAsync()).Id.ShouldBe("store-1");
        await RowsBecome("1: 0 failed, done");
        Log.Lines.ShouldBe(["Warning 3000", "Information 3001"]);
    }

    [Fact]
    public async Task Push_whose_outcome_cant_be_written_isnt_sent_again()
    {
        Sender.Answer = _ => _answer.Task;
        await StartAsync();
        await AddAsync(9);
        await Sender.NextAsync();
        Outbox.IsDown = true;
        _answer.SetResult(new PushOutcome.Delivered());
        await Outbox.Becomes(outbox => outbox.Refused == 1, "the outcome to be refused");
        await PassAsync(1_000);
        await Outbox.Becomes(outbox => outbox.Refused == 2, "the outcome to be refused again");

        Outbox.IsDown = false;
        await AddAsync(10);
        (await Sender.NextAsync()).Id.ShouldBe("store-2");
        await PassAsync(1_000);
        await RowsBecome("1: 0 failed, done", "2: 0 failed, done");
        Sender.HasMore.ShouldBeFalse();
    }

    [Fact]
    public async Task Stop_waits_for_what_is_being_sent_and_begins_nothing_new()
    {
        Sender.Answer = _ => _answer.Task;
        Options = Options with { ConcurrentSends = 1 };
        var dispatcher = await StartAsync();
        await AddAsync(9, 10);
        await Sender.NextAsync();

        var stopped = dispatcher.StopAsync(CancellationToken.None);
        stopped.IsCompleted.ShouldBeFalse();
        _answer.SetResult(new PushOutcome.Delivered());
        await stopped;

        Outbox.Rows.ShouldBe(["1: 0 failed, done", "2: 0 failed, due at 0"]);
        Sender.HasMore.ShouldBeFalse();
    }

    [Fact]
    public async Task Push_that_wasnt_begun_before_a_stop_is_sent_after_the_start()
    {
        Sender.Answer = _ => _answer.Task;
        Options = Options with { ConcurrentSends = 1 };
        var dispatcher = await StartAsync();
        await AddAsync(9, 10);
        await Sender.NextAsync();
        _answer.SetResult(new PushOutcome.Delivered());
        await dispatcher.StopAsync(CancellationToken.None);

        await StartAsync();
        (await Sender.NextAsync()).Id.ShouldBe("store-2");
        await RowsBecome("1: 0 failed, done", "2: 0 failed, done");
    }

    [Fact]
    public async Task Push_whose_outcome_was_never_written_is_repeated_under_the_same_id()
    {
        Sender.Answer = _ => _answer.Task;
        var dispatcher = await StartAsync();
        await AddAsync(9);
        (await Sender.NextAsync()).Id.ShouldBe("store-1");
        Outbox.IsDown = true;
        _answer.SetResult(new PushOutcome.Delivered());
        await Outbox.Becomes(outbox => outbox.Refused == 1, "the outcome to be refused");
        await dispatcher.StopAsync(CancellationToken.None);

        Outbox.IsDown = false;
        Sender.Answer = _ => Task.FromResult<PushOutcome>(new PushOutcome.Delivered());
        await StartAsync();
        await PollAsync(Claim - PushDispatcher.PollEvery);
        await Time.TimerIn(PushDispatcher.PollEvery);
        Sender.HasMore.ShouldBeFalse("the first run has claimed it");
        await PollAsync(PushDispatcher.PollEvery);
        (await Sender.NextAsync()).Id.ShouldBe("store-1");
        await RowsBecome("1: 0 failed, done");
    }
}
