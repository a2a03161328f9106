namespace ChatAkka.Storage.Contents;

/// <summary>
/// The contents of a store as a whole, whatever database it is: what an export reads and an import writes. Journals are read and written as
/// their actors do it; here is which there are, and the tables beside them.
/// Every member throws <see cref="Domain.Timelines.StorageUnavailableException"/> when the store can't do it.
/// </summary>
internal interface IStoreContents
{
    /// <summary>The persistence ids that have events, in ordinal order.</summary>
    IAsyncEnumerable<string> PersistenceIdsAsync(CancellationToken cancel);

    /// <summary>The rows of a table in the order of its key; values as <see cref="StoredTable.Columns"/> says.</summary>
    IAsyncEnumerable<object?[]> ReadAsync(StoredTable table, CancellationToken cancel);

    /// <summary>Adds rows, all or none.</summary>
    /// <exception cref="InvalidOperationException">A row with the same key is there already.</exception>
    Task AddAsync(StoredTable table, IReadOnlyList<object?[]> rows, CancellationToken cancel);
}
