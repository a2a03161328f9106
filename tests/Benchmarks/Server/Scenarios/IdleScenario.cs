using Benchmarks.Server.Hosting;
using Benchmarks.Server.Load;
using Benchmarks.Server.Reporting;

namespace Benchmarks.Server.Scenarios;

/// <summary>
/// <c>idle</c>: nodes that are started together, and then have nothing to do: how long until all are ready, until each names all of them to
/// clients, and what they say to each other and cost from then on.
/// </summary>
internal static class IdleScenario
{
    private const double SettleSeconds = 20;
    private const double Seconds = 60;
    private const double PollSeconds = 0.05;
    private const double NamedWithinSeconds = 60;

    public static void Run(ServerBenchmarkOptions options, Report report)
    {
        for (var run = 1; run <= options.Runs; run++)
        {
            Console.Error.WriteLine($"idle: run {run}");
            using var cluster = new ServerCluster(options, options.Nodes, areLinked: true);
            var named = cluster.StartSeconds + SecondsUntilAllAreNamed(cluster);
            Thread.Sleep(TimeSpan.FromSeconds(SettleSeconds));
            var carried = cluster.Carried;
            var usage = new Usage(cluster);
            Thread.Sleep(TimeSpan.FromSeconds(options.Seconds ?? Seconds));
            usage.Stop();
            var bytes = (cluster.Carried - carried) / usage.Seconds;
            var complaints = cluster.TakeComplaints();
            var result = new RunResult($"idle-{options.Nodes}", run)
                .With("all_ready_s", cluster.StartSeconds, 2)
                .With("all_named_everywhere_s", named, 2)
                .With("bytes_per_s", bytes)
                .With("bytes_per_s_of_a_node", bytes / options.Nodes)
                .With("cpu_percent_of_a_core_of_a_node", usage.ServerCpu / usage.Seconds / options.Nodes * 100, 2)
                .WithFault("server_complaints", complaints.Count);
            result.Faults.AddRange(complaints.Distinct().Take(3));
            report.Add(result);
        }
    }

    private static double SecondsUntilAllAreNamed(ServerCluster cluster)
    {
        var start = Clock.Now;
        var token = cluster.Key.Token("asker", "bench");
        foreach (var address in cluster.Addresses)
        {
            using var http = new HttpApi(address);
            while (http.Servers(token).Length < cluster.Addresses.Length)
            {
                if (Clock.Seconds(start, Clock.Now) > NamedWithinSeconds)
                {
                    throw new BenchmarkException($"{address} doesn't name all nodes after {NamedWithinSeconds} s");
                }

                Thread.Sleep(TimeSpan.FromSeconds(PollSeconds));
            }
        }

        return Clock.Seconds(start, Clock.Now);
    }
}
