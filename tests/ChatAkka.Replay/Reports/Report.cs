using System.Globalization;
using ChatAkka.Replay.Judging;

namespace ChatAkka.Replay.Reports;

/// <summary>Writes the tables, and the first findings in words.</summary>
internal static class Report
{
    private const int FindingsShown = 10;

    private static readonly (string Title, Func<Row, string> Cell)[] Columns =
    [
        ("scenario", r => r.Scenario),
        ("messages", r => Number(r.Messages)),
        ("deeds", r => Number(r.Deeds)),
        ("deliveries", r => Number(r.Deliveries)),
        ("seconds", r => r.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)),
        ("messages/s", r => Number((long)(r.Messages / Math.Max(r.Elapsed.TotalSeconds, 1e-3)))),
        ("ack p50 ms", r => Milliseconds(r.Acknowledgement.Quantile(0.5))),
        ("ack p99 ms", r => Milliseconds(r.Acknowledgement.Quantile(0.99))),
        ("delivery p50 ms", r => Milliseconds(r.Delivery.Quantile(0.5))),
        ("delivery p99 ms", r => Milliseconds(r.Delivery.Quantile(0.99))),
        ("reconnects", r => Number(r.Reconnects)),
        ("gaps repaired", r => Number(r.GapsRepaired)),
        ("faults", r => Number(r.Faults.Count)),
        ("lost", r => Number(r.Count(FindingKind.Lost))),
        ("duplicated", r => Number(r.Count(FindingKind.Duplicated))),
        ("out of order", r => Number(r.Count(FindingKind.OutOfOrder))),
        ("corrupted", r => Number(r.Count(FindingKind.Corrupted))),
        ("misfolded", r => Number(r.Count(FindingKind.Misfolded))),
        ("receipts back", r => Number(r.Count(FindingKind.ReceiptBack))),
        ("unread wrong", r => Number(r.Count(FindingKind.UnreadWrong))),
        ("leaked", r => Number(r.Count(FindingKind.Leaked))),
    ];

    public static void Write(TextWriter output, IReadOnlyList<Row> rows)
    {
        Table.Write(output, Columns, rows);
        FaultReport.Write(output, rows);
        foreach (var row in rows.Where(r => !r.IsClean))
        {
            Explain(output, row);
        }
    }

    private static void Explain(TextWriter output, Row row)
    {
        output.WriteLine();
        if (row.Failure is not null)
        {
            output.WriteLine($"{row.Scenario} did not play to its end (the counts are of what there was until then): {row.Failure}");
        }

        foreach (var line in row.Errors.Take(FindingsShown))
        {
            output.WriteLine($"{row.Scenario}: a server logged: {line.Trim()}");
        }

        foreach (var breach in row.Faults.SelectMany(f => f.Breaches).Take(FindingsShown))
        {
            output.WriteLine($"{row.Scenario}: {breach}");
        }

        foreach (var finding in row.Findings.OrderBy(f => f.Channel, StringComparer.Ordinal).ThenBy(f => f.Id).Take(FindingsShown))
        {
            output.WriteLine($"{row.Scenario}: {finding}");
        }

        if (row.Findings.Count > FindingsShown)
        {
            output.WriteLine($"{row.Scenario}: and {row.Findings.Count - FindingsShown} more");
        }
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Milliseconds(TimeSpan duration) => duration.TotalMilliseconds.ToString("0.00", CultureInfo.InvariantCulture);
}
