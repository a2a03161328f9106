using ChatAkka.Domain.Push;

namespace ChatAkka.Push.Dispatching;

/// <summary>How long to wait after a failure: twice as long each time, less up to a half by chance, so that what failed together doesn't
/// come back together. Thread-safe.</summary>
internal sealed class Backoff(PushOptions options, Random random)
{
    private readonly Lock _gate = new();

    /// <param name="failures">Attempts that have failed, this one included; at least 1.</param>
    /// <param name="asked">What the receiver asks for. It can only make the wait longer, and never above the longest.</param>
    public TimeSpan After(int failures, TimeSpan? asked)
    {
        double chance;
        lock (_gate)
        {
            chance = random.NextDouble();
        }

        var full = Math.Min(options.LongestRetryMs, options.FirstRetryMs * Math.Pow(2, failures - 1));
        var wait = Math.Max(full * (1 - (chance / 2)), asked?.TotalMilliseconds ?? 0);
        return TimeSpan.FromMilliseconds(Math.Ceiling(Math.Min(wait, options.LongestRetryMs)));
    }
}
