using Benchmarks.Server.Hosting;
using Benchmarks.Server.Load;

namespace Benchmarks.Server.Scenarios;

/// <summary>What the server and the load generator use between creation and <see cref="Stop"/>.</summary>
internal sealed class Usage(ServerProcess server)
{
    private readonly long _start = Clock.Now;
    private readonly double _server = server.CpuSeconds;
    private readonly double _own = Environment.CpuUsage.TotalTime.TotalSeconds;
    private readonly long _allocated = GC.GetAllocatedBytesForCurrentThread();

    public double Seconds { get; private set; }

    public double ServerCpu { get; private set; }

    /// <summary>Processor time of the load generator, all of its threads.</summary>
    public double OwnCpu { get; private set; }

    /// <summary>Bytes that the load generator's thread allocated.</summary>
    public long OwnAllocations { get; private set; }

    public void Stop()
    {
        OwnAllocations = GC.GetAllocatedBytesForCurrentThread() - _allocated;
        Seconds = Clock.Seconds(_start, Clock.Now);
        ServerCpu = server.CpuSeconds - _server;
        OwnCpu = Environment.CpuUsage.TotalTime.TotalSeconds - _own;
    }
}
