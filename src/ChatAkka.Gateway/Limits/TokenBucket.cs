namespace ChatAkka.Gateway.Limits;

/// <summary>
/// Allows a number of requests a second in the long run and a burst after a pause. It keeps no clock: the caller passes timestamps of
/// one <see cref="TimeProvider"/>. A mutable struct for one owner; not thread-safe.
/// </summary>
internal struct TokenBucket
{
    private double _tokens;
    private long _at;

    public TokenBucket(int burst, long now)
    {
        _tokens = burst;
        _at = now;
    }

    /// <summary>Takes a token; if there is none, tells in how many ms there will be one.</summary>
    /// <param name="perSecond">0 allows everything.</param>
    /// <param name="frequency">Timestamps a second.</param>
    public bool TryTake(double perSecond, int burst, long now, long frequency, out long retryMs)
    {
        retryMs = 0;
        if (perSecond == 0)
        {
            return true;
        }

        _tokens = TokensAt(perSecond, burst, now, frequency);
        _at = now;
        if (_tokens >= 1)
        {
            _tokens--;
            return true;
        }

        retryMs = Math.Max(1, (long)Math.Ceiling((1 - _tokens) * 1_000 / perSecond));
        return false;
    }

    /// <summary>True for a bucket that is as good as a new one.</summary>
    public readonly bool IsFull(double perSecond, int burst, long now, long frequency) =>
        TokensAt(perSecond, burst, now, frequency) >= burst;

    // A clock that stands still or steps back refills nothing.
    private readonly double TokensAt(double perSecond, int burst, long now, long frequency) =>
        Math.Min(burst, _tokens + Math.Max(0, now - _at) / (double)frequency * perSecond);
}
