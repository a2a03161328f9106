using System.Diagnostics;
using ChatAkka.Replay.Judging;

namespace ChatAkka.Replay.Faults;

/// <summary>What clients had of one fault.</summary>
/// <param name="Name">Of the fault.</param>
/// <param name="Sends">Sends that were first tried between the fault and its healing, or were waiting when it began.</param>
internal sealed record FaultOutcome(string Name, int Sends)
{
    /// <summary>A channel in which a send took longer is affected.</summary>
    public static readonly TimeSpan Noticed = TimeSpan.FromMilliseconds(250);

    /// <summary>Channels that were affected: in one of them one of these sends took longer than <see cref="Noticed"/>.</summary>
    public int Affected { get; init; }

    /// <summary>How long each of these sends to an affected channel waited, from its first attempt, or the fault's beginning if that was
    /// later, to its <c>ok</c>.</summary>
    public IReadOnlyList<TimeSpan> Waits { get; init; } = [];

    /// <summary>From the fault to its healing.</summary>
    public TimeSpan Lasted { get; init; }

    /// <summary>From the fault until everything was at rest; null if nobody looked.</summary>
    public TimeSpan? QuietAfter { get; init; }

    /// <summary>Connections that clients had to make anew, by device; those that made none are left out.</summary>
    public IReadOnlyDictionary<string, int> Reconnects { get; init; } = new Dictionary<string, int>();

    /// <summary>How connections ended that ended otherwise than a client's program wanted, and how often.</summary>
    public IReadOnlyDictionary<string, int> Ends { get; init; } = new Dictionary<string, int>();

    /// <summary>Nodes that ended by themselves.</summary>
    public int NodesEnded { get; init; }

    /// <summary>What went wrong, in sentences.</summary>
    public IReadOnlyList<string> Breaches { get; init; } = [];

    /// <param name="records">Of a whole run, in their order.</param>
    /// <param name="sends">All sends of the run.</param>
    public static IReadOnlyList<FaultOutcome> All(
        IReadOnlyList<FaultRecord> records, IReadOnlyCollection<Send> sends, Disturbances disturbances)
    {
        var forced = disturbances.Forced();
        return
        [
            .. records.Select((record, i) =>
            {
                var until = i + 1 < records.Count ? records[i + 1].Began : long.MaxValue;
                return Of(
                    record,
                    until,
                    sends,
                    [.. forced.Where(c => c.At >= record.Began && c.At < until)],
                    [.. disturbances.Ends.Where(e => e.At >= record.Began && e.At < until)]);
            }),
        ];
    }

    /// <param name="until">What comes later is another fault's.</param>
    private static FaultOutcome Of(
        FaultRecord record, long until, IReadOnlyCollection<Send> sends, DeviceConnection[] connections, DeviceEnd[] ends)
    {
        var healed = record.Healed == 0 ? until : record.Healed;
        var tried = sends.Where(s => s.IsAcknowledged && s.AcknowledgedAt >= record.Began && s.TriedAt <= healed).ToArray();
        var affected = tried.GroupBy(s => s.Channel).Select(c => c.Select(s => Waited(s, record)).ToArray()).Where(c => c.Max() > Noticed).ToArray();
        var reconnects = connections.CountBy(connection => connection.Device).ToDictionary();
        return new FaultOutcome(record.Name, tried.Length)
        {
            Affected = affected.Length,
            Waits = [.. affected.SelectMany(c => c)],
            Lasted = record.Healed == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(record.Began, healed),
            QuietAfter = record.Quiet == 0 ? null : Stopwatch.GetElapsedTime(record.Began, record.Quiet),
            Reconnects = reconnects,
            Ends = ends.Where(end => end.WasConnected).CountBy(end => end.How).ToDictionary(),
            NodesEnded = record.NodesEnded,
            Breaches = [.. record.Breaches, .. Restless(record, reconnects, History)],
        };

        string History(string device) => string.Join(", ", connections.Where(c => c.Device == device).Select(c => (c.At, What: $"to {c.Server}"))
            .Concat(ends.Where(e => e.Device == device).Select(e => (e.At, What: e.How))).OrderBy(h => h.At)
            .Select(h => $"{Stopwatch.GetElapsedTime(record.Began, h.At).TotalSeconds:0.00} s {h.What}"));
    }

    private static TimeSpan Waited(Send send, FaultRecord record) =>
        Stopwatch.GetElapsedTime(Math.Max(send.TriedAt, record.Began), send.AcknowledgedAt);

    /// <summary>A node that says good-bye may cost each client one connection.</summary>
    private static IEnumerable<string> Restless(FaultRecord record, Dictionary<string, int> reconnects, Func<string, string> history)
    {
        if (ClusterFaults.Orderly.Contains(record.Name) && reconnects.Count > 0)
        {
            var most = reconnects.MaxBy(r => r.Value);
            if (most.Value > record.NodesStopped)
            {
                yield return $"{record.Name}: {most.Key} had to connect {most.Value} times, but {record.NodesStopped} nodes were stopped: "
                    + history(most.Key);
            }
        }
    }
}
