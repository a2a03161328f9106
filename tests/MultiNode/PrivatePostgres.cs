using System.Diagnostics;
using System.Net;
using ChatAkka.Tests.Processes;
using Npgsql;

namespace ChatAkka.Tests.MultiNode;

/// <summary>
/// A PostgreSQL server of our own, from the installed binaries, that can be killed and started again: what it has committed is on disk.
/// Disposing ends it and removes its data. Takes Linux; as root it runs as the user "postgres", because it refuses to run as root.
/// </summary>
internal sealed class PrivatePostgres : IAsyncDisposable
{
    private const string User = "postgres";
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(50);

    private readonly string _binaries;
    private readonly string _directory = Directory.CreateTempSubdirectory("chatakka-private-postgres-").FullName;
    private readonly int _port = Ports.Next();
    private readonly NodeLog _log = new();
    private NodeProcess? _process;

    private PrivatePostgres(string binaries) => _binaries = binaries;

    /// <summary>Why there can't be one here; null if there can.</summary>
    public static string? Missing { get; } =
        !OperatingSystem.IsLinux() ? "a PostgreSQL server that can be killed takes Linux"
        : Find() is null ? "PostgreSQL's binaries (initdb, postgres) aren't installed"
        : null;

    /// <summary>How its database is reached.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder
    {
        Host = IPAddress.Loopback.ToString(),
        Port = _port,
        Username = "chatakka",
        Database = "postgres",
    }.ConnectionString;

    private string Data => Path.Combine(_directory, "data");

    /// <summary>Makes one and waits until it takes connections.</summary>
    /// <exception cref="ServerFailedException">It can't be made.</exception>
    public static async Task<PrivatePostgres> StartAsync()
    {
        var postgres = new PrivatePostgres(Find() ?? throw new ServerFailedException(Missing!));
        try
        {
            await postgres.InitializeAsync();
            await postgres.RunAsync();
            return postgres;
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends it at once, with everything it has in memory.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            await process.KillAsync();
            process.Dispose();
            _process = null;
        }
    }

    /// <summary>Starts it again, and waits until it takes connections.</summary>
    /// <exception cref="ServerFailedException">It doesn't come back.</exception>
    public async Task RunAsync()
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            // Right after a kill it refuses to start, because its children haven't noticed yet.
            if (_process is null or { HasEnded: true })
            {
                _process?.Dispose();
                _process = new NodeProcess(AsUser("postgres", Arguments()), _log.Add, _ => { });
            }

            if (await TakesConnectionsAsync())
            {
                return;
            }

            if (Stopwatch.GetElapsedTime(started) > ReadyWithin)
            {
                throw new ServerFailedException($"PostgreSQL isn't ready after {ReadyWithin.TotalSeconds:0} s{_log.Tail(20)}");
            }

            await Task.Delay(AskEvery);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        for (var tries = 0; ; tries++)
        {
            try
            {
                Directory.Delete(_directory, recursive: true);
                return;
            }
            catch (IOException) when (tries < 100)
            {
                await Task.Delay(AskEvery); // its children are still writing
            }
        }
    }

    // Debian keeps them out of PATH.
    private static string? Find()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string[] debian = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [];
        string[] all = [.. path, .. debian.OrderDescending(StringComparer.Ordinal).Select(d => Path.Combine(d, "bin"))];
        return Array.Find(all, d => File.Exists(Path.Combine(d, "initdb")) && File.Exists(Path.Combine(d, "postgres")));
    }

    private string[] Arguments() =>
    [
        "-D", Data, "-p", FormattableString.Invariant($"{_port}"), "-k", _directory,
        "-c", $"listen_addresses={IPAddress.Loopback}", "-c", "max_connections=300", "-c", "logging_collector=off",
    ];

    private async Task InitializeAsync()
    {
        if (Environment.IsPrivilegedProcess)
        {
            await RunToEndAsync(new ProcessStartInfo("chown", [User, _directory]));
        }

        await RunToEndAsync(AsUser("initdb", ["-D", Data, "-U", "chatakka", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]));
    }

    /// <summary>A program of PostgreSQL, under a user that may run it. setpriv becomes the program: the process id stays.</summary>
    private ProcessStartInfo AsUser(string program, string[] arguments)
    {
        string[] command = [Path.Combine(_binaries, program), .. arguments];
        command = Environment.IsPrivilegedProcess
            ? ["setpriv", $"--reuid={User}", $"--regid={User}", "--init-groups", .. command]
            : command;
        return new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
    }

    private static async Task RunToEndAsync(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new ServerFailedException($"{start.FileName} ended with code {process.ExitCode}: {await output}{await errors}");
        }
    }

    private async Task<bool> TakesConnectionsAsync()
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false, Timeout = 2 };
            await using var connection = new NpgsqlConnection(settings.ConnectionString);
            await connection.OpenAsync();
            return true;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            return false;
        }
    }
}
