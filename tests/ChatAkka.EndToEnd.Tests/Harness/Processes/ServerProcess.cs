using System.Diagnostics;
using System.Globalization;
using System.Net;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Waiting;
using ChatAkka.Tests.Processes;

namespace ChatAkka.EndToEnd.Tests.Harness.Processes;

/// <summary>
/// The built server as a process of its own, on a free port and an empty data directory. It can die and live again on the same data and
/// address; its log goes on through all its lives. Whoever starts one disposes of it.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly HttpClient Probe = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero })
    {
        Timeout = TimeSpan.FromSeconds(5),
    };


    private readonly ServerSettings _settings;
    private readonly TemporaryDirectory _data = new();
    private Process? _process;

    private ServerProcess(ServerSettings settings)
    {
        _settings = settings;
        Endpoint = new IPEndPoint(IPAddress.Loopback, Ports.Next());
        Address = new Uri($"http://{Endpoint}");
        Api = new Api(Address, Log);
        if (settings.IntegratorKey is { } key)
        {
            Log.Keep(Convert.ToBase64String(key));
        }
    }

    public IPEndPoint Endpoint { get; private set; }

    public Uri Address { get; private set; }

    public Api Api { get; }

    public ServerLog Log { get; } = new();

    public string DataDirectory => _data.Path;

    public byte[] IntegratorKey => _settings.IntegratorKey ?? throw new InvalidOperationException("this server has no integrator key");

    public int Pid => Running.Id;

    private Process Running => _process ?? throw new InvalidOperationException("the server isn't running");

    /// <summary>Starts one and waits until it is ready.</summary>
    public static async Task<ServerProcess> StartAsync(ServerSettings settings)
    {
        var server = new ServerProcess(settings);
        try
        {
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again where it was, after <see cref="KillAsync"/> or <see cref="StopAsync"/>.</summary>
    public async Task StartAgainAsync()
    {
        var process = new Process { StartInfo = StartInfo() };
        process.OutputDataReceived += (_, line) => AddToLog(line.Data);
        process.ErrorDataReceived += (_, line) => AddToLog(line.Data);
        process.Start();
        _process = process;
        Reaper.Add(process.Id);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Wait.UntilAsync("the server is ready", async () =>
        {
            process.HasExited.ShouldBeFalse($"the server ended before it was ready:\n{Log.Text}");
            return await IsReadyAsync();
        }, StartLimit);
    }

    /// <summary>SIGKILL: it learns nothing of it.</summary>
    public async Task KillAsync()
    {
        Running.Kill();
        await EndedAsync();
    }

    /// <summary>SIGKILL, and another life on the same data.</summary>
    public async Task RestartAsync()
    {
        await KillAsync();
        await StartAgainAsync();
    }

    /// <summary>SIGTERM; returns how the server ended.</summary>
    public Task<int> StopAsync()
    {
        BeginStop();
        return EndOfStopAsync();
    }

    /// <summary>SIGTERM; <see cref="EndOfStopAsync"/> must follow.</summary>
    public void BeginStop() => Posix.Terminate(Pid);

    /// <summary>Waits for the end and returns the exit code.</summary>
    public async Task<int> EndOfStopAsync()
    {
        var process = Running;
        await EndedAsync(dispose: false);
        using (process)
        {
            return process.ExitCode;
        }
    }

    /// <summary>Fails if it has ended without being told to, or if there is something in its log that shouldn't be.</summary>
    public void ShouldBeWell()
    {
        _process?.HasExited.ShouldBeFalse($"the server has ended by itself:\n{Log.Text}");
        Log.ShouldBeClean();
    }

    /// <summary>What <c>/readyz</c> says, or null if nothing answers.</summary>
    public static async Task<(HttpStatusCode Status, string Body)?> AskReadinessAsync(Uri address)
    {
        try
        {
            using var answer = await Probe.GetAsync(new Uri(address, "/readyz"));
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    /// <summary>Memory of the process that is in RAM, in bytes.</summary>
    public long ResidentBytes()
    {
        var line = File.ReadLines($"/proc/{Pid}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>Files and sockets that the process has open.</summary>
    public int OpenFiles() => Directory.GetFileSystemEntries($"/proc/{Pid}/fd").Length;

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill();
            await EndedAsync();
        }

        Api.Dispose();
        _data.Dispose();
    }

    private async Task<bool> IsReadyAsync() => await AskReadinessAsync(Address) is (HttpStatusCode.OK, _);

    private async Task EndedAsync(bool dispose = true)
    {
        var process = Running;
        await Wait.ForAsync("the server ends and its output with it", process.WaitForExitAsync(), StartLimit);
        Reaper.Remove(process.Id);
        _process = null;
        if (dispose)
        {
            process.Dispose();
        }
    }

    private void AddToLog(string? line)
    {
        if (line is not null)
        {
            Log.Add(line);
        }
    }

    private ProcessStartInfo StartInfo()
    {
        List<string> command =
            ["dotnet", ServerProgram.Path, "--urls", Address.ToString().TrimEnd('/'), "--Storage:DataDirectory", DataDirectory];
        if (_settings.IntegratorKey is not null)
        {
            command.AddRange(["--Auth:IntegratorKey", Convert.ToBase64String(_settings.IntegratorKey)]);
        }

        command.AddRange(_settings.Options.SelectMany(option => new[] { "--" + option.Key, option.Value }));
        if (_settings.Preparation is not null)
        {
            // exec: the shell becomes the server, under the same process id.
            command = ["/bin/sh", "-c", $"{_settings.Preparation}; exec \"$@\"", "sh", .. command];
        }

        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = DataDirectory,
        };
        foreach (var (name, value) in _settings.Environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }
}
