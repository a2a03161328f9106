using System.Text;
using SQLitePCL;

namespace ChatAkka.Storage.Sqlite;

/// <summary>
/// A prepared statement on the raw handle: bind (parameters count from 1), step, read columns (counted from 0), reset.
/// Owned by its <see cref="SqliteSession"/>, which prepares each text once. Whoever steps it resets it, also after a failure:
/// an unfinished statement holds its read transaction open.
/// </summary>
internal readonly struct SqliteStatement(sqlite3 db, sqlite3_stmt statement)
{
    private const int StackBytes = 256;

    public void Bind(int parameter, long value) => Check(raw.sqlite3_bind_int64(statement, parameter, value));

    public void Bind(int parameter, ReadOnlySpan<byte> blob) => Check(
        // An empty span has no address, and SQLite takes that for NULL.
        blob.IsEmpty ? raw.sqlite3_bind_zeroblob(statement, parameter, 0) : raw.sqlite3_bind_blob(statement, parameter, blob));

    public void Bind(int parameter, string text)
    {
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        var utf8 = most <= StackBytes ? stackalloc byte[StackBytes] : new byte[most];
        var length = Encoding.UTF8.GetBytes(text, utf8);
        Check(length == 0 ? raw.sqlite3_bind_text(statement, parameter, "") : raw.sqlite3_bind_text(statement, parameter, utf8[..length]));
    }

    /// <summary>True if there is a row to read, false when done.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(statement);
        return code switch
        {
            raw.SQLITE_ROW => true,
            raw.SQLITE_DONE => false,
            _ => throw SqliteErrors.Create(db, code),
        };
    }

    /// <summary>Steps a statement that yields no rows, and resets it.</summary>
    public void Execute()
    {
        try
        {
            Step();
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>As <see cref="Execute"/>, but false if somebody else has the lock that it needs.</summary>
    public bool TryExecute()
    {
        try
        {
            var code = raw.sqlite3_step(statement);
            SqliteErrors.Check(db, (code & 0xff) == raw.SQLITE_BUSY ? raw.SQLITE_OK : code);
            return (code & 0xff) != raw.SQLITE_BUSY;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Steps once, tells whether there was a row, and resets it.</summary>
    public bool Any()
    {
        try
        {
            return Step();
        }
        finally
        {
            Reset();
        }
    }

    public long Int64(int column) => raw.sqlite3_column_int64(statement, column);

    /// <summary>Null for NULL.</summary>
    public long? NullableInt64(int column) =>
        raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL ? null : raw.sqlite3_column_int64(statement, column);

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();

    /// <summary>The bytes of a text or blob, valid until the next step or reset.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(statement, column);

    public byte[] Blob(int column) => raw.sqlite3_column_blob(statement, column).ToArray();

    /// <summary>Ends the execution. Its result only repeats what <see cref="Step"/> has thrown.</summary>
    public void Reset() => _ = raw.sqlite3_reset(statement);

    public void Dispose() => statement.Dispose();

    private void Check(int code) => SqliteErrors.Check(db, code);
}
