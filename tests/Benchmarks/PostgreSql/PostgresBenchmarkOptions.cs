using System.Globalization;

namespace Benchmarks.PostgreSql;

/// <summary>The command line of <c>postgres</c>.</summary>
internal sealed record PostgresBenchmarkOptions
{
    public const string Usage = """
        postgres insert|fill|page
          insert    rows a second: pgbench, 8 and 32 clients, one bare INSERT a transaction; the event store, 8, 32 and 200 writers
          fill      makes a database with a journal as appends one by one would have left it; it stays
          page      pages of 50 at random channels and positions, and of the newest, with 1 and 4 readers, of a database that fill made
          --seconds N         measured seconds of each (insert; 10)
          --pgbench FILE      pgbench; by default the one on the PATH, or Debian's newest (insert)
          --rows N            events (fill, page; 1,000,000)
          --channels N        channels (fill; 10,000)
          --layout L          chunks: the store's; plain: a table with one row an event (fill, page; chunks)
          --database NAME     by default chatakka_bench_<rows>_<layout> (fill, page)
        """;

    private static readonly string[] Verbs = ["insert", "fill", "page"];
    private static readonly string[] Layouts = ["chunks", "plain"];

    public required string Verb { get; init; }

    public int Seconds { get; init; } = 10;

    public string? Pgbench { get; init; }

    public long Rows { get; init; } = 1_000_000;

    public int Channels { get; init; } = 10_000;

    /// <summary>One row an event instead of the store's layout.</summary>
    public bool IsPlain { get; init; }

    public required string Database { get; init; }

    /// <exception cref="FormatException">The arguments make no sense; the message says which.</exception>
    public static PostgresBenchmarkOptions Parse(string[] arguments)
    {
        if (arguments is not [var verb, ..] || !Verbs.Contains(verb))
        {
            throw new FormatException("name one of the verbs");
        }

        var settings = arguments[1..].Chunk(2).ToDictionary(
            pair => pair[0], pair => pair.Length == 2 ? pair[1] : throw new FormatException($"'{pair[0]}' lacks its value"));
        var layout = Text("--layout") ?? Layouts[0];
        var rows = Number("--rows") ?? 1_000_000;
        var options = new PostgresBenchmarkOptions
        {
            Verb = verb,
            Seconds = (int)(Number("--seconds") ?? 10),
            Pgbench = Text("--pgbench"),
            Rows = rows,
            Channels = (int)(Number("--channels") ?? 10_000),
            IsPlain = Layouts.Contains(layout) ? layout != Layouts[0] : throw new FormatException($"'{layout}' is not a layout"),
            Database = Text("--database") ?? string.Create(CultureInfo.InvariantCulture, $"chatakka_bench_{rows}_{layout}"),
        };
        return settings.Count == 0 ? options : throw new FormatException($"'{settings.Keys.First()}' is not an option");

        string? Text(string name) => settings.Remove(name, out var value) ? value : null;

        long? Number(string name) => Text(name) is not { } value ? null
            : long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
            : throw new FormatException($"{name} takes a whole number above 0");
    }
}
