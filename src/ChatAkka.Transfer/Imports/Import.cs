using ChatAkka.Domain.Timelines;
using ChatAkka.Storage;
using ChatAkka.Storage.Contents;
using ChatAkka.Storage.Journals;
using ChatAkka.Transfer.Files;
using ChatAkka.Transfer.Lines;

namespace ChatAkka.Transfer.Imports;

/// <summary>
/// Loads an export into an empty store of any kind. While it does, and ever after if it doesn't get to its end, the store bears a mark
/// and isn't served (<see cref="ChatStore.HasUnfinishedImportAsync"/>): whoever interrupted it empties the store and imports again.
/// </summary>
public static class Import
{
    private const int RowsAtOnce = 1_000;

    /// <summary>Imports the directory; everything is durable when the task completes.</summary>
    /// <exception cref="TransferException">The directory holds no whole export that this version reads, the store isn't empty, or one of
    /// them fails.</exception>
    /// <exception cref="StorageUnavailableException">The store fails before anything is in it.</exception>
    public static async Task RunAsync(ChatStore store, string directory, TransferProgress progress, CancellationToken cancel)
    {
        var manifest = await ExportManifest.ReadAsync(directory, cancel).ConfigureAwait(false);
        await RequireEmptyAsync(store, cancel).ConfigureAwait(false);
        progress.Begin("imported", manifest.LinesOf(ExportFiles.Users) + manifest.LinesOf(ExportFiles.Timelines));
        await ImportMark.SetAsync(store.Journal, cancel).ConfigureAwait(false);
        try
        {
            await FillAsync(store, directory, manifest, progress, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TransferException or StorageUnavailableException or IOException or UnauthorizedAccessException)
        {
            throw new TransferException(
                $"{e.Message} The store in {store.Location} holds a part of the import: empty it, then import again.", e);
        }

        await ImportMark.ClearAsync(store.Journal, cancel).ConfigureAwait(false);
        progress.End($"{manifest.LinesOf("account"):N0} accounts, {manifest.LinesOf(ExportFiles.Channels):N0} channels");
    }

    private static async Task FillAsync(
        ChatStore store, string directory, ExportManifest manifest, TransferProgress progress, CancellationToken cancel)
    {
        foreach (var table in StoredTable.All)
        {
            await ImportTableAsync(store.Contents, table, directory, manifest, cancel).ConfigureAwait(false);
        }

        await ImportJournalsAsync(store.Journal, directory, manifest, progress, cancel).ConfigureAwait(false);
        await VerifyAsync(store, manifest, cancel).ConfigureAwait(false);
    }

    private static async Task RequireEmptyAsync(ChatStore store, CancellationToken cancel)
    {
        if (await store.HasUnfinishedImportAsync(cancel).ConfigureAwait(false))
        {
            throw new TransferException($"The store in {store.Location} holds an import that didn't finish: empty it, then import again.");
        }

        var isEmpty = !await store.Contents.PersistenceIdsAsync(cancel).AnyAsync(cancel).ConfigureAwait(false);
        foreach (var table in StoredTable.All)
        {
            isEmpty = isEmpty && !await store.Contents.ReadAsync(table, cancel).AnyAsync(cancel).ConfigureAwait(false);
        }

        if (!isEmpty)
        {
            throw new TransferException($"The store in {store.Location} isn't empty: import into a new one.");
        }
    }

    private static async Task ImportTableAsync(
        IStoreContents contents, StoredTable table, string directory, ExportManifest manifest, CancellationToken cancel)
    {
        using var file = new LineReader(directory, table.Name);
        var lines = new TableLine(table);
        List<object?[]> rows = [];
        while (await file.NextAsync(cancel).ConfigureAwait(false) is { } line)
        {
            rows.Add(lines.Read(line));
            if (rows.Count == RowsAtOnce)
            {
                await AddAsync().ConfigureAwait(false);
            }
        }

        await AddAsync().ConfigureAwait(false);
        file.RequireCount(manifest.LinesOf(table.Name));

        async Task AddAsync()
        {
            try
            {
                await contents.AddAsync(table, rows, cancel).ConfigureAwait(false);
                rows.Clear();
            }
            catch (InvalidOperationException e)
            {
                throw new TransferException(
                    $"Lines {file.Count - rows.Count + 1:D} to {file.Count:D} of {file.Name} can't be stored: "
                    + "one of them contradicts another, or names what isn't there.",
                    e);
            }
        }
    }

    private static async Task ImportJournalsAsync(
        IEventStore journal, string directory, ExportManifest manifest, TransferProgress progress, CancellationToken cancel)
    {
        var lanes = new AppendLanes(journal, cancel);
        try
        {
            await UserImport.RunAsync(lanes, directory, manifest, progress, cancel).ConfigureAwait(false);
            await TimelineImport.RunAsync(lanes, directory, manifest, progress, cancel).ConfigureAwait(false);
            await lanes.FlushAsync().ConfigureAwait(false);
        }
        catch (JournalConflictException e)
        {
            throw new TransferException(
                $"The export has event {e.SequenceNr} of '{e.PersistenceId}' twice, or somebody else writes to the store.", e);
        }
        finally
        {
            await lanes.SettleAsync().ConfigureAwait(false);
        }
    }

    /// <summary>What is in the store is what the export has: every journal is dense, so its head is its length.</summary>
    private static async Task VerifyAsync(ChatStore store, ExportManifest manifest, CancellationToken cancel)
    {
        var (channels, timelines, users) = (0L, 0L, 0L);
        await foreach (var heads in store.HeadsAsync(cancel).ConfigureAwait(false))
        {
            foreach (var head in heads.Where(head => head.PersistenceId != ImportMark.PersistenceId))
            {
                var isChannel = JournalOwner.IsChannel(head.PersistenceId);
                channels += isChannel ? 1 : 0;
                timelines += isChannel ? head.SequenceNr : 0;
                users += isChannel ? 0 : head.SequenceNr;
            }
        }

        Require(channels, ExportFiles.Channels);
        Require(timelines, ExportFiles.Timelines);
        Require(users, ExportFiles.Users);

        void Require(long stored, string kind)
        {
            if (stored != manifest.LinesOf(kind))
            {
                throw new TransferException(
                    $"The store has {stored:D} lines of {kind}.jsonl, but the export {manifest.LinesOf(kind):D}: the import failed.");
            }
        }
    }
}
