using System.Net;
using System.Runtime.InteropServices;
using Benchmarks.Server.Load;
using ChatAkka.Tests.MultiNode;

namespace Benchmarks.Server.Hosting;

/// <summary>Several servers that form a cluster on a fresh PostgreSQL database. Disposing ends them and removes the data, and so does an
/// interrupt.</summary>
internal sealed class ServerCluster : IMeasured, IDisposable
{
    private const int InterruptedExitCode = 130;

    private readonly PostgresDatabase _database = new();
    private readonly ClusterOfServers _servers;
    private readonly PosixSignalRegistration[] _interrupts;

    /// <param name="nodes">A single one is a messenger by itself, without what a cluster costs.</param>
    /// <param name="areLinked">What nodes say to each other is counted, at the price of a proxy in between.</param>
    /// <exception cref="BenchmarkException">They don't become ready.</exception>
    public ServerCluster(ServerBenchmarkOptions options, int nodes, bool areLinked = false)
    {
        PosixSignal[] interrupts = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];
        _interrupts = [.. interrupts.Select(signal => PosixSignalRegistration.Create(signal, OnInterrupt))];
        try
        {
            _servers = new ClusterOfServers(new ClusterSettings(options.Server)
            {
                Nodes = nodes,
                Database = _database.ConnectionString,
                IntegratorKey = Key.Setting,
                IsLinked = areLinked,
            });
            StartSeconds = StartAsync().GetAwaiter().GetResult();
            Addresses = [.. _servers.All.Select(node => node.Http)];
        }
        catch (ServerFailedException e)
        {
            End();
            throw new BenchmarkException(e.Message);
        }
    }

    public IntegratorKey Key { get; } = new();

    public IPEndPoint[] Addresses { get; }

    /// <summary>Clients do as they are told by <c>GET /v1/servers</c>.</summary>
    public bool AreClientsSent { get; init; }

    public Func<string, int>? ServerOf => !AreClientsSent ? null : token =>
    {
        using var http = new HttpApi(Addresses[0]);
        return Array.IndexOf(Addresses, http.Servers(token)[0]);
    };

    public double CpuSeconds => _servers.All.Sum(node => node.CpuTime.TotalSeconds);

    public double? PostgresCpuSeconds => _database.Processes.CpuSeconds;

    /// <summary>How long it took until the last of the nodes, which were started together, was ready: a member among members.</summary>
    public double StartSeconds { get; }

    /// <summary>Bytes that nodes have said to each other; 0 if nobody counts.</summary>
    public long Carried => _servers.Links?.Carried ?? 0;

    public IReadOnlyList<string> TakeComplaints() => _servers.TakeTroubles();

    public void Dispose()
    {
        foreach (var interrupt in _interrupts)
        {
            interrupt.Dispose();
        }

        End();
    }

    private async Task<double> StartAsync()
    {
        var start = Clock.Now;
        foreach (var node in _servers.All)
        {
            node.Launch();
        }

        await Task.WhenAll(_servers.All.Select(node => node.BecomeReadyAsync()));
        return Clock.Seconds(start, Clock.Now);
    }

    private void End()
    {
        _servers.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _database.Dispose();
    }

    private void OnInterrupt(PosixSignalContext context)
    {
        context.Cancel = true;
        End();
        Environment.Exit(InterruptedExitCode);
    }
}
