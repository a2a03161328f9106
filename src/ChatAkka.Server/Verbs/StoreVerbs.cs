using ChatAkka.Domain.Timelines;
using ChatAkka.Storage;
using ChatAkka.Transfer;
using ChatAkka.Transfer.Exports;
using ChatAkka.Transfer.Imports;

namespace ChatAkka.Server.Verbs;

/// <summary>Verbs that do something with the configured store while no server of this process has it open.</summary>
internal static class StoreVerbs
{
    public static Task<int> ExportAsync(VerbLine line, TimeProvider time) => WithStoreAsync(
        line, time, store => Export.RunAsync(store, line.Target, Progress(time), time, CancellationToken.None));

    public static Task<int> ImportAsync(VerbLine line, TimeProvider time) => WithStoreAsync(
        line, time, store => Import.RunAsync(store, line.Target, Progress(time), CancellationToken.None));

    public static Task<int> MigrateAsync(VerbLine line, TimeProvider time) => WithStoreAsync(
        line,
        time,
        store =>
        {
            // Opening it was all.
            Console.WriteLine($"The store in {store.Location} has schema version {store.SchemaVersion}.");
            return Task.CompletedTask;
        });

    private static TransferProgress Progress(TimeProvider time) => new(Console.Error, isQuiet: Console.IsErrorRedirected, time);

    private static async Task<int> WithStoreAsync(VerbLine line, TimeProvider time, Func<ChatStore, Task> act)
    {
        var (settings, errors) = Configuration.Load(Configuration.CreateBuilder(line.Settings).Configuration);
        if (settings is null)
        {
            return Refusal.Of(errors);
        }

        try
        {
            await using var store = await ChatStore.OpenAsync(settings.Storage, time, CancellationToken.None);
            await act(store);
            return 0;
        }
        catch (Exception e) when (
            e is StorageOpenException or StorageUnavailableException or TransferException or IOException or UnauthorizedAccessException)
        {
            return Refusal.Of(e.Message);
        }
    }
}
