using ChatAkka.Domain.Timelines;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ChatAkka.Storage.Sqlite;

/// <summary>Result codes into exceptions, and which of them are the store's fault rather than a statement's.</summary>
internal static class SqliteErrors
{
    public const string ReadOnly = "The database is read-only.";

    public static SqliteException Create(sqlite3 db, int code) =>
        new(raw.sqlite3_errmsg(db).utf8_to_string(), code & 0xff, raw.sqlite3_extended_errcode(db));

    public static void Check(sqlite3 db, int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            throw Create(db, code);
        }
    }

    /// <summary>True if the store could not do its work, so that any other write would fail as well.</summary>
    public static bool IsStorageFault(SqliteException e) => e.SqliteErrorCode is
        raw.SQLITE_FULL or raw.SQLITE_IOERR or raw.SQLITE_READONLY or raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_CANTOPEN
        or raw.SQLITE_PERM or raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_NOMEM or raw.SQLITE_PROTOCOL or raw.SQLITE_NOLFS
        or raw.SQLITE_INTERRUPT;

    /// <summary>True if the connection may be used on: the fault lies outside of it and leaves nothing behind in it.</summary>
    public static bool LeavesConnectionUsable(SqliteException e) =>
        e.SqliteErrorCode is raw.SQLITE_FULL or raw.SQLITE_BUSY or raw.SQLITE_LOCKED;

    public static StorageUnavailableException Unavailable(SqliteException e) => new(Sentence(e), e);

    private static string Sentence(SqliteException e) => e.SqliteErrorCode switch
    {
        raw.SQLITE_FULL => "The disk that holds the database is full.",
        raw.SQLITE_READONLY => ReadOnly,
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "Another program has locked the database.",
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => "The database file is damaged.",
        _ => $"The database can't be accessed (SQLite error {e.SqliteErrorCode}/{e.SqliteExtendedErrorCode}: {e.Message}).",
    };
}
