namespace ChatAkka.Storage.Sqlite;

/// <summary>
/// Begins the writer's transactions. Where other processes write too, it waits for its turn, at most <see cref="SqliteDatabase"/>'s
/// time-out; gives way while others write, since SQLite's lock has no queue and whoever comes back at once would have it always; and tells
/// when another has written, so that nothing is concluded from what was read before. A process that is alone pays one look for that.
/// </summary>
/// <param name="isShared">Other processes may write.</param>
/// <param name="outdated">Called within the transaction when another process has written since the last one.</param>
internal sealed class WriteTurn(bool isShared, Action outdated) : IDisposable
{
    // Between two looks at a lock that is taken. SQLite's own wait would do whole seconds where it was built without a finer clock.
    private const int AttemptMs = 1;

    // Long enough for one who waits to look at the lock.
    private const int PauseMs = 1;

    // So many transactions are begun with a pause after another process was noticed.
    private const int Courteous = 20;

    private readonly ManualResetEventSlim _stopped = new(false);
    private readonly ManualResetEventSlim _never = new(false);
    private SqliteSession? _session;
    private long _version;
    private int _pauses;

    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">Another process had the lock for the whole time, or the store is
    /// unwell.</exception>
    public void Begin(SqliteSession session)
    {
        if (!isShared)
        {
            session.Prepare("BEGIN IMMEDIATE").Execute();
            return;
        }

        if (_pauses > 0)
        {
            _pauses--;
            _stopped.Wait(PauseMs);
        }

        Wait(session);
        var version = session.DataVersion();
        if (session != _session || version != _version)
        {
            (_session, _version, _pauses) = (session, version, Courteous);
            outdated();
        }
    }

    /// <summary>No pause any more.</summary>
    public void Stop() => _stopped.Set();

    public void Dispose()
    {
        _stopped.Dispose();
        _never.Dispose();
    }

    private void Wait(SqliteSession session)
    {
        session.SetBusyTimeout(0);
        try
        {
            for (var left = SqliteDatabase.BusyTimeoutMs / AttemptMs; left > 0; left--)
            {
                if (session.Prepare("BEGIN IMMEDIATE").TryExecute())
                {
                    return;
                }

                _pauses = Courteous;
                _never.Wait(AttemptMs);
            }

            session.Prepare("BEGIN IMMEDIATE").Execute();
        }
        finally
        {
            session.SetBusyTimeout(SqliteDatabase.BusyTimeoutMs);
        }
    }
}
