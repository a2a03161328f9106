using Benchmarks.Server.Hosting;
using Benchmarks.Server.Load;
using Benchmarks.Server.Reporting;

namespace Benchmarks.Server.Scenarios;

/// <summary>
/// <c>history</c>: a direct channel with very many messages. What they take on disk, what it costs a server that has just started to
/// open the channel, and how long pages at random positions take, read one after the other over one connection; then the same of pages that were
/// edited and reacted to.
/// </summary>
internal static class HistoryScenario
{
    private const int Pages = 2_000;
    private const int WarmUpPages = 500;
    private const int SmallCount = 500;
    private const int Seed = 20;
    private const double Mebi = 1 << 20;

    public static void Run(ServerBenchmarkOptions options, Report report)
    {
        using var host = new ServerHost(options);
        var small = Correspondence.Write(host.Start(), host.Key, writer: 0, reader: 1, SmallCount, new RunResult("history-small", 1));
        host.Stop();
        var before = host.Size;

        Console.Error.WriteLine($"history: sending {options.Events:N0} messages");
        var server = host.Start();
        var building = new RunResult("history-build", 1);
        var usage = new Usage(server);
        var large = Correspondence.Write(server, host.Key, writer: 0, reader: 2, options.Events, building);
        usage.Stop();
        host.Stop();
        building
            .With("messages", options.Events)
            .With("stored_per_s", options.Events / usage.Seconds);
        report.Add(usage.AddCpuPerThousandTo(building, options.Events)
            .With("disk_bytes_per_message", (host.Size - before) / (double)options.Events, 1));

        for (var run = 1; run <= options.Runs; run++)
        {
            Console.Error.WriteLine($"history: run {run}");
            report.Add(Measure(host.Start(), small, large, run));
        }

        Console.Error.WriteLine("history: annotating");
        var folded = new FoldedPages(large);
        folded.Annotate(host.Start(), host.Key, writer: 0);
        for (var run = 1; run <= options.Runs; run++)
        {
            Console.Error.WriteLine($"history, folded: run {run}");
            report.Add(folded.Measure(host.Server!, run));
        }
    }

    private static RunResult Measure(ServerProcess server, Correspondence small, Correspondence large, int run)
    {
        using var http = new HttpApi(server.Address);
        var random = new Random(Seed + run);

        // The first requests of a process pay for compiling its code; here another channel's do.
        for (var i = 0; i < WarmUpPages; i++)
        {
            HistoryPage.Random(small, random).Fetch(http);
        }

        var memory = server.Memory.Resident;
        var start = Clock.Now;
        HistoryPage.Random(large, random).Fetch(http);
        var opened = Clock.Now;
        var growth = server.Memory.Resident - memory;

        var wrong = 0;
        var latency = new LatencyHistogram();
        var usage = new Usage(server);
        for (var i = 0; i < Pages; i++)
        {
            var page = HistoryPage.Random(large, random);
            var asked = Clock.Now;
            var answer = page.Fetch(http);
            latency.Add(Clock.Microseconds(asked, Clock.Now));
            wrong += page.Is(answer) ? 0 : 1;
        }

        usage.Stop();
        var result = new RunResult("history", run)
            .With("open_ms", Clock.Seconds(start, opened) * 1000, 2)
            .With("open_resident_mb", growth / Mebi, 1)
            .With("page_p50_ms", latency.Milliseconds(.5), 3)
            .With("page_p99_ms", latency.Milliseconds(.99), 3)
            .With("page_max_ms", latency.Milliseconds(1), 3);
        usage.AddCpuPerPageTo(result, Pages).WithFault("wrong_pages", wrong);
        SessionFaults.AddTo(result, [], server);
        return result;
    }
}
