using ChatAkka.Domain.Accounts;
using ChatAkka.Domain.Contacts;
using ChatAkka.Domain.Presence;
using ChatAkka.Domain.Push;
using ChatAkka.Domain.Timelines;
using ChatAkka.Domain.Users;
using ChatAkka.Storage.Accounts;
using ChatAkka.Storage.Contacts;
using ChatAkka.Storage.Contents;
using ChatAkka.Storage.Cursors;
using ChatAkka.Storage.Journals;
using ChatAkka.Storage.Journals.Sqlite;
using ChatAkka.Storage.Migrations;
using ChatAkka.Storage.Nodes;
using ChatAkka.Storage.Presence;
using ChatAkka.Storage.Push;
using Dapper;
using Microsoft.Data.Sqlite;

namespace ChatAkka.Storage.Sqlite;

/// <summary>
/// The embedded store: journal, snapshots, cursors and accounts in one SQLite file, written by one thread with group commit and read
/// through a pool. One process has it open at a time, or the nodes of a cluster on one machine share it: SQLite's locks keep their writes
/// apart, and what a process has concluded from what it read last is dropped when another has written. Thread-safe.
/// </summary>
/// <remarks>
/// A write that was reported done survives kill -9 and power loss. A write that was reported failed is not stored, with one
/// exception that no database can exclude: if the machine dies while the failing commit was being synced.
/// </remarks>
public sealed class SqliteStore : ChatStore
{
    private readonly SqliteFileLock _lock;
    private readonly SqliteWriter _writer;
    private readonly SqliteReaders _readers;
    private readonly SqliteCheckpointer _checkpointer;
    private readonly StoreHealth _health;
    private readonly HealthProbe _probe;
    private readonly JournalTable _journal;
    private int _disposed;

    private SqliteStore(
        SqliteFileLock fileLock,
        SqliteDatabase database,
        SqliteSession session,
        int version,
        StorageOptions options,
        TimeProvider time,
        WriterHooks hooks)
    {
        _lock = fileLock;
        _health = new StoreHealth(time);
        _checkpointer = new SqliteCheckpointer(database, options, _health);
        _writer = new SqliteWriter(database, session, options, _health, _checkpointer, hooks);
        _readers = new SqliteReaders(database, options, _health);
        _probe = new HealthProbe(_health, _writer, TimeSpan.FromMilliseconds(options.HealthProbeIntervalMs), time);
        _journal = new JournalTable(this, _writer, time);
        Snapshots = new SnapshotTable(this, _journal);
        Contents = new RelationalContents(new SqliteRelations(this), SqliteRelations.NextPersistenceIds);
        SchemaVersion = version;
        Location = Path.GetFullPath(options.DataDirectory);
        Accounts = new SqliteAccountStore(this);
        Contacts = new SqliteContactStore(this);
        Cursors = new SqliteCursorStore(this);
        Receipts = new SqliteReceiptStore(this);
        Outbox = new SqlitePushOutbox(this);
        Reviews = new SqliteReviews(this);
        Leases = new SqliteNodeLeases(this, new LeaseTerm(options, time));
        Records = new SqliteNodeRecords(this);
        if (session.IsReadOnly)
        {
            _health.Bad(SqliteErrors.ReadOnly);
        }

        _checkpointer.Start();
        _writer.Start();
    }

    /// <inheritdoc/>
    public override event Action<StorageHealth>? HealthChanged
    {
        add => _health.Changed += value;
        remove => _health.Changed -= value;
    }

    /// <inheritdoc/>
    public override StorageHealth Health => _health.Current;

    /// <inheritdoc/>
    public override string Location { get; }

    /// <inheritdoc/>
    public override int SchemaVersion { get; }

    /// <inheritdoc/>
    public override IAccountStore Accounts { get; }

    /// <inheritdoc/>
    public override IContactStore Contacts { get; }

    /// <inheritdoc/>
    public override ICursorStore Cursors { get; }

    /// <inheritdoc/>
    public override IReceiptStore Receipts { get; }

