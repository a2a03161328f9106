using System.Runtime.CompilerServices;
using ChatAkka.Storage;
using ChatAkka.Storage.Contents;

namespace ChatAkka.Transfer.Tests.Stores;

/// <summary>A store that somebody writes to whenever its contents are looked at.</summary>
internal sealed class BusyStore(ChatStore store, Func<Task> write) : StoreDecorator(store)
{
    internal override IStoreContents Contents { get; } = new BusyContents(store.Contents, write);

    private sealed class BusyContents(IStoreContents contents, Func<Task> write) : IStoreContents
    {
        public async IAsyncEnumerable<string> PersistenceIdsAsync([EnumeratorCancellation] CancellationToken cancel)
        {
            await write();
            await foreach (var id in contents.PersistenceIdsAsync(cancel))
            {
                yield return id;
            }

            await write();
        }

        public async IAsyncEnumerable<object?[]> ReadAsync(StoredTable table, [EnumeratorCancellation] CancellationToken cancel)
        {
            await write();
            await foreach (var row in contents.ReadAsync(table, cancel))
            {
                yield return row;
            }

            await write();
        }

        public Task AddAsync(StoredTable table, IReadOnlyList<object?[]> rows, CancellationToken cancel) => contents.AddAsync(table, rows, cancel);
    }
}
