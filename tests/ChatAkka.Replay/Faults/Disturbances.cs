using System.Collections.Concurrent;

namespace ChatAkka.Replay.Faults;

/// <summary>What clients noticed, and when (Stopwatch ticks). Thread-safe.</summary>
internal sealed class Disturbances
{
    private readonly ConcurrentQueue<(long At, string Device, string Server)> _connections = new();
    private readonly ConcurrentQueue<(long At, string Device)> _repairs = new();
    private readonly ConcurrentQueue<(long At, string End)> _ends = new();

    /// <summary>Connections that a device had to make although it hadn't gone away.</summary>
    public IReadOnlyCollection<(long At, string Device, string Server)> Connections => _connections;

    /// <summary>Connections that a client made to fetch what was too much for one sync: they are none of the servers' doing.</summary>
    public IReadOnlyCollection<(long At, string Device)> Repairs => _repairs;

    /// <summary>Ends of connections that a program was told of, by close code.</summary>
    public IReadOnlyCollection<(long At, string End)> Ends => _ends;

    public void Connected(long at, string device, string server) => _connections.Enqueue((at, device, server));

    public void Repaired(long at, string device) => _repairs.Enqueue((at, device));

    public void Ended(long at, string end) => _ends.Enqueue((at, end));
}
