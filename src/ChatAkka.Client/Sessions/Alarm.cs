namespace ChatAkka.Client.Sessions;

/// <summary>The client's one timer: rings at the earliest of the times that it was set to. Guarded by its client.</summary>
internal sealed class Alarm(TimeProvider time, Action ring) : IDisposable
{
    private ITimer? _timer;
    private TimeSpan? _at;

    /// <summary>Rings at <paramref name="at"/> at the latest.</summary>
    public void Set(TimeSpan? at, TimeSpan now)
    {
        if (at is null || _at <= at)
        {
            return;
        }

        _at = at;
        var due = at > now ? at.Value - now : TimeSpan.Zero;
        _timer ??= time.CreateTimer(static alarm => ((Alarm)alarm!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    /// <summary>It has rung: it is set to nothing.</summary>
    public void Reset() => _at = null;

    public void Dispose() => _timer?.Dispose();

    private void Ring() => ring();
}
