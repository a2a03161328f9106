using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ChatAkka.Storage.Sqlite;

/// <summary>One connection with its prepared statements. Used by one thread at a time.</summary>
internal sealed class SqliteSession(SqliteConnection connection) : IDisposable
{
    private const uint Persistent = 1;
    private const int CacheWrite = 9;

    // By reference: every text is a constant.
    private readonly Dictionary<string, SqliteStatement> _statements = new(ReferenceEqualityComparer.Instance);
    private readonly sqlite3 _db = connection.Handle!;

    /// <summary>For Dapper. It takes part in the transaction that is open on this session.</summary>
    public SqliteConnection Connection => connection;

    public bool InTransaction => raw.sqlite3_get_autocommit(_db) == 0;

    /// <summary>True if the file can't be written to, which SQLite lets pass until something is written.</summary>
    public bool IsReadOnly => raw.sqlite3_db_readonly(_db, "main") == 1;

    /// <summary>The statement of a constant text.</summary>
    public SqliteStatement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            SqliteErrors.Check(_db, raw.sqlite3_prepare_v3(_db, sql, Persistent, out sqlite3_stmt handle));
            _statements.Add(sql, statement = new SqliteStatement(_db, handle));
        }

        return statement;
    }

    /// <summary>Runs statements of a text that is used once.</summary>
    public void Execute(string sql) => SqliteErrors.Check(_db, raw.sqlite3_exec(_db, sql));

    /// <summary>Pages that this connection has written since the last call.</summary>
    public int TakePagesWritten()
    {
        SqliteErrors.Check(_db, raw.sqlite3_db_status(_db, CacheWrite, out var pages, out _, 1));
        return pages;
    }

    /// <summary>Another number than before if another connection has committed since; within a transaction, as of its beginning.</summary>
    public long DataVersion()
    {
        var version = Prepare("PRAGMA data_version");
        try
        {
            version.Step();
            return version.Int64(0);
        }
        finally
        {
            version.Reset();
        }
    }

    /// <summary>How long a statement waits for someone else's lock, in ms.</summary>
    public void SetBusyTimeout(int ms) => SqliteErrors.Check(_db, raw.sqlite3_busy_timeout(_db, ms));

    /// <summary>Copies pages from the write-ahead log to the database file.</summary>
    /// <returns>Frames in the log and how many of them are copied; null if someone else is at it or a reader is in the way.</returns>
    public (int Log, int Copied)? Checkpoint(int mode)
    {
        var code = raw.sqlite3_wal_checkpoint_v2(_db, "main", mode, out var log, out var copied);
        if ((code & 0xff) == raw.SQLITE_BUSY)
        {
            return null;
        }

        SqliteErrors.Check(_db, code);
        return (log, copied);
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        connection.Dispose();
    }
}
