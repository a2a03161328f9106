using System.Globalization;
using ChatAkka.Replay.Faults;

namespace ChatAkka.Replay.Reports;

/// <summary>Writes what clients had of each kind of fault, over all scenarios.</summary>
internal static class FaultReport
{
    private static readonly (string Title, Func<Kind, string> Cell)[] Columns =
    [
        ("fault", k => k.Name),
        ("times", k => Number(k.Outcomes.Count)),
        ("lasted s", k => Seconds(k.Outcomes.Average(o => o.Lasted.TotalSeconds))),
        ("at rest after s", k => Range(k.Outcomes.Select(o => o.QuietAfter?.TotalSeconds).OfType<double>())),
        ("sends", k => Number(k.Outcomes.Sum(o => o.Sends))),
        ("channels affected", k => Number(k.Outcomes.Sum(o => o.Affected))),
        ("their sends", k => Number(k.Waits.Length)),
        ("waited p50 s", k => Quantile(k.Waits, 0.5)),
        ("p99 s", k => Quantile(k.Waits, 0.99)),
        ("max s", k => Quantile(k.Waits, 1)),
        ("reconnects", k => Number(k.Outcomes.Sum(o => o.Reconnects.Values.Sum()))),
        ("most of a client", k => Number(k.Outcomes.Max(o => o.Reconnects.Values.DefaultIfEmpty().Max()))),
        ("nodes ended", k => Number(k.Outcomes.Sum(o => o.NodesEnded))),
        ("clients told", k => Ends(k)),
    ];

    public static void Write(TextWriter output, IReadOnlyList<Row> rows)
    {
        var kinds = rows.SelectMany(r => r.Faults).GroupBy(f => f.Name)
            .Select(f => new Kind(f.Key, [.. f], [.. f.SelectMany(o => o.Waits).Order()])).ToArray();
        if (kinds.Length == 0)
        {
            return;
        }

        output.WriteLine();
        Table.Write(output, Columns, kinds);
        var noticed = FaultOutcome.Noticed.TotalMilliseconds;
        output.WriteLine(
            "(Sends: those that were first tried between a fault and its healing, or were waiting when it began. "
            + $"Affected: one of them took longer than {noticed:0} ms.)");
    }

    private static string Quantile(TimeSpan[] sorted, double q) =>
        sorted.Length == 0 ? "-" : Seconds(sorted[Math.Max(0, (int)Math.Ceiling(q * sorted.Length) - 1)].TotalSeconds);

    private static string Range(IEnumerable<double> seconds)
    {
        double[] sorted = [.. seconds.Order()];
        return sorted.Length == 0 ? "-" : $"{Seconds(sorted[0])} - {Seconds(sorted[^1])}";
    }

    private static string Ends(Kind kind) => string.Join(", ", kind.Outcomes.SelectMany(o => o.Ends).GroupBy(e => e.Key, e => e.Value)
        .OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"{e.Key} x{e.Sum()}"));

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Seconds(double seconds) => seconds.ToString("0.00", CultureInfo.InvariantCulture);

    /// <param name="Waits">Shortest first.</param>
    private sealed record Kind(string Name, IReadOnlyList<FaultOutcome> Outcomes, TimeSpan[] Waits);
}
