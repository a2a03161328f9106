using System.Collections.Concurrent;
using System.Net;
using ChatAkka.Replay.Judging;
using ChatAkka.Replay.Server;
using ChatAkka.Replay.Waiting;

namespace ChatAkka.Replay.Clients;

/// <summary>What all devices of a run share: where the server is, the pools of seen events, the counters and the kills.</summary>
internal sealed class Fleet(IPEndPoint server, Waits waits, KillPlan kills, TimeProvider time) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, TimelinePool> _pools = new();
    private readonly ConcurrentBag<DeviceClient> _clients = [];
    private int _reconnects;
    private int _repeats;
    private long _gapsRepaired;

    public IPEndPoint Server => server;

    public Waits Waits => waits;

    public KillPlan Kills => kills;

    public TimeProvider Time => time;

    /// <summary>Sessions opened by devices that had one before.</summary>
    public int Reconnects => _reconnects;

    /// <summary>Sends repeated after their acknowledgement, as by a program that lost it.</summary>
    public int Repeats => _repeats;

    /// <summary>Times that a client fetched what was missing in a channel: after a long absence, mostly.</summary>
    public long GapsRepaired => _gapsRepaired;

    public TimelinePool Pool(string channel) => _pools.GetOrAdd(channel, static _ => new TimelinePool());

    public void Add(DeviceClient client) => _clients.Add(client);

    public void CountReconnect() => Interlocked.Increment(ref _reconnects);

    public void CountRepeat() => Interlocked.Increment(ref _repeats);

    public void CountGaps(long repaired) => Interlocked.Add(ref _gapsRepaired, repaired);

    /// <summary>Ends all devices, politely where possible.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_clients.Select(c => c.StopAsync())).ConfigureAwait(false);
}
