using Benchmarks.Server.Chat;
using Benchmarks.Server.Hosting;
using Benchmarks.Server.Load;
using Benchmarks.Server.Reporting;

namespace Benchmarks.Server.Scenarios;

/// <summary><c>heartbeats</c>: what it costs the server that very many users only say that they are there.</summary>
internal static class HeartbeatScenario
{
    private const int Connections = 15_000;
    private const double Every = 5;
    private const double WarmUpSeconds = 15;
    private const double Seconds = 30;

    public static void Run(ServerBenchmarkOptions options, Report report)
    {
        for (var run = 1; run <= options.Runs; run++)
        {
            Console.Error.WriteLine($"heartbeats: run {run}");
            using var host = new ServerHost(options);
            report.Add(Measure(host.Start(), host.Key, options, run));
        }
    }

    private static RunResult Measure(ServerProcess server, IntegratorKey key, ServerBenchmarkOptions options, int run)
    {
        var every = options.Heartbeat > 0 ? options.Heartbeat : Every;
        var seconds = options.Seconds ?? Seconds;
        using var loop = new LoadLoop(server.Address);
        var sessions = Lobby.LogIn(loop, key, 0, options.Sockets ?? Connections);
        var pulse = new Pulse(loop, sessions, every);
        pulse.Beat(WarmUpSeconds);

        var sent = pulse.Sent;
        var usage = new Usage(server);
        pulse.Beat(seconds);
        usage.Stop();
        var idle = new Usage(server);
        loop.RunFor(Math.Min(seconds, 20));
        idle.Stop();

        var result = new RunResult("heartbeats", run)
            .With("connections", sessions.Length)
            .With("heartbeats_per_s", (pulse.Sent - sent) / usage.Seconds)
            .With("server_cpu_share", usage.ServerCpu / usage.Seconds, 4)
            .With("server_cpu_us_per_heartbeat", usage.ServerCpu / (pulse.Sent - sent) * 1e6, 2)
            .With("server_cpu_share_idle", idle.ServerCpu / idle.Seconds, 4)
            .With("resident_mb", server.Memory.Resident / (double)(1 << 20), 1);
        SessionFaults.AddTo(result, sessions, server);
        return result;
    }
}
