using ChatAkka.Domain.Timelines;
using ChatAkka.Storage.Writing;
using Microsoft.Data.Sqlite;

namespace ChatAkka.Storage.Sqlite;

/// <summary>
/// The only writer of the database in this process: one thread with its own connection. Everything that waits is committed together, so the
/// cost of a sync is shared by whoever writes at the same time, whatever they write.
/// </summary>
/// <remarks>
/// After a fault of the store every write of the group has failed and the store is unavailable. New writes are still tried, and
/// so is a <see cref="HealthProbe"/>, so that it recovers by itself. A connection that may have kept something of the fault
/// is replaced.
/// </remarks>
internal sealed class SqliteWriter
{
    private readonly SqliteDatabase _database;
    private readonly StorageOptions _options;
    private readonly StoreHealth _health;
    private readonly SqliteCheckpointer _checkpointer;
    private readonly WriterHooks _hooks;
    private readonly AutoResetEvent _wake = new(false);
    private readonly WriteQueue<WriteItem> _queue;
    private readonly WriteTurn _turn;
    private readonly GroupCommit _commit;
    private readonly List<WriteItem> _group = [];
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SqliteSession? _session;
    private volatile bool _probeDue;

    /// <param name="session">The connection to begin with; the writer owns it.</param>
    public SqliteWriter(
        SqliteDatabase database,
        SqliteSession session,
        StorageOptions options,
        StoreHealth health,
        SqliteCheckpointer checkpointer,
        WriterHooks hooks)
    {
        (_database, _session, _options, _health, _checkpointer, _hooks) = (database, session, options, health, checkpointer, hooks);
        _queue = new WriteQueue<WriteItem>(options.WriterQueueItems, options.WriterQueueMiB * 1024L * 1024, () => _wake.Set());
        _turn = new WriteTurn(database.IsShared, () => Outdated?.Invoke());
        _commit = new GroupCommit(_turn, () => Outdated?.Invoke());
        session.TakePagesWritten();
    }

    /// <summary>Raised on the writer thread whenever executed writes were undone, or another process has written: what was concluded from
    /// them, or from what was read before, is void.</summary>
    public event Action? Outdated;

    /// <summary>True if every write that was accepted has its outcome.</summary>
    public bool IsIdle => _queue.IsIdle;

    public void Start() => new Thread(Run) { Name = "sqlite-writer", IsBackground = true }.Start();

    /// <exception cref="StorageUnavailableException">The queue is full or closed.</exception>
    public void Enqueue(WriteItem item) => _queue.Enqueue(item);

    /// <summary>Has the writer thread try a write of its own.</summary>
    public void ProbeSoon()
    {
        _probeDue = true;
        _queue.Wake();
    }

    /// <summary>Refuses further writes, commits those that wait, closes the connection.</summary>
    public Task StopAsync()
    {
        _turn.Stop();
        _queue.Close();
        return _stopped.Task;
    }

    private void Run()
    {
        while (Take() != Taken.Closed)
        {
            if (_group.Count > 0)
            {
                Attempt(session => _commit.Run(session, _group));
            }

            if (_probeDue)
            {
                _probeDue = false;
                _group.Clear();
                Attempt(Probe);
            }
        }

        _session?.Dispose();
        _turn.Dispose();
        _stopped.SetResult();
    }

    // Blocks: that is what the thread is for.
    private Taken Take()
    {
        Taken taken;
        while ((taken = _queue.TryTake(_group, _options.CommitGroupItems, _options.CommitGroupKiB * 1024L)) == Taken.Nothing)
        {
            _wake.WaitOne();
        }

        return taken;
    }

    // Whatever happens here, the thread lives on and every item of the group gets an outcome.
    private void Attempt(Func<SqliteSession, SqliteException?> write)
    {
        try
        {
            _session ??= _database.OpenWriter();
            _hooks.BeforeGroup?.Invoke(_session);
            if (write(_session) is { } fault)
            {
                Broken(fault);
                return;
            }

            Committed(_session);
        }
        catch (SqliteException e)
        {
            Broken(e);
        }
        catch (Exception e)
        {
            Broken(new SqliteException($"unexpected: {e.Message}", SQLitePCL.raw.SQLITE_INTERNAL));
        }
    }

    private void Committed(SqliteSession session)
    {
        // A transaction that wrote nothing proves nothing.
        var pages = session.TakePagesWritten();
        if (pages > 0)
        {
            _health.Good();
            _hooks.Committed?.Invoke(_group.Count);
            _checkpointer.AfterCommit(session, pages);
        }
    }

    private void Broken(SqliteException fault)
    {
        var reason = SqliteErrors.Unavailable(fault);
        GroupCommit.FailAll(_group, reason);
        _health.Bad(reason.Message);
        if (_session is { } session && (session.InTransaction || !SqliteErrors.LeavesConnectionUsable(fault)))
        {
            session.Dispose();
            _session = null;
        }
    }

    private static SqliteException? Probe(SqliteSession session)
    {
        try
        {
            HealthProbe.Write(session);
            return null;
        }
        catch (SqliteException e)
        {
            return e;
        }
    }
}
