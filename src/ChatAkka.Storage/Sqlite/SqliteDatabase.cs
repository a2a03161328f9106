using Microsoft.Data.Sqlite;

namespace ChatAkka.Storage.Sqlite;

/// <summary>
/// The database file and how its connections are set up. Every commit is synced (<c>synchronous=FULL</c>) before it counts.
/// Nobody checkpoints on commit: see <see cref="SqliteCheckpointer"/>.
/// </summary>
internal sealed class SqliteDatabase(string path)
{
    /// <summary>Bytes of a page, as set when the file is created.</summary>
    public const int PageBytes = 4096;

    private const string WriterPragmas =
        "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA busy_timeout=2000; PRAGMA cache_size=-16384; PRAGMA temp_store=MEMORY;";

    private const string ReaderPragmas = "PRAGMA busy_timeout=2000; PRAGMA cache_size=-4096; PRAGMA temp_store=MEMORY;";

    public string Path => path;

    /// <summary>Opens the file, creating it if it isn't there, and puts it in WAL mode; that is remembered in the file.</summary>
    public SqliteSession CreateWriter()
    {
        var session = Open(SqliteOpenMode.ReadWriteCreate);
        session.Execute($"PRAGMA page_size={PageBytes}; PRAGMA journal_mode=WAL; {WriterPragmas}");
        return session;
    }

    /// <summary>Opens the existing file. Never creates one: what was stored would seem to be gone.</summary>
    public SqliteSession OpenWriter()
    {
        var session = Open(SqliteOpenMode.ReadWrite);
        session.Execute(WriterPragmas);
        return session;
    }

    public SqliteSession OpenReader()
    {
        var session = Open(SqliteOpenMode.ReadOnly);
        session.Execute(ReaderPragmas);
        return session;
    }

    private SqliteSession Open(SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 5 }.ConnectionString);
        try
        {
            connection.Open();
            return new SqliteSession(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
