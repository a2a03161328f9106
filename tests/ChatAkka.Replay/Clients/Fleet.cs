using System.Collections.Concurrent;
using System.Net;
using ChatAkka.Replay.Judging;
using ChatAkka.Replay.Server;
using ChatAkka.Replay.Waiting;

namespace ChatAkka.Replay.Clients;

/// <summary>What all clients of a run share: where the server is, the pools of seen events, the counters, the kills, and the
/// heartbeat.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, TimelinePool> _pools = new();
    private readonly ConcurrentBag<DeviceClient> _clients = [];
    private readonly ITimer _heartbeat;
    private int _reconnects;
    private int _repeats;

    public Fleet(IPEndPoint server, Waits waits, KillPlan kills, TimeProvider time)
    {
        (Server, Waits, Kills, Time) = (server, waits, kills, time);
        _heartbeat = time.CreateTimer(_ => Beat(), null, HeartbeatInterval, HeartbeatInterval);
    }

    public IPEndPoint Server { get; }

    public Waits Waits { get; }

    public KillPlan Kills { get; }

    public TimeProvider Time { get; }

    /// <summary>Sessions opened by devices that had one before.</summary>
    public int Reconnects => _reconnects;

    /// <summary>Sends repeated after their acknowledgement, as by a client that lost it.</summary>
    public int Repeats => _repeats;

    public TimelinePool Pool(string channel) => _pools.GetOrAdd(channel, static _ => new TimelinePool());

    public void Add(DeviceClient client) => _clients.Add(client);

    public void CountReconnect() => Interlocked.Increment(ref _reconnects);

    public void CountRepeat() => Interlocked.Increment(ref _repeats);

    /// <summary>Ends all connections, politely where possible.</summary>
    public async ValueTask DisposeAsync()
    {
        await _heartbeat.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(_clients.Select(c => c.StopAsync())).ConfigureAwait(false);
    }

    private void Beat()
    {
        foreach (var client in _clients)
        {
            client.Beat();
        }
    }
}
