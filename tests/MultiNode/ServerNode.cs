using System.Diagnostics;
using System.Net;
using ChatAkka.Tests.MultiNode.Links;

namespace ChatAkka.Tests.MultiNode;

/// <summary>A server did not start, did not stop, or isn't what it should be.</summary>
internal sealed class ServerFailedException(string message) : Exception(message);

/// <summary>
/// The built server as a process of its own, at an address that it keeps: it can be killed, frozen, stopped and started again. One caller
/// at a time.
/// </summary>
internal sealed class ServerNode : IAsyncDisposable
{
    private const int LinesTold = 20;
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(20);
    private static readonly HttpClient Probe = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero, UseProxy = false })
    {
        Timeout = TimeSpan.FromSeconds(2),
    };

    private readonly ProcessStartInfo _start;
    private volatile NodeProcess? _process;

    /// <param name="number">From 0.</param>
    /// <param name="start">Starts the process, with redirected output.</param>
    /// <param name="http">Where it serves clients.</param>
    /// <param name="address">Where it serves other nodes; null if it does not.</param>
    public ServerNode(int number, ProcessStartInfo start, IPEndPoint http, NodeAddress? address)
    {
        (Number, _start, Http, Address) = (number, start, http, address);
        Uri = new Uri($"http://{http}/");
    }

    public int Number { get; }

    /// <summary>As the setting <c>Gateway:Node</c> has it.</summary>
    public string Name => NameOf(Number);

    public IPEndPoint Http { get; }

    /// <summary>Of the HTTP API.</summary>
    public Uri Uri { get; }

    public NodeAddress? Address { get; }

    public NodeLog Log { get; } = new();

    /// <summary>Told, on any thread, when the process ends without having been asked or killed, and with what code.</summary>
    public Action<ServerNode, int>? EndedByItself { get; set; }

    /// <summary>It has a process, be it frozen.</summary>
    public bool IsRunning => _process is { HasEnded: false };

    public bool IsFrozen => _process is { IsFrozen: true };

    public int Pid => Running.Pid;

    /// <summary>Times that it was started.</summary>
    public int Lives { get; private set; }

    /// <summary>When this life became ready, by <see cref="Stopwatch.GetTimestamp"/>; 0 while it hasn't. The one of a cluster that did so
    /// first is its oldest.</summary>
    public long ReadySince { get; private set; }

    /// <summary>Processor time of its process so far.</summary>
    public TimeSpan CpuTime => Running.CpuTime;

    private NodeProcess Running => _process ?? throw new InvalidOperationException($"{Name} isn't running");

    public static string NameOf(int number) => $"node-{number + 1}";

    /// <summary>Starts it, if it isn't running, and waits until it says that it is ready.</summary>
    /// <exception cref="ServerFailedException">It ended, or isn't ready in time; its last lines are in the message.</exception>
    public async Task StartAsync(CancellationToken cancel = default)
    {
        Launch();
        await BecomeReadyAsync(cancel);
    }

    /// <summary>Starts it, if it isn't running.</summary>
    public void Launch()
    {
        if (!IsRunning)
        {
            Forget();
            Lives++;
            _process = new NodeProcess(_start, Log.Add, code => EndedByItself?.Invoke(this, code));
        }
    }

    /// <summary>Waits until it says that it is ready.</summary>
    /// <exception cref="ServerFailedException">It ended, or isn't ready in time.</exception>
    public async Task BecomeReadyAsync(CancellationToken cancel = default)
    {
        var process = Running;
        var started = Stopwatch.GetTimestamp();
        while (await AskAsync(cancel) is not (HttpStatusCode.OK, _))
        {
            if (process.HasEnded)
            {
                throw new ServerFailedException($"{Name} ended with code {process.ExitCode} before it was ready{Log.Tail(LinesTold)}");
            }

            if (Stopwatch.GetElapsedTime(started) > ReadyWithin)
            {
                throw new ServerFailedException($"{Name} isn't ready after {ReadyWithin.TotalSeconds:0} s{Log.Tail(LinesTold)}");
            }

            await Task.Delay(AskEvery, cancel);
        }

        ReadySince = ReadySince == 0 ? Stopwatch.GetTimestamp() : ReadySince;
    }

    /// <summary>What <c>/readyz</c> says; null if nothing answers.</summary>
    public async Task<(HttpStatusCode Status, string Body)?> AskAsync(CancellationToken cancel = default)
    {
        try
        {
            using var answer = await Probe.GetAsync(new Uri(Uri, "readyz"), cancel);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(cancel));
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancel.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>Ends its process at once (SIGKILL), with everything it has in memory, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            await process.KillAsync();
            Forget();
        }
    }

    /// <summary>Stops its process where it is, without its knowledge (SIGSTOP).</summary>
    public void Freeze() => Running.Freeze();

    /// <summary>Lets it go on (SIGCONT).</summary>
    public void Thaw() => _process?.Thaw();

    /// <summary>Asks it to end (SIGTERM) and waits.</summary>
    /// <exception cref="ServerFailedException">It doesn't end in time.</exception>
    public async Task<NodeEnd> StopAsync(TimeSpan within)
    {
        BeginStop();
        return await EndOfStopAsync(within);
    }

    /// <summary>Asks it to end; <see cref="EndOfStopAsync"/> must follow.</summary>
    public void BeginStop() => Running.BeginStop();

    /// <summary>Waits for the end that was asked for.</summary>
    /// <exception cref="ServerFailedException">It doesn't come in time.</exception>
    public async Task<NodeEnd> EndOfStopAsync(TimeSpan within)
    {
        var end = await Running.EndOfStopAsync(within)
            ?? throw new ServerFailedException($"{Name} hasn't ended {within.TotalSeconds:0} s after SIGTERM{Log.Tail(LinesTold)}");
        Forget();
        return end;
    }

    public ValueTask DisposeAsync()
    {
        Forget();
        return ValueTask.CompletedTask;
    }

    private void Forget()
    {
        ReadySince = 0;
        _process?.Dispose();
        _process = null;
    }
}
