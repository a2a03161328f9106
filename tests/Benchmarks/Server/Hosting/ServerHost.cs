using System.Runtime.InteropServices;

namespace Benchmarks.Server.Hosting;

/// <summary>
/// A server that can be started over and over on the same data, which begins empty. Disposing ends it and removes the data, and so
/// does an interrupt.
/// </summary>
internal sealed class ServerHost : IDisposable
{
    private const int InterruptedExitCode = 130;
    private static readonly PosixSignal[] Interrupts = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];

    private readonly string _assembly;
    private readonly PosixSignalRegistration[] _interrupts;

    public ServerHost(ServerBenchmarkOptions options)
    {
        _assembly = options.Server;
        Database = options.Postgres ? new PostgresDatabase() : null;
        _interrupts = [.. Interrupts.Select(signal => PosixSignalRegistration.Create(signal, OnInterrupt))];
    }

    public IntegratorKey Key { get; } = new();

    public DataDirectory Data { get; } = new();

    /// <summary>Where the server keeps its data instead; null if it does so in the directory.</summary>
    public PostgresDatabase? Database { get; }

    /// <summary>Bytes that the server's data takes.</summary>
    public long Size => Database?.Size ?? Data.Size;

    /// <summary>The one that runs.</summary>
    public ServerProcess? Server { get; private set; }

    /// <summary>Starts the server, or starts it again after it was asked to stop; it isn't ready yet.</summary>
    public ServerProcess Launch()
    {
        Stop();
        Server = ServerProcess.Start(_assembly, Data.Path, Key, Database);
        return Server;
    }

    /// <summary><see cref="Launch"/>, and waits until the server is ready.</summary>
    public ServerProcess Start()
    {
        var server = Launch();
        server.WaitUntilReady();
        return server;
    }

    /// <summary>Asks the server to stop, if one runs, and waits.</summary>
    public void Stop()
    {
        Server?.Stop();
        Server?.Dispose();
        Server = null;
    }

    public void Dispose()
    {
        foreach (var interrupt in _interrupts)
        {
            interrupt.Dispose();
        }

        Server?.Dispose();
        Data.Dispose();
        Database?.Dispose();
    }

    private void OnInterrupt(PosixSignalContext context)
    {
        context.Cancel = true;
        Server?.Dispose();
        Data.Dispose();
        Database?.Dispose();
        Environment.Exit(InterruptedExitCode);
    }
}
