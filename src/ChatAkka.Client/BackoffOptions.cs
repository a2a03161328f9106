namespace ChatAkka.Client;

/// <summary>
/// How long a client waits before it tries to connect again: a random part (full jitter) of a time that doubles with each failure up to a
/// bound. That way clients that lost the same server don't come back in waves.
/// </summary>
public sealed record BackoffOptions
{
    /// <summary>The longest first pause. 500 ms by default.</summary>
    public TimeSpan First { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>No pause is longer. 30 s by default.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A connection that held this long makes the next failure the first one again. 30 s by default.</summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(30);

    internal void Validate()
    {
        if (First <= TimeSpan.Zero || Longest < First || StableAfter < TimeSpan.Zero)
        {
            throw new ArgumentException("Backoff: First must be positive, Longest at least as long, StableAfter not negative");
        }
    }
}
