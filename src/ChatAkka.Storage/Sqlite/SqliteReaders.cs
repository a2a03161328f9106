using ChatAkka.Domain.Timelines;
using Microsoft.Data.Sqlite;

namespace ChatAkka.Storage.Sqlite;

/// <summary>
/// The read-only connections. A read runs on a pool thread as soon as a connection is free; those that wait hold no thread.
/// A read sees everything that was committed before it began.
/// </summary>
internal sealed class SqliteReaders(SqliteDatabase database, StorageOptions options, StoreHealth health)
{
    private readonly SemaphoreSlim _free = new(options.ReaderConnections);
    private readonly Lock _gate = new();
    private readonly Stack<SqliteSession> _idle = new();
    private volatile bool _closed;

    /// <exception cref="StorageUnavailableException">The store could not be read.</exception>
    public async Task<T> ReadAsync<T>(Func<SqliteSession, T> read, CancellationToken cancel)
    {
        await _free.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Read(read), cancel).ConfigureAwait(false);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Waits for the reads that run, then closes the connections.</summary>
    public async Task CloseAsync()
    {
        _closed = true;
        for (var i = 0; i < options.ReaderConnections; i++)
        {
            await _free.WaitAsync().ConfigureAwait(false);
        }

        while (_idle.TryPop(out var session))
        {
            session.Dispose();
        }

        _free.Release(options.ReaderConnections);
    }

    private T Read<T>(Func<SqliteSession, T> read)
    {
        if (_closed)
        {
            throw new StorageUnavailableException("The store is closed.");
        }

        SqliteSession? session = null;
        try
        {
            session = Rent();
            var result = read(session);
            Return(session);
            return result;
        }
        catch (SqliteException e) when (SqliteErrors.IsStorageFault(e))
        {
            session?.Dispose();
            var unavailable = SqliteErrors.Unavailable(e);
            health.Bad(unavailable.Message);
            throw unavailable;
        }
        catch
        {
            session?.Dispose();
            throw;
        }
    }

    private SqliteSession Rent()
    {
        lock (_gate)
        {
            if (_idle.TryPop(out var session))
            {
                return session;
            }
        }

        return database.OpenReader();
    }

    private void Return(SqliteSession session)
    {
        lock (_gate)
        {
            _idle.Push(session);
        }
    }
}
