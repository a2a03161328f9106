using ChatAkka.Actors.Serialization;
using ChatAkka.Storage;
using ChatAkka.Storage.Contents;
using ChatAkka.Transfer.Files;
using ChatAkka.Transfer.Lines;

namespace ChatAkka.Transfer.Exports;

/// <summary>Writes what a store holds into a directory, as JSON lines that people can read and any store can import.</summary>
/// <remarks>
/// What refers to something is read before it: tables before those that they name, users before the timelines that they joined, accounts
/// last of all. So what is read of a store that is written to meanwhile hangs together: each timeline is whole up to some event, though
/// not all of them up to the same moment, and nothing names what isn't there.
/// </remarks>
public static class Export
{
    private const string Accounts = "account";

    /// <summary>Exports the store into the directory, which is made; the files are on the disk when the task completes.</summary>
    /// <exception cref="TransferException">The directory isn't empty, or the store holds what this version doesn't know.</exception>
    /// <exception cref="Domain.Timelines.StorageUnavailableException">The store can't be read.</exception>
    /// <exception cref="IOException">A file can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static async Task RunAsync(
        ChatStore store, string directory, TransferProgress progress, TimeProvider time, CancellationToken cancel)
    {
        if (await store.HasUnfinishedImportAsync(cancel).ConfigureAwait(false))
        {
            throw new TransferException("The store holds an import that didn't finish, and can't be exported.");
        }

        ExportFiles.CreateDirectory(directory);
        progress.Begin("exported", await CountEventsAsync(store, cancel).ConfigureAwait(false));
        var lines = new Dictionary<string, long>();
        foreach (var table in StoredTable.All.Reverse().Where(table => table.Name != Accounts))
        {
            lines[table.Name] = await ExportTableAsync(store.Contents, table, directory, cancel).ConfigureAwait(false);
        }

        lines[ExportFiles.Users] = await ExportUsersAsync(store, directory, progress, cancel).ConfigureAwait(false);
        (lines[ExportFiles.Channels], lines[ExportFiles.Timelines]) =
            await ExportTimelinesAsync(store, directory, progress, cancel).ConfigureAwait(false);
        var accounts = StoredTable.All.Single(table => table.Name == Accounts);
        lines[Accounts] = await ExportTableAsync(store.Contents, accounts, directory, cancel).ConfigureAwait(false);
        var manifest = new ExportManifest(
            ExportManifest.CurrentFormat, ExportManifest.ThisProgram, time.GetUtcNow().ToUnixTimeMilliseconds(), lines);
        await manifest.WriteAsync(directory, cancel).ConfigureAwait(false);
        progress.End($"{manifest.LinesOf(Accounts):N0} accounts, {manifest.LinesOf(ExportFiles.Channels):N0} channels");
    }

    // Journals are dense from 1, so a head is a count; whether they are is checked when they are read.
    private static async Task<long> CountEventsAsync(ChatStore store, CancellationToken cancel)
    {
        var count = 0L;
        await foreach (var heads in store.HeadsAsync(cancel).ConfigureAwait(false))
        {
            foreach (var head in heads)
            {
                count += JournalOwner.IsKnown(head.PersistenceId)
                    ? head.SequenceNr
                    : throw new TransferException($"The store has a journal of '{head.PersistenceId}', which this version doesn't know.");
            }
        }

        return count;
    }

    private static async Task<long> ExportTableAsync(IStoreContents contents, StoredTable table, string directory, CancellationToken cancel)
    {
        using var file = new LineWriter(directory, table.Name);
        var lines = new TableLine(table);
        await foreach (var row in contents.ReadAsync(table, cancel).ConfigureAwait(false))
        {
            lines.Write(file.Start(), row);
            file.End();
        }

        file.Complete();
        return file.Count;
    }

    private static async Task<long> ExportUsersAsync(ChatStore store, string directory, TransferProgress progress, CancellationToken cancel)
    {
        using var users = new LineWriter(directory, ExportFiles.Users);
        await foreach (var id in store.JournalsAsync(StoredEvents.UserPrefix, cancel).ConfigureAwait(false))
        {
            var export = new UserExport(JournalOwner.User(id), users, progress);
            await store.Journal.ReadAsync(
                id, 1, long.MaxValue, long.MaxValue, backward: false, export.Receive, cancel).ConfigureAwait(false);
        }

        users.Complete();
        return users.Count;
    }

    private static async Task<(long Channels, long Events)> ExportTimelinesAsync(
        ChatStore store, string directory, TransferProgress progress, CancellationToken cancel)
    {
        using var timelines = new LineWriter(directory, ExportFiles.Timelines);
        using var channels = new LineWriter(directory, ExportFiles.Channels);
        await foreach (var id in store.JournalsAsync(StoredEvents.ChannelPrefix, cancel).ConfigureAwait(false))
        {
            var export = new TimelineExport(JournalOwner.Channel(id), timelines, progress);
            await store.Journal.ReadAsync(
                id, 1, long.MaxValue, long.MaxValue, backward: false, export.Receive, cancel).ConfigureAwait(false);
            export.End(channels);
        }

        timelines.Complete();
        channels.Complete();
        return (channels.Count, timelines.Count);
    }
}
