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
    /// <summary>Messages that each session of <c>pairs</c> has in flight, if the options don't say otherwise.</summary>
    public const int PairsWindow = 16;

    private const int GroupWindow = 4;
    private const int GroupSize = 100;
    private const double PairsWarmUpSeconds = 4;
    private const double GroupWarmUpSeconds = 2;

    // Warming up until it doesn't help any more: it has not got cheaper by more than this for so many rounds.
    private const double Cheaper = 0.97;
    private const int RoundsInVain = 4;
    private const int MostRounds = 30;

    public static void Run(ServerBenchmarkOptions options, Report report)
    {
        using var host = new ServerHost(options);
        Run(host.Start(), host.Key, options, report);
    }

    /// <summary>Measures servers that have just been started.</summary>
    /// <param name="where">Follows the tests' names in the report.</param>
    public static void Run(IMeasured servers, IntegratorKey key, ServerBenchmarkOptions options, Report report, string where = "")
    {
        Measure(Pairs(options) with { Seconds = PairsWarmUpSeconds }, PairsSockets(options), 0);

        if (options.Tests.Contains("latency"))
        {
            Repeat(new TrafficPlan("latency", options.Seconds ?? 15) { Rate = options.Rate }, options.Sockets ?? 200);
        }

        if (options.Tests.Contains("group"))
        {
            Measure(Group(options) with { Seconds = GroupWarmUpSeconds }, options.Sockets ?? GroupSize, 0);
            Repeat(Group(options), options.Sockets ?? GroupSize);
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

    /// <summary>Traffic in pairs and in a room until the servers have compiled what they need, and a message costs no less than the one
    /// before.</summary>
    public static void WarmUp(IMeasured servers, IntegratorKey key, ServerBenchmarkOptions options)
    {
        var (least, inVain) = (double.MaxValue, 0);
        for (var round = 0; round < MostRounds && inVain < RoundsInVain; round++)
        {
            var cost = CostOf(Pairs(options) with { Seconds = PairsWarmUpSeconds }, PairsSockets(options))
                + CostOf(Group(options) with { Seconds = GroupWarmUpSeconds }, options.Sockets ?? GroupSize);
            inVain = cost < least * Cheaper ? 0 : inVain + 1;
            least = Math.Min(least, cost);
        }

        double CostOf(TrafficPlan plan, int sockets) =>
            Measure(servers, key, plan, sockets, 0).Figures.First(figure => figure.Name == Usage.ServerCpuPerThousand).Value;
    }

    private static int PairsSockets(ServerBenchmarkOptions options) => (options.Sockets ?? 200) & ~1;

    private static TrafficPlan Pairs(ServerBenchmarkOptions options) =>
        new("pairs", options.Seconds ?? 10) { Window = options.Window ?? PairsWindow };

    private static TrafficPlan Group(ServerBenchmarkOptions options) =>
        new("group", options.Seconds ?? 10) { Window = options.Window ?? GroupWindow, Room = true };

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
