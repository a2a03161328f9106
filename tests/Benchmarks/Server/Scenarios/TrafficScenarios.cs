using Benchmarks.Server.Chat;
using Benchmarks.Server.Hosting;
using Benchmarks.Server.Load;
using Benchmarks.Server.Reporting;

namespace Benchmarks.Server.Scenarios;

/// <summary>
/// A <c>pairs</c>: throughput, every session keeps messages in flight to its partner.
/// B <c>latency</c>: the same sessions at a low fixed rate.
/// C <c>group</c>: one member of a room keeps messages in flight to all.
/// They share one server, which a few seconds of traffic warm up first.
/// </summary>
internal static class TrafficScenarios
{
    private const double PairsWarmUpSeconds = 4;
    private const double GroupWarmUpSeconds = 2;

    public static void Run(ServerBenchmarkOptions options, Report report)
    {
        using var host = new ServerHost(options.Server);
        host.Start();
        Measure(host, Pairs(options) with { Seconds = PairsWarmUpSeconds }, (options.Sockets ?? 200) & ~1, 0);

        if (options.Tests.Contains("latency"))
        {
            Repeat(new TrafficPlan("latency", options.Seconds ?? 15) { Rate = options.Rate }, options.Sockets ?? 200);
        }

        if (options.Tests.Contains("group"))
        {
            var plan = new TrafficPlan("group", options.Seconds ?? 10) { Window = options.Window ?? 4, Room = true };
            Measure(host, plan with { Seconds = GroupWarmUpSeconds }, options.Sockets ?? 100, 0);
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
                report.Add(Measure(host, plan, sockets, run));
            }
        }
    }

    private static TrafficPlan Pairs(ServerBenchmarkOptions options) =>
        new("pairs", options.Seconds ?? 10) { Window = options.Window ?? 16 };

    private static RunResult Measure(ServerHost host, TrafficPlan plan, int sockets, int run)
    {
        Console.Error.WriteLine(run == 0 ? $"{plan.Test}: warming up" : $"{plan.Test}: run {run}");
        var server = host.Server!;
        using var loop = new LoadLoop(server.Address);
        var sessions = Lobby.LogIn(loop, host.Key, 0, sockets);
        if (plan.Room)
        {
            using var http = new HttpApi(server);
            sessions[0].SendToChannel(http.CreateGroup(sessions[0].Token, "room", sessions.Skip(1).Select(session => session.UserId)));
        }
        else
        {
            foreach (var session in sessions)
            {
                session.SendToUser(sessions[session.Number ^ 1].UserId);
            }
        }

        return new Traffic(loop, sessions, plan).Run(run, server);
    }
}
