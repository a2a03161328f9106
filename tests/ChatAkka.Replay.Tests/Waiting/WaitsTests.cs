using ChatAkka.Replay.Waiting;

namespace ChatAkka.Replay.Tests.Waiting;

public sealed class WaitsTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly TaskCompletionSource<int> _never = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Waits _waits;

    public WaitsTests() => _waits = new Waits(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(10), _time, _stop.Token);

    public void Dispose()
    {
        _waits.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task Awaited_result_is_returned()
    {
        var wait = _waits.For(_never.Task, () => "it");
        _never.SetResult(7);

        (await wait).ShouldBe(7);
    }

    [Fact]
    public async Task Standstill_ends_every_wait_and_names_it()
    {
        var first = _waits.For(_never.Task, () => "the first thing");
        var second = _waits.For((Task)_never.Task, () => "the second thing");

        _time.Advance(TimeSpan.FromSeconds(11));

        (await Should.ThrowAsync<WaitFailedException>(first)).Message
            .ShouldBe("nothing moved for 10 s; waiting for the first thing; the second thing");
        await Should.ThrowAsync<WaitFailedException>(second);
        _waits.Ended.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public void Movement_puts_the_standstill_off()
    {
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(9));
            _waits.Moved();
        }

        _waits.Reason.ShouldBeNull();
    }

    [Fact]
    public void Time_is_up_even_when_things_move()
    {
        for (var i = 0; i < 61; i++)
        {
            _waits.Moved();
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _waits.Reason.ShouldBe("not finished within 60 s");
    }

    [Fact]
    public void Many_waits_are_named_by_the_first_ones_and_their_number()
    {
        for (var i = 1; i <= 7; i++)
        {
            var number = i;
            _ = _waits.For(_never.Task, () => $"w{number}");
        }

        _waits.Fail("broken");

        _waits.Reason.ShouldBe("broken; waiting for w1; w2; w3; w4; w5; and 2 more");
    }

    [Fact]
    public async Task Interruption_ends_waits()
    {
        var wait = _waits.For(_never.Task, () => "it");
        await _stop.CancelAsync();

        (await Should.ThrowAsync<WaitFailedException>(wait)).Message.ShouldBe("interrupted");
    }
}
