using Benchmarks.Server.Chat;
using Benchmarks.Server.Hosting;
using Benchmarks.Server.Load;
using Benchmarks.Server.Reporting;

namespace Benchmarks.Server.Scenarios;

/// <summary>
/// A <c>pairs</c>: throughput, every session keeps messages in flight to its partner.
/// B <c>latency</c>: the same sessions at a low fixed rate.
/// C <c>group</c>: one member of a room keeps messages in flight to all.
/// They share one server, or one cluster, which a few seconds of traffic warm up first.
/// </summary>
internal static class TrafficScenarios
{
    private const double PairsWarmUpSeconds = 4;
    private const double GroupWarmUpSeconds = 2;

    public static void Run(ServerBenchmarkOptions options, Report report)
    {
        using var host = new ServerHost(options);
        Run(host.Start(), host.Key, options, report);
    }

    /// <summary>Measures servers that have just been started.</summary>
    /// <param name="where">Follows the tests' names in the report.</param>
    public static void Run(IMeasured servers, IntegratorKey key, ServerBenchmarkOptions options, Report report, string where = "")
    {
        Measure(Pairs(options) with { Seconds = PairsWarmUpSeconds }, (options.Sockets ?? 200) & ~1, 0);

        if (options.Tests.Contains("latency"))
        {
            Repeat(new TrafficPlan("latency", options.Seconds ?? 15) { Rate = options.Rate }, options.Sockets ?? 200);
        }

        if (options.Tests.Contains("group"))
        {
            var plan = new TrafficPlan("group", options.Seconds ?? 10) { Window = options.Window ?? 4, Room = true };
            Measure(plan with { Seconds = GroupWarmUpSeconds }, options.Sockets ?? 100, 0);
            Repeat(plan, options.Sockets ?? 100);
        }

        if (options.Tests.Contains("pairs"))
        {
            Repeat(Pairs(options), options.Sockets ?? 200);
        }

        void Repeat(TrafficPlan plan, int sockets)
        {
            for (var run = 1; run <= options.Runs; run++)
            {
                report.Add(Measure(plan, sockets, run));
            }
        }

        RunResult Measure(TrafficPlan plan, int sockets, int run) =>
            TrafficScenarios.Measure(servers, key, plan with { Test = plan.Test + where }, sockets, run);
    }

    private static TrafficPlan Pairs(ServerBenchmarkOptions options) =>
        new("pairs", options.Seconds ?? 10) { Window = options.Window ?? 16 };

    private static RunResult Measure(IMeasured servers, IntegratorKey key, TrafficPlan plan, int sockets, int run)
    {
        Console.Error.WriteLine(run == 0 ? $"{plan.Test}: warming up" : $"{plan.Test}: run {run}");
        using var loop = new LoadLoop(servers.Addresses);
        var sessions = Lobby.LogIn(loop, key, 0, sockets, server: servers.ServerOf);
        if (plan.Room)
        {
            using var http = new HttpApi(servers.Addresses[0]);
            sessions[0].SendToChannel(http.CreateGroup(sessions[0].Token, "room", sessions.Skip(1).Select(session => session.UserId)));
        }
        else
        {
            foreach (var session in sessions)
            {
                session.SendToUser(sessions[session.Number ^ 1].UserId);
            }
        }

        return new Traffic(loop, sessions, plan).Run(run, servers);
    }
}
