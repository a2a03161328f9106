namespace ChatAkka.Client.Sessions;

/// <summary>How long to wait before the next attempt: see <see cref="BackoffOptions"/>.</summary>
internal sealed class Backoff(BackoffOptions options, Random random)
{
    private const int MostDoublings = 30;

    private int _failures;

    /// <summary>A connection held for so long; if that was long enough, the next failure is the first one.</summary>
    public void Held(TimeSpan time)
    {
        if (time >= options.StableAfter)
        {
            _failures = 0;
        }
    }

    /// <summary>There was a failure: the pause after it.</summary>
    public TimeSpan Next()
    {
        var doubled = options.First.TotalMilliseconds * (1L << Math.Min(_failures, MostDoublings));
        _failures++;
        return TimeSpan.FromMilliseconds(Math.Min(options.Longest.TotalMilliseconds, doubled) * random.NextDouble());
    }
}
