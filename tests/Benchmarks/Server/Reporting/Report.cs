using System.Globalization;
using System.Text.Json;

namespace Benchmarks.Server.Reporting;

/// <summary>Gathers results: one JSON object a line as they come, and a table of medians at the end.</summary>
internal sealed class Report : IDisposable
{
    private const int MaxFaults = 16;

    private readonly List<RunResult> _results = [];
    private readonly FileStream? _json;

    /// <param name="jsonPath">A file to write; null for none.</param>
    public Report(string? jsonPath)
    {
        _json = jsonPath is null ? null : File.Create(jsonPath);
        WriteJson(json =>
        {
            json.WriteString("test", "machine");
            foreach (var (name, value) in Machine.Facts)
            {
                json.WriteString(name, value);
            }
        });
    }

    /// <summary>Something went wrong in some run.</summary>
    public bool HasFaults => _results.Exists(result => result.Faults.Count > 0);

    public void Add(RunResult result)
    {
        if (Machine.LoadAverage is { } load)
        {
            result.With("load_average", load, 2);
        }

        _results.Add(result);
        foreach (var fault in result.Faults.Take(MaxFaults))
        {
            Console.Error.WriteLine($"{result.Test}, run {result.Run}: {fault}");
        }

        WriteJson(json =>
        {
            json.WriteString("test", result.Test);
            json.WriteNumber("run", result.Run);
            foreach (var figure in result.Figures)
            {
                json.WriteNumber(figure.Name, figure.Value);
            }

            json.WriteStartArray("faults");
            foreach (var fault in result.Faults)
            {
                json.WriteStringValue(fault);
            }

            json.WriteEndArray();
        });
    }

    /// <summary>Prints the medians of each test's runs, as a Markdown table.</summary>
    public void Print(TextWriter output)
    {
        output.WriteLine(string.Join(", ", Machine.Facts.Select(fact => fact.Value)));
        output.WriteLine();
        List<string[]> rows = [["test", "figure", "median", "least", "most"]];
        foreach (var test in _results.GroupBy(result => result.Test))
        {
            var label = $"{test.Key} ({test.Count()} {(test.Count() == 1 ? "run" : "runs")})";
            var shown = test.SelectMany(result => result.Figures).Where(figure => figure.InTable);
            foreach (var figure in shown.GroupBy(figure => figure.Name))
            {
                double[] values = [.. figure.Select(entry => entry.Value).Order()];
                rows.Add([label, figure.Key, Format(Median(values)), Format(values[0]), Format(values[^1])]);
                label = "";
            }
        }

        PrintTable(output, rows);
        output.WriteLine();
        output.WriteLine(HasFaults
            ? $"FAULTS in {_results.Count(result => result.Faults.Count > 0)} of {_results.Count} runs: see above."
            : "Nothing lost, duplicated, reordered, corrupted or refused.");
    }

    public void Dispose() => _json?.Dispose();

    private static void PrintTable(TextWriter output, List<string[]> rows)
    {
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        rows.Insert(1, [.. widths.Select((width, column) => new string('-', column < 2 ? width : width - 1) + (column < 2 ? "" : ":"))]);
        foreach (var row in rows)
        {
            var cells = row.Select((cell, column) => column < 2 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            output.WriteLine($"| {string.Join(" | ", cells)} |");
        }
    }

    private static double Median(double[] sorted) => (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;

    private static string Format(double value) =>
        value.ToString(Math.Abs(value) >= 1000 || value == Math.Floor(value) ? "N0" : "0.####", CultureInfo.InvariantCulture);

    private void WriteJson(Action<Utf8JsonWriter> members)
    {
        if (_json is null)
        {
            return;
        }

        using (var json = new Utf8JsonWriter(_json))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        _json.WriteByte((byte)'\n');
        _json.Flush();
    }
}
