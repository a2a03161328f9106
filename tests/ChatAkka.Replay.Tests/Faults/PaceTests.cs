using ChatAkka.Replay.Faults;
using ChatAkka.Replay.Tests.Waiting;
using ChatAkka.Replay.Waiting;

namespace ChatAkka.Replay.Tests.Faults;

public sealed class PaceTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly Waits _waits;
    private readonly TaskCompletionSource _healed = new();

    public PaceTests() => _waits = new Waits(TimeSpan.FromHours(1), TimeSpan.FromHours(1), _time, CancellationToken.None);

    public void Dispose() => _waits.Dispose();

    [Fact]
    public void Talk_is_not_held_back_without_a_fault() =>
        new Pace(FaultPlan.None(), 1, _time).TurnAsync().IsCompleted.ShouldBeTrue();

    [Fact]
    public async Task Talk_is_held_to_its_rate_while_a_fault_passes_and_to_a_trickle_when_its_part_is_used_up()
    {
        var plan = FaultPlan.Draw([new Fault("x", true, (_, _, _) => _healed.Task)], 10, new Random(1));
        var running = plan.RunAsync(_waits, _time, _ => { });
        while (plan.Passing is null)
        {
            plan.Transmitted();
            await Task.Yield();
        }

        var turns = 0;
        var talking = TalkAsync(new Pace(plan, 10, _time), () => turns++);
        await PassAsync(1);
        turns.ShouldBe(10, "ten a second, which are its whole part");
        await PassAsync(2);
        turns.ShouldBe(14, "two a second");
        _healed.SetResult();

        await talking.Within("the end of the talk, which nothing holds back any more");
        await running.Within("the end of the plan");
    }

    private static async Task TalkAsync(Pace pace, Action said)
    {
        for (var i = 0; i < 1000; i++)
        {
            await pace.TurnAsync();
            said();
        }
    }

    private async Task PassAsync(int seconds)
    {
        for (var step = 0; step < seconds * 100; step++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            while (_time.Timers < 2)
            {
                await Task.Yield(); // that of the waits alone: the talk goes on and hasn't got to its next turn
            }
        }
    }
}
