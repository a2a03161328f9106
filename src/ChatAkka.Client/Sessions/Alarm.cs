namespace ChatAkka.Client.Sessions;

/// <summary>The client's one timer: rings at the earliest of the times that it was set to. Guarded by its client.</summary>
internal sealed class Alarm(TimeProvider time, Action ring) : IDisposable
{
    private ITimer? _timer;
    private TimeSpan? _at;

    /// <summary>Rings at the earliest of <paramref name="times"/>, at the latest.</summary>
    public void Set(TimeSpan now, params ReadOnlySpan<TimeSpan?> times)
    {
        var earliest = _at;
        foreach (var at in times)
        {
            earliest = earliest <= at ? earliest : at ?? earliest;
        }

        if (earliest != _at)
        {
            _at = earliest;
            _timer ??= time.CreateTimer(static alarm => ((Alarm)alarm!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(earliest > now ? earliest!.Value - now : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>It has rung: it is set to nothing.</summary>
    public void Reset() => _at = null;

    public void Dispose() => _timer?.Dispose();

    private void Ring() => ring();
}
