namespace ChatAkka.Storage.Contents;

/// <summary>
/// What <see cref="RelationalContents"/> needs of a database. Parameters are named <c>@p0</c>, <c>@p1</c>, … and are, as values are, of
/// the types <see cref="long"/>, <see cref="string"/>, <c>byte[]</c> or null. Text is ordered by its bytes.
/// Every member throws <see cref="Domain.Timelines.StorageUnavailableException"/> when the database can't do it.
/// </summary>
internal interface IRelationalDatabase
{
    /// <summary>All rows that a statement yields.</summary>
    Task<IReadOnlyList<object?[]>> QueryAsync(string sql, IReadOnlyList<object?> parameters, CancellationToken cancel);

    /// <summary>Executes a statement once for each of the sets of parameters, all or none, durably before it completes.</summary>
    /// <exception cref="InvalidOperationException">A constraint of the table forbids it.</exception>
    Task ExecuteAsync(string sql, IReadOnlyList<object?[]> parameterSets, CancellationToken cancel);
}
