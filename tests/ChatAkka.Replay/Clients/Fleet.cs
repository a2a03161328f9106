using System.Collections.Concurrent;
using ChatAkka.Replay.Faults;
using ChatAkka.Replay.Judging;
using ChatAkka.Replay.Server;
using ChatAkka.Replay.Waiting;

namespace ChatAkka.Replay.Clients;

/// <summary>What all devices of a run share: where the servers are, the pools of seen events, the counters and the faults.</summary>
internal sealed class Fleet(IService service, Waits waits, FaultPlan faults, TimeProvider time) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, TimelinePool> _pools = new();
    private readonly ConcurrentBag<DeviceClient> _clients = [];
    private int _reconnects;
    private int _repeats;
    private long _gapsRepaired;

    public IService Service => service;

    public Waits Waits => waits;

    public FaultPlan Faults => faults;

    public TimeProvider Time => time;

    /// <summary>What devices noticed of faults.</summary>
    public Disturbances Disturbances { get; } = new();

    /// <summary>Sessions opened by devices that had one before.</summary>
    public int Reconnects => _reconnects;

    /// <summary>Sends repeated after their acknowledgement, as by a program that lost it.</summary>
    public int Repeats => _repeats;

    /// <summary>Times that a client fetched what was missing in a channel: after a long absence, mostly.</summary>
    public long GapsRepaired => _gapsRepaired;

    public TimelinePool Pool(string channel) => _pools.GetOrAdd(channel, static _ => new TimelinePool());

    public void Add(DeviceClient client) => _clients.Add(client);

    /// <summary>
    /// A device that wants to be connected and isn't, or hasn't had answered what it first tried before <paramref name="moment"/>, in
    /// words; null if there is none. What it lost since then doesn't count.
    /// </summary>
    public string? Restless(long moment) => _clients.Select(c => c.Restless(moment)).FirstOrDefault(reason => reason is not null);

    public void CountReconnect() => Interlocked.Increment(ref _reconnects);

    public void CountRepeat() => Interlocked.Increment(ref _repeats);

    public void CountGaps(long repaired) => Interlocked.Add(ref _gapsRepaired, repaired);

    /// <summary>Ends all devices, politely where possible.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_clients.Select(c => c.StopAsync())).ConfigureAwait(false);
}
