using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ChatAkka.Storage.Sqlite;

/// <summary>
/// The database file and how its connections are set up. Every commit is synced (<c>synchronous=FULL</c>) before it counts.
/// Nobody checkpoints on commit: see <see cref="SqliteCheckpointer"/>.
/// </summary>
/// <param name="isShared">Other processes may have it open.</param>
internal sealed class SqliteDatabase(string path, bool isShared = false)
{
    /// <summary>How long a lock of somebody else is waited for, in ms.</summary>
    public const int BusyTimeoutMs = 2_000;

    /// <summary>Bytes of a page, as set when the file is created.</summary>
    public const int PageBytes = 4096;

    private const int CreateAttempts = 10;

    private const string WriterPragmas =
        "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-16384; PRAGMA temp_store=MEMORY;";

    private const string ReaderPragmas = "PRAGMA cache_size=-4096; PRAGMA temp_store=MEMORY;";

    public string Path => path;

    public bool IsShared => isShared;

    /// <summary>Opens the file, creating it if it isn't there, and puts it in WAL mode; that is remembered in the file.</summary>
    public SqliteSession CreateWriter()
    {
        var session = Open(SqliteOpenMode.ReadWriteCreate);
        try
        {
            for (var left = CreateAttempts; ; left--)
            {
                try
                {
                    session.Execute($"PRAGMA page_size={PageBytes}; PRAGMA journal_mode=WAL; {WriterPragmas}");
                    return session;
                }
                catch (SqliteException e) when (left > 0 && e.SqliteErrorCode == raw.SQLITE_BUSY)
                {
                    // Of several that create the file at once, SQLite may send one away instead of letting it wait.
                }
            }
        }
        catch
        {
            session.Dispose();
            throw;
        }
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
            var session = new SqliteSession(connection);
            session.SetBusyTimeout(BusyTimeoutMs);
            return session;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
