using System.Diagnostics;
using Benchmarks.Storage;
using Npgsql;

namespace Benchmarks.PostgreSql;

/// <summary><c>fill</c>: makes a database with the events of <see cref="Arrivals"/>, in the store's layout or a plain one.</summary>
internal static class Filling
{
    private const string Sizes = """
        SELECT relname, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relname IN ('event', 'event_chunk', 'event_plain', 'persistence') ORDER BY relname
        """;

    public static async Task RunAsync(PostgresBenchmarkOptions options)
    {
        await PostgresDatabases.ExecuteAsync($"CREATE DATABASE \"{options.Database}\"");
        var database = PostgresDatabases.Named(options.Database);
        var arrivals = new Arrivals(options.Rows, options.Channels);
        var watch = Stopwatch.StartNew();
        if (!options.IsPlain)
        {
            await using var migrated = await Databases.OpenAsync(database);
        }

        await using var connection = await Databases.ConnectAsync(database);
        await (options.IsPlain ? PlainLayout.FillAsync(connection, arrivals) : ChunkLayout.FillAsync(connection, arrivals));
        var seconds = watch.Elapsed.TotalSeconds;
        JournalWrites.Print($"{options.Database}: filled", $"{seconds:N1} s, {options.Rows / seconds:N0} events/s");

        // As autovacuum would have done by now.
        await connection.ExecuteAsync("VACUUM (ANALYZE)");
        await connection.ExecuteAsync("CHECKPOINT");
        await PrintSizesAsync(connection, options.Rows);
    }

    private static async Task PrintSizesAsync(NpgsqlConnection connection, long rows)
    {
        await using var command = new NpgsqlCommand(Sizes, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var sum = 0L;
        while (await reader.ReadAsync())
        {
            sum += reader.GetInt64(1) + reader.GetInt64(2);
            JournalWrites.Print(reader.GetString(0), $"{reader.GetInt64(1):N0} bytes, and {reader.GetInt64(2):N0} in indexes");
        }

        JournalWrites.Print("an event", $"{(double)sum / rows:N1} bytes on disk");
    }
}
