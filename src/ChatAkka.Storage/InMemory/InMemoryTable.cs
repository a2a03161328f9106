namespace ChatAkka.Storage.InMemory;

/// <summary>A part of the data of a store in memory as a table of rows. Its functions are called under the lock of the part.</summary>
/// <param name="Part">Where the rows are; also their lock.</param>
/// <param name="Rows">All rows, in any order.</param>
/// <param name="TryAdd">False if the row's key, or another value that only one row may have, is taken; nothing is added then.</param>
/// <param name="Remove">Takes a row out again that was just added.</param>
internal sealed record InMemoryTable(
    object Part, Func<IEnumerable<object?[]>> Rows, Func<object?[], bool> TryAdd, Action<object?[]> Remove);
