namespace ChatAkka.Storage.Sqlite;

/// <summary>While the store is unavailable, asks the writer once an interval to try whether it can write again.</summary>
internal sealed class HealthProbe : IDisposable
{
    private const string Insert = "INSERT OR REPLACE INTO health_probe (id, filler) VALUES (1, zeroblob(16384))";
    private const string Delete = "DELETE FROM health_probe";

    private readonly ITimer _timer;
    private readonly TimeSpan _interval;

    public HealthProbe(StoreHealth health, SqliteWriter writer, TimeSpan interval, TimeProvider time)
    {
        _interval = interval;
        _timer = time.CreateTimer(
            static state => ((SqliteWriter)state!).ProbeSoon(), writer, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        health.Changed += OnChanged;
    }

    /// <summary>
    /// Two commits: the first needs room for a few new pages, the second gives them back, so that a store that is full again
    /// finds them in the way of the next probe and not already taken by this one.
    /// </summary>
    public static void Write(SqliteSession session)
    {
        session.Prepare(Insert).Execute();
        session.Prepare(Delete).Execute();
    }

    public void Dispose() => _timer.Dispose();

    private void OnChanged(StorageHealth health)
    {
        var period = health.State == StorageState.Unavailable ? _interval : Timeout.InfiniteTimeSpan;
        _timer.Change(period, period);
    }
}
