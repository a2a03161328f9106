using System.Collections.Concurrent;
using System.Diagnostics;

namespace ChatAkka.Replay.Faults;

/// <summary>A connection that a device has made to a server.</summary>
/// <param name="At">Stopwatch ticks.</param>
/// <param name="Server">Host and port.</param>
/// <param name="IsExpected">The device had gone away, or is new.</param>
internal sealed record DeviceConnection(long At, string Device, string Server, bool IsExpected);

/// <summary>An end of a connection, or of an attempt, that a program was told of.</summary>
/// <param name="At">Stopwatch ticks.</param>
/// <param name="How">The close code, and what was said about it.</param>
/// <param name="WasConnected">The device had had everything by then.</param>
internal sealed record DeviceEnd(long At, string Device, string How, bool WasConnected);

/// <summary>What clients noticed, and when. Thread-safe.</summary>
internal sealed class Disturbances
{
    private static readonly TimeSpan LateNews = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2); // a pause is at most 1 s; a machine may be slow

    private readonly ConcurrentQueue<DeviceConnection> _connections = new();
    private readonly ConcurrentQueue<DeviceEnd> _ends = new();

    public IReadOnlyCollection<DeviceEnd> Ends => _ends;

    public void Connected(DeviceConnection connection) => _connections.Enqueue(connection);

    public void Ended(DeviceEnd end) => _ends.Enqueue(end);

    /// <summary>
    /// Connections that clients had to make: because they were sent away, or cut off, or not served. Others a client makes of its own will, to
    /// the server that it has: to fetch what was too much for one sync.
    /// </summary>
    public IReadOnlyList<DeviceConnection> Forced()
    {
        var ends = _ends.ToLookup(end => end.Device, end => end.At);
        List<DeviceConnection> forced = [];
        foreach (var made in _connections.GroupBy(connection => connection.Device))
        {
            DeviceConnection? last = null;
            foreach (var connection in made)
            {
                var isRepair = connection.Server == last?.Server && !ends[made.Key].Any(at => IsOfBetween(at, last, connection));
                if (!connection.IsExpected && !isRepair)
                {
                    forced.Add(connection);
                }

                last = connection;
            }
        }

        return forced;
    }

    // A program takes the news of an end when the client may have connected anew. So what comes right after a connection, when the next one is
    // made only long after, was the end of the one before: a client doesn't pause for that long when it has lost one.
    private static bool IsOfBetween(long end, DeviceConnection made, DeviceConnection next) =>
        end >= made.At && end <= next.At
        && !(Stopwatch.GetElapsedTime(made.At, end) < LateNews && Stopwatch.GetElapsedTime(end, next.At) > LongestPause);
}
