using System.Runtime.CompilerServices;
using ChatAkka.Storage.Contents;

namespace ChatAkka.Storage.InMemory;

/// <summary>The contents of a store in memory: a reader gets all of a table as it was when it began.</summary>
internal sealed class InMemoryContents(InMemoryStore store, InMemoryData data) : IStoreContents
{
    private readonly Dictionary<string, InMemoryTable> _tables = InMemoryTables.Of(data);

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> PersistenceIdsAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var ids = await store.UseAsync(data.Events, events => events.Ids.Order(ByteOrder.Text).ToArray(), cancel).ConfigureAwait(false);
        foreach (var id in ids)
        {
            yield return id;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<object?[]> ReadAsync(StoredTable table, [EnumeratorCancellation] CancellationToken cancel)
    {
        var source = _tables[table.Name];
        var rows = await store
            .UseAsync(source.Part, _ => source.Rows().Order(ByteOrder.Key(table)).ToArray(), cancel).ConfigureAwait(false);
        foreach (var row in rows)
        {
            yield return row;
        }
    }

    /// <inheritdoc/>
    public Task AddAsync(StoredTable table, IReadOnlyList<object?[]> rows, CancellationToken cancel)
    {
        var target = _tables[table.Name];
        return store.UseAsync(target.Part, _ => AddAll(target, rows), cancel);
    }

    private static void AddAll(InMemoryTable table, IReadOnlyList<object?[]> rows)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            if (!table.TryAdd(rows[i]))
            {
                foreach (var added in rows.Take(i))
                {
                    table.Remove(added);
                }

                throw new InvalidOperationException("A row with the same key is there already.");
            }
        }
    }
}
