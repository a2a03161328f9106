using ChatAkka.Replay.Judging;

namespace ChatAkka.Replay.Reports;

/// <summary>One scenario's outcome.</summary>
/// <param name="Deliveries">Messages that reached devices other than the sending one.</param>
/// <param name="Failure">Why the scenario didn't play to its end; null when it did.</param>
internal sealed record Row(
    string Scenario,
    int Messages,
    long Deliveries,
    TimeSpan Elapsed,
    LatencyHistogram Acknowledgement,
    LatencyHistogram Delivery,
    int Reconnects,
    int Repeats,
    int Kills,
    IReadOnlyList<Finding> Findings,
    string? Failure)
{
    public int Count(FindingKind kind) => Findings.Count(f => f.Kind == kind);

    /// <summary>Something was replayed, to the end, and nothing is wrong with it.</summary>
    public bool IsClean => Failure is null && Findings.Count == 0 && Messages > 0;
}
