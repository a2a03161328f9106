using Benchmarks.Server.Hosting;
using Benchmarks.Server.Load;
using Benchmarks.Server.Reporting;

namespace Benchmarks.Server.Scenarios;

/// <summary>What the servers and the load generator use between creation and <see cref="Stop"/>.</summary>
internal sealed class Usage(IMeasured server)
{
    /// <summary>The name of a figure: processor time of all servers, in s for 1,000 messages.</summary>
    public const string ServerCpuPerThousand = "server_cpu_s_per_1000";

    private readonly long _start = Clock.Now;
    private readonly double _server = server.CpuSeconds;
    private readonly double? _postgres = server.PostgresCpuSeconds;
    private readonly double _own = Environment.CpuUsage.TotalTime.TotalSeconds;
    private readonly long _allocated = GC.GetAllocatedBytesForCurrentThread();

    public double Seconds { get; private set; }

    public double ServerCpu { get; private set; }

    /// <summary>Processor time of PostgreSQL's processes; null if the server doesn't store on it.</summary>
    public double? PostgresCpu { get; private set; }

    /// <summary>Processor time of the load generator, all of its threads.</summary>
    public double OwnCpu { get; private set; }

    /// <summary>Bytes that the load generator's thread allocated.</summary>
    public long OwnAllocations { get; private set; }

    public void Stop()
    {
        OwnAllocations = GC.GetAllocatedBytesForCurrentThread() - _allocated;
        Seconds = Clock.Seconds(_start, Clock.Now);
        ServerCpu = server.CpuSeconds - _server;
        PostgresCpu = server.PostgresCpuSeconds - _postgres;
        OwnCpu = Environment.CpuUsage.TotalTime.TotalSeconds - _own;
    }

    /// <summary>Adds the processor time of the server, and that of PostgreSQL if it stores there, for 1,000 messages.</summary>
    public RunResult AddCpuPerThousandTo(RunResult result, long messages)
    {
        result.With(ServerCpuPerThousand, ServerCpu / Math.Max(1, messages) * 1000, 4);
        return PostgresCpu is { } postgres ? result.With("postgres_cpu_s_per_1000", postgres / Math.Max(1, messages) * 1000, 4) : result;
    }

    /// <summary>Likewise, in ms for a page.</summary>
    public RunResult AddCpuPerPageTo(RunResult result, int pages)
    {
        result.With("server_cpu_ms_per_page", ServerCpu * 1000 / pages, 3);
        return PostgresCpu is { } postgres ? result.With("postgres_cpu_ms_per_page", postgres * 1000 / pages, 3) : result;
    }
}