    /// <inheritdoc/>
    public override IPushOutbox Outbox { get; }

    /// <inheritdoc/>
    public override IAbsenceReviews Reviews { get; }

    /// <inheritdoc/>
    public override INodeLeases Leases { get; }

    /// <inheritdoc/>
    public override INodeRecords Records { get; }

    internal override IEventStore Journal => _journal;

    internal override ISnapshotTable Snapshots { get; }

    internal override IStoreContents Contents { get; }

    /// <summary>Opens the store in the configured directory, creating or migrating it as needed.</summary>
    /// <exception cref="StorageOpenException">It is in use, is newer than this program, or can't be accessed.</exception>
    public static SqliteStore Open(StorageOptions options, TimeProvider time) =>
        Open(options, time, new WriterHooks(), Migration.Sqlite);

    /// <summary>As <see cref="Open(StorageOptions, TimeProvider)"/>, but other processes of this machine may have the store open
    /// too.</summary>
    /// <exception cref="StorageOpenException">A process has it to itself; or as above.</exception>
    public static SqliteStore OpenShared(StorageOptions options, TimeProvider time) =>
        Open(options, time, new WriterHooks(), Migration.Sqlite, isShared: true);

    internal static SqliteStore Open(
        StorageOptions options, TimeProvider time, WriterHooks hooks, IReadOnlyList<Migration> migrations, bool isShared = false)
    {
        if (options.Validate() is { Count: > 0 } errors)
        {
            throw new StorageOpenException(string.Join(" ", errors));
        }

        CreateDirectory(options.DataDirectory);
        var fileLock = isShared ? SqliteFileLock.Share(options.DataDirectory) : SqliteFileLock.Acquire(options.DataDirectory);
        SqliteSession? session = null;
        try
        {
            var database = new SqliteDatabase(Path.Combine(options.DataDirectory, "chatakka.db"), isShared);
            session = database.CreateWriter();
            SqliteMigrations.Run(session, migrations, time.GetUtcNow());
            return new SqliteStore(fileLock, database, session, migrations[^1].Version, options, time, hooks);
        }
        catch (Exception e)
        {
            session?.Dispose();
            fileLock.Dispose();
            if (e is SqliteException sqlite)
            {
                throw new StorageOpenException(
                    $"The database in Storage:DataDirectory '{Path.GetFullPath(options.DataDirectory)}' can't be opened: "
                    + SqliteErrors.Unavailable(sqlite).Message,
                    e);
            }

            throw;
        }
    }

    /// <summary>Completes when every write that was accepted before has been committed or has failed.</summary>
    /// <exception cref="StorageUnavailableException">The store is closed, or more waits than may.</exception>
    public Task FlushAsync(CancellationToken cancel = default) =>
        _writer.IsIdle ? Task.CompletedTask : WriteAsync(new WriteBarrier(cancel));

    /// <inheritdoc/>
    public override IPresenceStore PresenceOf(NodeLease node) => new SqlitePresenceStore(this, node);

    /// <inheritdoc/>
    public override IPushQueue PushesOf(NodeLease node) => new SqlitePushQueue(this, node);

    /// <inheritdoc/>
    public override Task<string> GetIdentityAsync(CancellationToken cancel) =>
        ReadAsync(session => session.Connection.QuerySingle<string>("SELECT value FROM push_origin"), cancel);

    /// <inheritdoc/>
    public override IUndeliveredTable TrackDelivery()
    {
        _journal.TracksDelivery = true;
        return new SqliteUndeliveredTable(this);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
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

    /// <summary>Has the writer thread write all items in one transaction; nothing is done if there are none.</summary>
    internal Task WriteAllAsync<T>(IReadOnlyCollection<T> items, Func<SqliteSession, T[], bool> write, CancellationToken cancel)
    {
        if (items.Count == 0)
        {
            return Task.CompletedTask;
        }

        // A copy: the caller may go on with its collection, the writer thread may come back to this one.
        var copy = items.ToArray();
        return WriteAsync(session => write(session, copy), cancel);
    }

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
