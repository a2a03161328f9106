using Benchmarks.Server.Chat;
using Benchmarks.Server.Hosting;
using Benchmarks.Server.Load;
using Benchmarks.Server.Reporting;

namespace Benchmarks.Server.Scenarios;

/// <summary>D <c>memory</c>: what one more user who is logged in and idle costs, measured from a server that has been used a
/// little.</summary>
internal static class MemoryScenario
{
    private const int WarmUpUsers = 100;
    private const double WarmUpSeconds = 5;
    private const double SettleSeconds = 10;

    public static void Run(ServerBenchmarkOptions options, Report report)
    {
        for (var run = 1; run <= options.Runs; run++)
        {
            Console.Error.WriteLine($"memory: run {run}");
            using var host = new ServerHost(options);
            report.Add(Measure(host.Start(), host.Key, options, run));
        }
    }

    private static RunResult Measure(ServerProcess server, IntegratorKey key, ServerBenchmarkOptions options, int run)
    {
        using var loop = new LoadLoop(server.Address);
        var sessions = new List<ChatSession>(WarmUpUsers + options.Count);
        sessions.AddRange(Lobby.LogIn(loop, key, 0, WarmUpUsers, parallel: 16));
        Idle(loop, sessions, WarmUpSeconds, options.Heartbeat);
        var before = server.Memory;

        var usage = new Usage(server);
        sessions.AddRange(Lobby.LogIn(loop, key, WarmUpUsers, WarmUpUsers + options.Count));
        usage.Stop();
        Idle(loop, sessions, SettleSeconds, options.Heartbeat);
        var after = server.Memory;

        var result = new RunResult("memory", run)
            .With("users", options.Count)
            .With("resident_kb_per_user", (after.Resident - before.Resident) / 1024.0 / options.Count, 2)
            .With("anonymous_kb_per_user", (after.Anonymous - before.Anonymous) / 1024.0 / options.Count, 2)
            .With("resident_before_mb", before.Resident / (double)(1 << 20), 1)
            .With("resident_after_mb", after.Resident / (double)(1 << 20), 1)
            .With("logins_per_s", options.Count / usage.Seconds)
            .With("server_cpu_ms_per_login", usage.ServerCpu * 1000 / options.Count, 3);
        SessionFaults.AddTo(result, sessions, server);
        return result;
    }

    private static void Idle(LoadLoop loop, List<ChatSession> sessions, double seconds, double heartbeat)
    {
        if (heartbeat <= 0)
        {
            loop.RunFor(seconds);
        }
        else
        {
            new Pulse(loop, sessions, heartbeat).Beat(seconds);
        }
    }
}
