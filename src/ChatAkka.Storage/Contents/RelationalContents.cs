using System.Runtime.CompilerServices;

namespace ChatAkka.Storage.Contents;

/// <summary>The contents of a relational database, in SQL that all of them understand. It reads page by page, so that nothing is held in
/// memory as a whole and no transaction stays open meanwhile.</summary>
/// <param name="nextPersistenceIds">The statement that yields the first <c>@p1</c> persistence ids above <c>@p0</c> that have events, in
/// order.</param>
internal sealed class RelationalContents(IRelationalDatabase database, string nextPersistenceIds) : IStoreContents
{
    private const long PageRows = 1_000;

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> PersistenceIdsAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var last = "";
        IReadOnlyList<object?[]> page;
        do
        {
            page = await database.QueryAsync(nextPersistenceIds, [last, PageRows], cancel).ConfigureAwait(false);
            foreach (var row in page)
            {
                yield return last = (string)row[0]!;
            }
        }
        while (page.Count == PageRows);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<object?[]> ReadAsync(StoredTable table, [EnumeratorCancellation] CancellationToken cancel)
    {
        var page = await database.QueryAsync(SelectFirst(table), [PageRows], cancel).ConfigureAwait(false);
        var selectNext = SelectNext(table);
        while (true)
        {
            foreach (var row in page)
            {
                yield return row;
            }

            if (page.Count < PageRows)
            {
                yield break;
            }

            page = await database.QueryAsync(selectNext, [.. page[^1].Take(table.KeyColumns), PageRows], cancel).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public Task AddAsync(StoredTable table, IReadOnlyList<object?[]> rows, CancellationToken cancel) =>
        database.ExecuteAsync(
            $"INSERT INTO {table.Name} ({Names(table.Columns)}) VALUES ({Parameters(table.Columns.Length)})", rows, cancel);

    private static string SelectFirst(StoredTable table) =>
        $"SELECT {Names(table.Columns)} FROM {table.Name} ORDER BY {Key(table)} LIMIT @p0";

    private static string SelectNext(StoredTable table) =>
        $"""
        SELECT {Names(table.Columns)} FROM {table.Name}
        WHERE ({Key(table)}) > ({Parameters(table.KeyColumns)}) ORDER BY {Key(table)} LIMIT @p{table.KeyColumns}
        """;

    private static string Key(StoredTable table) => Names(table.Columns.Take(table.KeyColumns));

    private static string Names(IEnumerable<StoredColumn> columns) => string.Join(", ", columns.Select(column => column.Name));

    private static string Parameters(int count) => string.Join(", ", Enumerable.Range(0, count).Select(i => $"@p{i}"));
}
