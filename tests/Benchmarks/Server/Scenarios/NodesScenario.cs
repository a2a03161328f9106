using Benchmarks.Server.Hosting;
using Benchmarks.Server.Reporting;

namespace Benchmarks.Server.Scenarios;

/// <summary>
/// <c>nodes</c>: the traffic of <see cref="TrafficScenarios"/> on one node, on two, and so on, all on PostgreSQL. Clients connect where the
/// service sends them; then, as <c>spread</c>, one after the other to the next node, so that partners are never on the same one, and users
/// seldom where they live, which is the worst case. What processors do is summed over all nodes.
/// </summary>
internal static class NodesScenario
{
    public static void Run(ServerBenchmarkOptions options, Report report)
    {
        for (var nodes = 1; nodes <= options.Nodes; nodes++)
        {
            Run(options, report, nodes, areSent: nodes > 1, $"-on-{nodes}");
            if (nodes > 1)
            {
                Run(options, report, nodes, areSent: false, $"-on-{nodes}-spread");
            }
        }
    }

    private static void Run(ServerBenchmarkOptions options, Report report, int nodes, bool areSent, string where)
    {
        Console.Error.WriteLine($"nodes: {nodes}{(areSent ? "" : ", clients are spread")}");
        using var cluster = new ServerCluster(options, nodes) { AreClientsSent = areSent };
        TrafficScenarios.Run(cluster, cluster.Key, options with { Tests = ["latency", "group", "pairs"] }, report, where);
    }
}
