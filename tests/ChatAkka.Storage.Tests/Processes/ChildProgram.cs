using ChatAkka.Storage.Journals;
using ChatAkka.Storage.Sqlite;
using ChatAkka.Storage.Tests.Journals;

namespace ChatAkka.Storage.Tests.Processes;

/// <summary>The process that tests start and kill.</summary>
internal static class ChildProgram
{
    /// <summary>Opens the store and closes it: exit code 0, or 1 and the reason on standard error.</summary>
    public const string Open = "open";

    /// <summary>Appends batches of <see cref="Batch"/> for <see cref="Ids"/> ids without end, printing each acknowledged
    /// batch as "id lowest-sequence-nr".</summary>
    public const string Write = "write";

    public const int Ids = 40;
    public const int Batch = 3;

    public static async Task<int> Main(string[] args)
    {
        try
        {
            // Small limits, so that the log is copied and started over all the time.
            await using var store = SqliteStore.Open(
                new StorageOptions { DataDirectory = args[1], WalLimitMiB = 1, CheckpointPages = 50 }, TimeProvider.System);
            if (args[0] == Write)
            {
                await Task.WhenAll(Enumerable.Range(0, Ids).Select(id => WriteForEver(store.Journal, $"channel-{id}")));
            }

            return 0;
        }
        catch (StorageOpenException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static async Task WriteForEver(IEventStore events, string id)
    {
        for (var next = await events.HighestAsync(id) + 1; ; next += Batch)
        {
            await events.AppendAsync(Rows.Range(id, next, next + Batch - 1, id));
            Console.WriteLine($"{id} {next}");
        }
    }
}
