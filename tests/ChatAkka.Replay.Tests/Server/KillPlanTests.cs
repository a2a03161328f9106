using System.Net;
using ChatAkka.Replay.Server;
using ChatAkka.Replay.Tests.Waiting;
using ChatAkka.Replay.Waiting;

namespace ChatAkka.Replay.Tests.Server;

public sealed class KillPlanTests
{
    private readonly CountingHost _host = new();

    [Fact]
    public async Task Kills_happen_at_their_moments_while_sends_are_unacknowledged()
    {
        using var waits = new Waits(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), new ManualTime(), CancellationToken.None);
        var plan = KillPlan.Draw(3, 300, new Random(1));
        var told = new List<string>();
        var running = plan.RunAsync(_host, waits, told.Add);

        for (var kill = 1; kill <= 3; kill++)
        {
            while (!_host.Started(kill).IsCompleted && plan.Done < kill)
            {
                plan.Transmitted();
                await Task.Yield();
            }

            await _host.Started(kill);
        }

        await running;
        (plan.Done, _host.Kills).ShouldBe((3, 3));
        told.Count.ShouldBe(3);
        told[0].ShouldStartWith("kill 1 of 3 after ");
    }

    [Fact]
    public async Task Nothing_unacknowledged_means_no_kill()
    {
        using var waits = new Waits(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), new ManualTime(), CancellationToken.None);
        var plan = KillPlan.Draw(1, 10, new Random(1));
        plan.Acknowledged();
        var running = plan.RunAsync(_host, waits, _ => { });

        plan.Transmitted();
        plan.Finish();

        await running;
        _host.Kills.ShouldBe(0);
    }

    private sealed class CountingHost : IServerHost
    {
        private readonly TaskCompletionSource[] _started = [.. Enumerable.Range(0, 4).Select(_ => new TaskCompletionSource())];
        private int _starts;

        public IPEndPoint Address => new(IPAddress.Loopback, 1);

        public Action<string>? Died { get; set; }

        public int Kills { get; private set; }

        public Task Started(int times) => _started[times].Task;

        public Task StartAsync(CancellationToken cancel)
        {
            _started[++_starts].SetResult();
            return Task.CompletedTask;
        }

        public Task KillAsync()
        {
            Kills++;
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
