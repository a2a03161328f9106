using System.Net;
using ChatAkka.Replay.Server;

namespace ChatAkka.Replay.Tests.Faults;

/// <summary>A server that only counts what is done to it.</summary>
internal sealed class CountingHost : IServerHost
{
    private readonly TaskCompletionSource[] _started = [.. Enumerable.Range(0, 4).Select(_ => new TaskCompletionSource())];
    private int _starts;

    public IPEndPoint Address => new(IPAddress.Loopback, 1);

    public Action<string>? Died { get; set; }

    public int Kills { get; private set; }

    public Task Started(int times) => _started[times].Task;

    public Task StartAsync(CancellationToken cancel)
    {
        _started[++_starts].SetResult();
        return Task.CompletedTask;
    }

    public Task KillAsync()
    {
        Kills++;
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
