using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Benchmarks.Server.Load;

namespace Benchmarks.Server.Hosting;

/// <summary>The server under test as a process of its own, on a free port of the loopback. Disposing ends it.</summary>
internal sealed class ServerProcess : IMeasured, IDisposable
{
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private readonly PostgresDatabase? _database;

    private ServerProcess(Process process, PostgresDatabase? database, IPEndPoint address, ServerOutput output, long startedAt)
    {
        _process = process;
        _database = database;
        Address = address;
        Output = output;
        StartedAt = startedAt;
    }

    public IPEndPoint Address { get; }

    public IPEndPoint[] Addresses => [Address];

    public ServerOutput Output { get; }

    /// <summary>Just before the process was made.</summary>
    public long StartedAt { get; }

    public Uri Url => new($"http://{Address}");

    public double CpuSeconds
    {
        get
        {
            ThrowIfEnded();
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    public double? PostgresCpuSeconds => _database?.Processes.CpuSeconds;

    /// <summary>What the process holds now.</summary>
    public ProcessMemory Memory
    {
        get
        {
            ThrowIfEnded();
            return ProcessMemory.Of(_process);
        }
    }

    public IReadOnlyList<string> TakeComplaints() => Output.TakeComplaints();

    /// <summary>Starts it; it isn't ready yet.</summary>
    /// <param name="database">Where it stores everything; null for the directory.</param>
    public static ServerProcess Start(string assembly, string dataDirectory, IntegratorKey key, PostgresDatabase? database)
    {
        var address = FreeAddress();
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        string[] arguments =
        [
            assembly,
            "--urls", $"http://{address}",
            "--Storage:DataDirectory", dataDirectory,
            .. database is null
                ? Array.Empty<string>()
                : ["--Storage:Provider", "postgres", "--Storage:ConnectionString", database.ConnectionString],
            "--Auth:IntegratorKey", key.Setting,
            "--Limits:SocketRequestsPerSecond", "0",
            "--Limits:AccountRequestsPerSecond", "0",
            "--Limits:LogInsPerMinute", "0",
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var output = new ServerOutput();
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => output.Add(line.Data);
        process.ErrorDataReceived += (_, line) => output.Add(line.Data);
        var startedAt = Clock.Now;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new ServerProcess(process, database, address, output, startedAt);
    }

    /// <summary>Waits until the server says that it is ready.</summary>
    /// <exception cref="BenchmarkException">It ended, or took too long.</exception>
    public void WaitUntilReady()
    {
        using var http = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(5) };
        while (Stopwatch.GetElapsedTime(StartedAt) < ReadyTimeout)
        {
            if (IsReady(http))
            {
                return;
            }

            _process.WaitForExit(RetryInterval);
            ThrowIfEnded();
        }

        throw new BenchmarkException($"the server was not ready within {ReadyTimeout.TotalSeconds} s\n{Output.Tail}");
    }

    /// <exception cref="BenchmarkException">The server has ended by itself.</exception>
    public void ThrowIfEnded()
    {
        if (_process.HasExited)
        {
            throw new BenchmarkException($"the server ended with exit code {_process.ExitCode}\n{Output.Tail}");
        }
    }

    /// <summary>Asks it to stop as an operator would, and waits. Where that can't be asked, it is killed.</summary>
    public void Stop()
    {
        if (!Signals.TryTerminate(_process))
        {
            _process.Kill();
        }

        if (!_process.WaitForExit(StopTimeout))
        {
            throw new BenchmarkException($"the server did not stop within {StopTimeout.TotalSeconds} s\n{Output.Tail}");
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static bool IsReady(HttpClient http)
    {
        try
        {
            using var answer = http.Send(new HttpRequestMessage(HttpMethod.Get, "/readyz"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // nobody listens yet
        }
    }

    private static IPEndPoint FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }
}
