using ChatAkka.Replay.Faults;
using ChatAkka.Replay.Judging;

namespace ChatAkka.Replay.Reports;

/// <summary>One scenario's outcome.</summary>
/// <param name="Messages">Texts that were acknowledged.</param>
/// <param name="Elapsed">The time that playing took; neither setting up nor judging is in it.</param>
internal sealed record Row(
    string Scenario, int Messages, TimeSpan Elapsed, LatencyHistogram Acknowledgement, LatencyHistogram Delivery)
{
    /// <summary>Edits, deletions and reactions that were answered.</summary>
    public int Deeds { get; init; }

    /// <summary>Messages that reached devices other than the sending one.</summary>
    public long Deliveries { get; init; }

    public int Reconnects { get; init; }

    /// <summary>Sends repeated after their acknowledgement.</summary>
    public int Repeats { get; init; }

    /// <summary>Times that a client fetched what was missing in a channel.</summary>
    public long GapsRepaired { get; init; }

    /// <summary>What clients had of each fault, in order.</summary>
    public IReadOnlyList<FaultOutcome> Faults { get; init; } = [];

    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>Lines of errors in the servers' logs.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];

    /// <summary>Why the scenario didn't play to its end; null when it did.</summary>
    public string? Failure { get; init; }

    /// <summary>Something was replayed, to the end, and nothing is wrong with it.</summary>
    public bool IsClean =>
        Failure is null && Findings.Count == 0 && Errors.Count == 0 && Faults.All(f => f.Breaches.Count == 0) && Messages > 0;

    public int Count(FindingKind kind) => Findings.Count(f => f.Kind == kind);
}
