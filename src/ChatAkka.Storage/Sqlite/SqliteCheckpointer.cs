using Microsoft.Data.Sqlite;

namespace ChatAkka.Storage.Sqlite;

/// <summary>
/// Copies the write-ahead log to the database file on a thread and a connection of its own, so that no commit waits for it.
/// </summary>
/// <remarks>
/// While writes go on it never catches up quite, and a log that isn't copied to its end can't be started over: it would grow
/// without bound. So once the log is past its limit the writer itself copies the little that is left after a background pass,
/// and starts over. A log that is reused also syncs faster than one that grows.
/// </remarks>
internal sealed class SqliteCheckpointer(SqliteDatabase database, StorageOptions options, StoreHealth health)
{
    private const int Passive = 0;
    private const int Restart = 2;
    private const int RestartBusyTimeoutMs = 50;

    private readonly AutoResetEvent _wake = new(false);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SqliteSession? _session;
    private int _pages;
    private volatile bool _restartDue;
    private volatile bool _stopping;

    public void Start() => new Thread(Run) { Name = "sqlite-checkpointer", IsBackground = true }.Start();

    /// <summary>The writer's turn after each commit.</summary>
    /// <param name="pages">How many pages the commit wrote.</param>
    public void AfterCommit(SqliteSession writer, int pages)
    {
        _pages += pages;
        if (_restartDue)
        {
            _restartDue = false;
            RestartLog(writer);
        }
        else if (_pages >= options.CheckpointPages)
        {
            _pages = 0;
            _wake.Set();
        }
    }

    /// <summary>Closes the connection. As the last one it copies the rest of the log.</summary>
    public Task StopAsync()
    {
        _stopping = true;
        _wake.Set();
        return _stopped.Task;
    }

    // Fails harmlessly if a reader still needs the log: the next pass asks again.
    private static void RestartLog(SqliteSession writer)
    {
        writer.SetBusyTimeout(RestartBusyTimeoutMs);
        try
        {
            writer.Checkpoint(Restart);
        }
        finally
        {
            writer.SetBusyTimeout(SqliteDatabase.BusyTimeoutMs);
        }
    }

    private void Run()
    {
        while (true)
        {
            _wake.WaitOne();
            if (_stopping)
            {
                break;
            }

            Pass();
        }

        _session?.Dispose();
        _stopped.SetResult();
    }

    private void Pass()
    {
        try
        {
            _session ??= database.OpenWriter();
            if (_session.Checkpoint(Passive) is { } state
                && (long)state.Log * SqliteDatabase.PageBytes >= options.WalLimitMiB * 1024L * 1024)
            {
                _restartDue = true;
            }
        }
        catch (SqliteException e)
        {
            // Nothing is lost, the log has it all; but it can't be started over, so sooner or later writes will fail too.
            health.Bad(SqliteErrors.Unavailable(e).Message);
            _session?.Dispose();
            _session = null;
        }
    }
}
