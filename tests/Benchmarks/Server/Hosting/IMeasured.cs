using System.Net;

namespace Benchmarks.Server.Hosting;

/// <summary>The server under test, or several that are one service.</summary>
internal interface IMeasured
{
    /// <summary>Where clients connect.</summary>
    IPEndPoint[] Addresses { get; }

    /// <summary>The place among <see cref="Addresses"/> to which the holder of a token is sent; null if clients are to be spread evenly.</summary>
    Func<string, int>? ServerOf => null;

    /// <summary>Processor time so far, of user and system, of all processes. Linux counts it in steps of 10 ms.</summary>
    double CpuSeconds { get; }

    /// <summary>Likewise, of the PostgreSQL server that everything is stored on; null if there is none.</summary>
    double? PostgresCpuSeconds { get; }

    /// <summary>What servers complained about, for people; emptied by reading.</summary>
    IReadOnlyList<string> TakeComplaints();
}
