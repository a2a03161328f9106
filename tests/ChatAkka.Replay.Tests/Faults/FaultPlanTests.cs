using ChatAkka.Replay.Faults;
using ChatAkka.Replay.Server;
using ChatAkka.Replay.Tests.Waiting;
using ChatAkka.Replay.Waiting;

namespace ChatAkka.Replay.Tests.Faults;

public sealed class FaultPlanTests : IDisposable
{
    private readonly Waits _waits = new(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), new ManualTime(), CancellationToken.None);

    public void Dispose() => _waits.Dispose();

    [Fact]
    public async Task Kills_happen_at_their_moments_while_sends_are_unacknowledged()
    {
        var host = new CountingHost();
        var plan = FaultPlan.Draw(Times(3, ServerFaults.Kill(host)), 300, new Random(1));
        var told = new List<string>();
        var running = plan.RunAsync(_waits, TimeProvider.System, told.Add);

        for (var kill = 1; kill <= 3; kill++)
        {
            while (!host.Started(kill).IsCompleted && plan.Records.Count < kill)
            {
                plan.Transmitted();
                await Task.Yield();
            }

            await host.Started(kill).Within("the server's start");
        }

        await running.Within("the end of the plan");
        (plan.Records.Count, host.Kills, plan.Life).ShouldBe((3, 3, 3));
        told.Count.ShouldBe(3);
        told[0].ShouldStartWith("kill, fault 1 of 3, after ");
    }

    [Fact]
    public async Task Nothing_unacknowledged_means_no_kill()
    {
        var host = new CountingHost();
        var plan = FaultPlan.Draw([ServerFaults.Kill(host)], 10, new Random(1));
        plan.Acknowledged();
        var running = plan.RunAsync(_waits, TimeProvider.System, _ => { });

        plan.Transmitted();
        plan.Finish();

        await running.Within("the end of the plan");
        host.Kills.ShouldBe(0);
    }

    [Fact]
    public async Task Cuts_happen_among_the_kills_and_each_heals()
    {
        var (host, link, time, told) = (new CountingHost(), new CountingLink(), new ManualTime(), new List<string>());
        var faults = Times(2, ServerFaults.Kill(host)).Concat(Times(2, ServerFaults.Cut(link)));
        var plan = FaultPlan.Draw(faults, 300, new Random(1));
        var running = plan.RunAsync(_waits, time, told.Add);

        while (!running.IsCompleted)
        {
            plan.Transmitted();
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await running;
        plan.Records.Select(r => r.Name).Order().ShouldBe(["cut", "cut", "kill", "kill"]);
        (host.Kills, link.Cuts, link.Heals).ShouldBe((2, 2, 2));
        plan.Life.ShouldBe(2, "a cut ends no process");
        told.Count(line => line.StartsWith("cut, fault ", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task Next_fault_waits_until_everything_is_at_rest()
    {
        var (struck, isQuiet) = (0, false);
        var plan = FaultPlan.Draw(Times(2, new Fault("x", endsLives: true, (_, _, _) =>
        {
            struck++;
            return Task.CompletedTask;
        })), 2, new Random(1));
        var time = new ManualTime();
        time.Advance(TimeSpan.FromSeconds(1));
        var running = plan.RunAsync(_waits, time, _ => { }, _ => Task.FromResult(isQuiet));

        await UntilAsync(() => plan.Current is { Healed: > 0 }, Send);
        var passing = plan.Passing.ShouldNotBeNull();
        for (var i = 0; i < 100; i++)
        {
            Send();
        }

        (struck, plan.Life, passing.IsCompleted).ShouldBe((1, null, false));
        isQuiet = true;
        await UntilAsync(() => running.IsCompleted, () =>
        {
            Send();
            time.Advance(TimeSpan.FromSeconds(1));
        });
        (struck, plan.Life).ShouldBe((2, 2));
        passing.IsCompleted.ShouldBeTrue();
        plan.Passing.ShouldBeNull();
        plan.Records.ShouldAllBe(r => r.Quiet >= r.Healed && r.Healed >= r.Began);

        void Send() => plan.Transmitted();
    }

    [Fact]
    public async Task Fault_that_cannot_be_healed_ends_the_run_and_is_named()
    {
        var plan = FaultPlan.Draw(
            [new Fault("x", true, (record, _, _) =>
            {
                record.Hit = "node-2";
                throw new InvalidOperationException("it broke");
            })],
            1,
            new Random(1));
        var running = plan.RunAsync(_waits, TimeProvider.System, _ => { });

        await UntilAsync(() => running.IsCompleted, plan.Transmitted);

        _waits.Reason.ShouldBe("after fault 1, x node-2: it broke");
        plan.Passing.ShouldNotBeNull().IsCompleted.ShouldBeTrue("nobody may wait for it");
    }

    [Fact]
    public void Same_seed_draws_the_same_order()
    {
        Order(5).ShouldBe(Order(5));
        Order(5).ShouldNotBe(Order(6));
        Order(5).Order().ShouldBe(["a", "b", "c", "d", "e", "f"]);

        string[] Order(int seed) => [.. FaultPlan.Draw(
            "abcdef".Select(name => new Fault(name.ToString(), true, (_, _, _) => Task.CompletedTask)), 100, new Random(seed)).Names];
    }

    private static IEnumerable<IFault> Times(int count, IFault fault) => Enumerable.Repeat(fault, count);

    private static async Task UntilAsync(Func<bool> holds, Action again)
    {
        var end = DateTime.UtcNow.AddSeconds(20);
        while (!holds())
        {
            DateTime.UtcNow.ShouldBeLessThan(end, "it never held");
            again();
            await Task.Yield();
        }
    }

    private sealed class CountingLink : IStoreLink
    {
        public int Cuts { get; private set; }

        public int Heals { get; private set; }

        public void Cut() => Cuts++;

        public void Heal() => Heals++;
    }
}
