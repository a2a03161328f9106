using ChatAkka.Domain.Timelines;
using ChatAkka.Storage.Journals.Sqlite;
using Microsoft.Data.Sqlite;

namespace ChatAkka.Storage.Sqlite;

/// <summary>
/// The embedded store: journal, snapshots, cursors and accounts in one SQLite file, written by one thread with group commit and read
/// through a pool. One process has it open at a time. Thread-safe.
/// </summary>
/// <remarks>
/// A write that was reported done survives kill -9 and power loss. A write that was reported failed is not stored, with one
/// exception that no database can exclude: if the machine dies while the failing commit was being synced.
/// </remarks>
public sealed class SqliteStore : IAsyncDisposable
{
    private readonly SqliteFileLock _lock;
    private readonly SqliteWriter _writer;
    private readonly SqliteReaders _readers;
    private readonly SqliteCheckpointer _checkpointer;
    private readonly StoreHealth _health;
    private readonly HealthProbe _probe;
    private int _disposed;

    private SqliteStore(SqliteFileLock fileLock, SqliteDatabase database, SqliteSession session, StorageOptions options, TimeProvider time, WriterHooks hooks)
    {
        _lock = fileLock;
        _health = new StoreHealth(time);
        _checkpointer = new SqliteCheckpointer(database, options, _health);
        _writer = new SqliteWriter(database, session, options, _health, _checkpointer, hooks);
        _readers = new SqliteReaders(database, options, _health);
        _probe = new HealthProbe(_health, _writer, TimeSpan.FromMilliseconds(options.HealthProbeIntervalMs), time);
        Journal = new JournalTable(this, _writer);
        Snapshots = new SnapshotTable(this, Journal);
        if (session.IsReadOnly)
        {
            _health.Bad(SqliteErrors.ReadOnly);
        }

        _checkpointer.Start();
        _writer.Start();
    }

    /// <summary>Raised when the store becomes unavailable or available; handlers must be brief.</summary>
    public event Action<StorageHealth>? HealthChanged
    {
        add => _health.Changed += value;
        remove => _health.Changed -= value;
    }

    /// <summary>Whether the store can commit, as far as is known.</summary>
    public StorageHealth Health => _health.Current;

    internal JournalTable Journal { get; }

    internal SnapshotTable Snapshots { get; }

    /// <summary>Opens the store in the configured directory, creating or migrating it as needed.</summary>
    /// <exception cref="StorageOpenException">It is in use, is newer than this program, or can't be accessed.</exception>
    public static SqliteStore Open(StorageOptions options, TimeProvider time) =>
        Open(options, time, new WriterHooks(), SqliteMigration.All);

    internal static SqliteStore Open(
        StorageOptions options, TimeProvider time, WriterHooks hooks, IReadOnlyList<SqliteMigration> migrations)
    {
        if (options.Validate() is { Count: > 0 } errors)
        {
            throw new StorageOpenException(string.Join(" ", errors));
        }

        CreateDirectory(options.DataDirectory);
        var fileLock = SqliteFileLock.Acquire(options.DataDirectory);
        SqliteSession? session = null;
        try
        {
            var database = new SqliteDatabase(Path.Combine(options.DataDirectory, "chatakka.db"));
            session = database.CreateWriter();
            SqliteMigrations.Run(session, migrations, time.GetUtcNow());
            return new SqliteStore(fileLock, database, session, options, time, hooks);
        }
        catch (Exception e)
        {
            session?.Dispose();
            fileLock.Dispose();
            if (e is SqliteException sqlite)
            {
                throw new StorageOpenException(
                    $"The database in Storage:DataDirectory '{Path.GetFullPath(options.DataDirectory)}' can't be opened: {SqliteErrors.Unavailable(sqlite).Message}", e);
            }

            throw;
        }
    }

    /// <summary>Completes when every write that was accepted before has been committed or has failed.</summary>
    /// <exception cref="StorageUnavailableException">The store is closed, or more waits than may.</exception>
    public Task FlushAsync(CancellationToken cancel = default) =>
        _writer.IsIdle ? Task.CompletedTask : WriteAsync(new WriteBarrier(cancel));

    /// <summary>Commits what waits and closes the files. Further calls fail as unavailable.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        // The readers first: the last connection to close copies the log, and theirs can't.
        _probe.Dispose();
        await _readers.CloseAsync().ConfigureAwait(false);
        await _writer.StopAsync().ConfigureAwait(false);
        await _checkpointer.StopAsync().ConfigureAwait(false);
        _lock.Dispose();
    }

    /// <summary>Has the writer thread execute <paramref name="write"/> in its next transaction (see <see cref="WriteItem"/>).
    /// Cancelling prevents it only as long as it hasn't begun.</summary>
    internal Task<T> WriteAsync<T>(Func<SqliteSession, T> write, CancellationToken cancel) =>
        WriteAsync(new WriteFunction<T>(write, cancel));

    internal Task<T> WriteAsync<T>(WriteItem<T> item)
    {
        try
        {
            _writer.Enqueue(item);
            return item.Completion;
        }
        catch (StorageUnavailableException e)
        {
            return Task.FromException<T>(e);
        }
    }

    internal Task<T> ReadAsync<T>(Func<SqliteSession, T> read, CancellationToken cancel) => _readers.ReadAsync(read, cancel);

    private static void CreateDirectory(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageOpenException($"Storage:DataDirectory '{Path.GetFullPath(directory)}' can't be created: {e.Message}", e);
        }
    }
}
