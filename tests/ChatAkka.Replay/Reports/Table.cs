namespace ChatAkka.Replay.Reports;

/// <summary>Lines of cells, each column as wide as it must be: the first to the left, the others to the right.</summary>
internal static class Table
{
    public static void Write<T>(TextWriter output, IReadOnlyList<(string Title, Func<T, string> Cell)> columns, IEnumerable<T> rows)
    {
        var table = rows.Select(r => columns.Select(c => c.Cell(r)).ToArray()).Prepend([.. columns.Select(c => c.Title)]).ToArray();
        var widths = columns.Select((_, c) => table.Max(line => line[c].Length)).ToArray();
        foreach (var line in table)
        {
            output.WriteLine(string.Join("  ", line.Select((cell, c) => c == 0 ? cell.PadRight(widths[c]) : cell.PadLeft(widths[c]))));
        }
    }
}
