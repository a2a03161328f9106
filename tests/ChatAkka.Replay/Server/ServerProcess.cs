using System.Diagnostics;
using System.Net;

namespace ChatAkka.Replay.Server;

/// <summary>The server did not become ready.</summary>
internal sealed class ServerFailedException(string message) : Exception(message);

/// <summary>What the child process is started with.</summary>
/// <param name="Program">The server's dll, or an executable.</param>
internal sealed record ServerLaunch(string Program, string DataDirectory, string IntegratorKey);

/// <summary>
/// The real server as a child process. It never outlives this object: disposing kills it and waits for its end.
/// </summary>
internal sealed class ServerProcess : IServerHost
{
    private const int LinesKept = 20;
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(20);

    private readonly ServerLaunch _launch;
    private readonly TimeProvider _time;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(2) };
    private readonly Queue<string> _lines = new();
    private Process? _process;
    private volatile bool _killing;

    public ServerProcess(ServerLaunch launch, TimeProvider time)
    {
        (_launch, _time) = (launch, time);
        Address = new IPEndPoint(IPAddress.Loopback, Ports.Free());
    }

    public IPEndPoint Address { get; }

    public Action<string>? Died { get; set; }

    /// <exception cref="ServerFailedException">It ended, or isn't ready in time; its last lines are in the message.</exception>
    public async Task StartAsync(CancellationToken cancel)
    {
        _killing = false;
        _process = Launch();
        var started = _time.GetTimestamp();
        while (!await IsReadyAsync(cancel).ConfigureAwait(false))
        {
            if (_process.HasExited)
            {
                throw new ServerFailedException($"the server ended with code {_process.ExitCode} before it was ready{LastLines()}");
            }

            if (_time.GetElapsedTime(started) > ReadyWithin)
            {
                throw new ServerFailedException($"the server isn't ready after {ReadyWithin.TotalSeconds:0} s{LastLines()}");
            }

            await Task.Delay(AskEvery, _time, cancel).ConfigureAwait(false);
        }
    }

    public async Task KillAsync()
    {
        _killing = true;
        if (_process is { } process)
        {
            process.Kill(); // SIGKILL where signals are
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            process.Dispose();
            _process = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync().ConfigureAwait(false);
        _http.Dispose();
    }

    private Process Launch()
    {
        var isDll = Path.GetExtension(_launch.Program) == ".dll";
        var start = new ProcessStartInfo(isDll ? Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet" : _launch.Program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetDirectoryName(_launch.Program),
        };
        string[] arguments =
        [
            .. isDll ? [_launch.Program] : Array.Empty<string>(),
            "--urls", $"http://{Address}",
            "--Storage:DataDirectory", _launch.DataDirectory,
            "--Auth:IntegratorKey", _launch.IntegratorKey,
            "--Limits:SocketRequestsPerSecond", "0",
            "--Limits:AccountRequestsPerSecond", "0",
            "--Limits:LogInsPerMinute", "0",
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Exited += (_, _) => TellDeath(process);
        if (!process.Start())
        {
            throw new ServerFailedException($"'{start.FileName}' can't be started");
        }

        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancel)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri($"http://{Address}/readyz"), cancel).ConfigureAwait(false);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancel.IsCancellationRequested))
        {
            return false; // not listening yet
        }
    }

    private void TellDeath(Process process)
    {
        if (!_killing)
        {
            Died?.Invoke($"the server ended by itself with code {process.ExitCode}{LastLines()}");
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > LinesKept)
            {
                _lines.Dequeue();
            }
        }
    }

    private string LastLines()
    {
        lock (_lines)
        {
            return _lines.Count == 0 ? " and said nothing" : $"; it last said:{string.Concat(_lines.Select(l => $"\n    {l}"))}";
        }
    }
}
