using Benchmarks.Server.Hosting;
using Benchmarks.Server.Reporting;

namespace Benchmarks.Server.Scenarios;

/// <summary>
/// <c>nodes</c>: the traffic of <see cref="TrafficScenarios"/> on one node, on two, and so on, all on PostgreSQL. Clients connect where the
/// service sends them; then, as <c>spread</c>, one after the other to the next node, so that partners are never on the same one, and users
/// seldom where they live, which is the worst case. What processors do is summed over all nodes. Throughput of pairs is measured twice: with the
/// same in flight however many nodes there are, and, as <c>full</c>, with as much in flight for each node as for a single one: the less a node
/// has to do, the less it does together, up to what is committed at once.
/// </summary>
/// <remarks>Each node compiles for itself, and three that share the processors and the messages take several times as long for it.</remarks>
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
        TrafficScenarios.WarmUp(cluster, cluster.Key, options);
        TrafficScenarios.Run(cluster, cluster.Key, options with { Tests = ["latency", "group", "pairs"] }, report, where);
        if (nodes > 1)
        {
            var window = nodes * (options.Window ?? TrafficScenarios.PairsWindow);
            TrafficScenarios.Run(cluster, cluster.Key, options with { Tests = ["pairs"], Window = window }, report, where + "-full");
        }
    }
}
