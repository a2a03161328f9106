using Benchmarks.Storage;
using ChatAkka.Storage;

namespace Benchmarks.PostgreSql;

/// <summary><c>insert</c>: messages a second of who writes a row a transaction, and of the event store, at the same durability.</summary>
internal static class Inserts
{
    private const int Payload = 100;

    public static async Task RunAsync(PostgresBenchmarkOptions options)
    {
        var database = await PostgresDatabases.CreateAsync();
        try
        {
            var pgbench = new Pgbench(options.Pgbench, database);
            foreach (var clients in (int[])[8, 32])
            {
                var rate = await pgbench.RunAsync(clients, options.Seconds);
                JournalWrites.Print($"pgbench, {clients} clients, one INSERT each", $"{rate:N0} rows/s");
            }

            await using var store = await Databases.OpenAsync(database);
            foreach (var writers in (int[])[8, 32, 200])
            {
                var rate = await AppendAsync(store, writers, options.Seconds);
                JournalWrites.Print($"event store, {writers} writers, one event each", $"{rate:N0} rows/s");
            }
        }
        finally
        {
            await PostgresDatabases.DropAsync(database);
        }
    }

    private static async Task<double> AppendAsync(ChatStore store, int writers, int seconds)
    {
        var payload = JournalWrites.RandomPayload(Payload);
        var next = new long[writers];
        for (var writer = 0; writer < writers; writer++)
        {
            next[writer] = await store.Journal.HighestAsync(JournalWrites.Id(writer), CancellationToken.None);
        }

        await JournalWrites.WriteFor(store, next, 1, payload, TimeSpan.FromSeconds(1));
        var (rows, time, _) = await JournalWrites.WriteFor(store, next, 1, payload, TimeSpan.FromSeconds(seconds));
        return rows / time;
    }
}
