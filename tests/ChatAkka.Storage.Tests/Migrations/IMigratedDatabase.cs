namespace ChatAkka.Storage.Tests.Migrations;

/// <summary>A database of one test's own that can be opened at any version of its schema; without any at first.</summary>
public interface IMigratedDatabase : IAsyncDisposable
{
    /// <summary>
    /// The newest version. It is one above what the program has: a made-up migration follows the real ones, so that the newest of these is
    /// migrated from too.
    /// </summary>
    static abstract int Newest { get; }

    /// <summary>Rows for the tables that a version brought.</summary>
    static abstract IEnumerable<OldRows> RowsSince(int version);

    /// <summary>Opens it as a program does whose newest migration is that of the version.</summary>
    Task<ChatStore> OpenAsync(int version);

    /// <summary>Runs statements as an outside tool would.</summary>
    Task ExecuteAsync(string sql);

    /// <summary>Everything that makes up the schema, in an order of its own.</summary>
    Task<IReadOnlyList<string>> SchemaAsync();

    /// <summary>The names of the tables.</summary>
    Task<IReadOnlyList<string>> TablesAsync();

    /// <summary>How many rows a table has.</summary>
    Task<long> CountAsync(string table);
}
