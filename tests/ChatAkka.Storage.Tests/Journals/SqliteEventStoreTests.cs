using ChatAkka.Storage.Journals;
using ChatAkka.Storage.Sqlite;

namespace ChatAkka.Storage.Tests.Journals;

/// <summary>SQLite keeps the contract.</summary>
public sealed class SqliteEventStoreTests : EventStoreContract
{
    private readonly TempDirectory _directory = new();
    private SqliteStore? _store;

    private protected override Task<IEventStore> OpenAsync()
    {
        _store = SqliteStore.Open(new StorageOptions { DataDirectory = _directory.Path }, TimeProvider.System);
        return Task.FromResult<IEventStore>(_store.Journal);
    }

    private protected override async Task<IEventStore> ReopenAsync()
    {
        await _store!.DisposeAsync();
        return await OpenAsync();
    }

    private protected override async Task CloseAsync()
    {
        await _store!.DisposeAsync();
        _directory.Dispose();
    }
}
