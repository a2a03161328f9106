using ChatAkka.Domain.Push;
using ChatAkka.Domain.Timelines;
using ChatAkka.Push.Tests.Support;

namespace ChatAkka.Push.Tests.Dispatching;

/// <summary>What fails is repeated at longer and longer intervals, until it is given up.</summary>
public sealed class FailingTests : DispatcherTest
{
    [Fact]
    public async Task Failed_push_is_repeated_at_doubling_intervals_under_the_same_id()
    {
        Sender.Answer = Fails("status 503");
        await StartAsync();
        await AddAsync(9);
        await RowsBecome("1: 1 failed, due at 1000");
        await PassAsync(1_000);
        await RowsBecome("1: 2 failed, due at 3000");
        Sender.Answer = _ => Task.FromResult<PushOutcome>(new PushOutcome.Delivered());
        await PassAsync(2_000);
        await RowsBecome("1: 2 failed, done");

        for (var attempt = 0; attempt < 3; attempt++)
        {
            (await Sender.NextAsync()).Id.ShouldBe("store-1");
        }

        Sender.HasMore.ShouldBeFalse();
    }

    [Fact]
    public async Task Failed_push_isnt_repeated_before_its_time()
    {
        Sender.Answer = Fails("status 503");
        await StartAsync();
        await AddAsync(9);
        await Sender.NextAsync();
        await RowsBecome("1: 1 failed, due at 1000");
        await Time.TimerIn(TimeSpan.FromSeconds(1));
        Time.Advance(TimeSpan.FromMilliseconds(999));

        // Another push makes the dispatcher look.
        Sender.Answer = _ => Task.FromResult<PushOutcome>(new PushOutcome.Delivered());
        await AddAsync(10);
        (await Sender.NextAsync()).Id.ShouldBe("store-2");
        await RowsBecome("1: 1 failed, due at 1000", "2: 0 failed, done");
        Sender.HasMore.ShouldBeFalse();

        await PassAsync(1);
        (await Sender.NextAsync()).Id.ShouldBe("store-1");
    }

    [Theory]
    [InlineData(500, 1_000)]
    [InlineData(5_000, 5_000)]
    [InlineData(60_000, 8_000)]
    [InlineData(-5, 1_000)]
    public async Task Receiver_can_ask_for_a_longer_wait_within_bounds(int asked, int waits)
    {
        Sender.Answer = _ => Task.FromResult<PushOutcome>(new PushOutcome.Retry("status 429", TimeSpan.FromMilliseconds(asked)));
        await StartAsync();
        await AddAsync(9);

        await RowsBecome($"1: 1 failed, due at {waits}");
    }

    [Fact]
    public async Task Push_that_keeps_failing_becomes_a_dead_letter()
    {
        Sender.Answer = Fails("status 503");
        await StartAsync();
        await AddAsync(9);
        await PassAsync(1_000);
        await PassAsync(2_000);
        await PassAsync(4_000);

        await RowsBecome("1: 3 failed, done");
        Outbox.Dead.ShouldBe(["store-1: status 503"]);
        Sender.Waiting.ShouldBe(4);
    }

    [Fact]
    public async Task Push_that_is_rejected_becomes_a_dead_letter_at_once()
    {
        Sender.Answer = _ => Task.FromResult<PushOutcome>(new PushOutcome.Rejected("status 410"));
        await StartAsync();
        await AddAsync(9);

        await RowsBecome("1: 0 failed, done");
        Outbox.Dead.ShouldBe(["store-1: status 410"]);
        Log.Lines.ShouldBe(["Warning 3011"]);
    }

    [Fact]
    public async Task Failures_are_warned_about_at_once_and_then_once_a_minute()
    {
        Sender.Answer = _ => Task.FromResult<PushOutcome>(new PushOutcome.Rejected("status 410"));
        await StartAsync();
        await AddAsync([.. Enumerable.Range(1, 10)]);
        await Outbox.Becomes(outbox => outbox.Dead.Count == 10, "10 dead letters");
        Log.Lines.ShouldBe(["Warning 3011"]);

        Time.Advance(TimeSpan.FromMinutes(1));
        await AddAsync(11);
        await Outbox.Becomes(outbox => outbox.Dead.Count == 11, "11 dead letters");
        Log.Lines.ShouldBe(["Warning 3011", "Warning 3011"]);
    }

    [Fact]
    public async Task Sender_that_throws_is_a_fault_that_is_logged_and_repeated()
    {
        Sender.Answer = _ => throw new InvalidOperationException("a defect");
        await StartAsync();
        await AddAsync(9);

        await RowsBecome("1: 1 failed, due at 1000");
        Log.Lines.ShouldBe(["Error 3003", "Warning 3011"]);
    }

    [Fact]
    public async Task Facts_that_cant_be_found_by_a_fault_are_logged_and_repeated()
    {
        Facts.Find = () => throw new TimeoutException("no answer");
        await StartAsync();
        await AddAsync(9);

        await RowsBecome("1: 1 failed, due at 1000");
        Log.Lines.ShouldBe(["Error 3003", "Warning 3011"]);
    }

    [Fact]
    public async Task Facts_that_the_store_cant_tell_now_are_no_attempt()
    {
        Facts.Find = () => throw new StorageUnavailableException("the disk is full");
        await StartAsync();
        await AddAsync(9);
        await Time.TimerIn(TimeSpan.FromSeconds(1));
        Outbox.Rows.ShouldBe(["1: 0 failed, due at 0"]);

        Facts.Find = () => FakeFacts.Facts;
        await PassAsync(1_000);
        (await Sender.NextAsync()).Id.ShouldBe("store-1");
        await RowsBecome("1: 0 failed, done");
    }

    private static Func<PushNotification, Task<PushOutcome>> Fails(string reason) =>
        _ => Task.FromResult<PushOutcome>(new PushOutcome.Retry(reason));
}
