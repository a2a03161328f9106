using Benchmarks.Server.Reporting;
using Benchmarks.Server.Scenarios;
using Npgsql;

namespace Benchmarks.Server;

/// <summary>Measures the built server as a client sees it: over real sockets, in a process of its own, on a fresh store.</summary>
internal static class ServerBenchmarks
{
    private const int Success = 0;
    private const int Faults = 1;
    private const int BadUsage = 2;

    /// <summary>Runs the tests that the arguments name; returns the exit code, which isn't 0 if anything was lost, doubled or
    /// refused.</summary>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        try
        {
            return Run(ServerBenchmarkOptions.Parse(arguments));
        }
        catch (FormatException e)
        {
            Console.Error.WriteLine(e.Message);
            Console.Error.WriteLine(ServerBenchmarkOptions.Usage);
            return BadUsage;
        }
        catch (Exception e) when (e is BenchmarkException or NpgsqlException)
        {
            Console.Error.WriteLine(e.Message);
            return Faults;
        }
    }

    private static int Run(ServerBenchmarkOptions options)
    {
        using var report = new Report(options.Json);
        if (options.Tests.Contains("login"))
        {
            LoginScenario.Run(options, report);
        }

        if (options.Tests.Contains("memory"))
        {
            MemoryScenario.Run(options, report);
        }

        if (options.Tests.Any(test => test is "latency" or "group" or "pairs"))
        {
            TrafficScenarios.Run(options, report);
        }

        if (options.Tests.Contains("heartbeats"))
        {
            HeartbeatScenario.Run(options, report);
        }

        if (options.Tests.Contains("resume"))
        {
            ResumeScenario.Run(options, report);
        }

        if (options.Tests.Contains("history"))
        {
            HistoryScenario.Run(options, report);
        }

        if (options.Tests.Contains("nodes"))
        {
            NodesScenario.Run(options, report);
        }

        if (options.Tests.Contains("idle"))
        {
            IdleScenario.Run(options, report);
        }

        if (options.Tests.Contains("presence"))
        {
            PresenceScenario.Run(options, report);
        }

        report.Print(Console.Out);
        return report.HasFaults ? Faults : Success;
    }
}
