namespace Akka.Cluster;

/// <summary>
/// Notices that this node itself stood still: its process was stopped, or its machine had no time for it. What it did not hear meanwhile says
/// nothing about others.
/// </summary>
/// <param name="interval">How often it is asked, at least.</param>
/// <param name="tolerance">How much later than that is a pause.</param>
internal sealed class PauseDetector(TimeSpan interval, TimeSpan tolerance)
{
    private TimeSpan? _last;

    /// <summary>How long the node stood still until now; zero when it did not.</summary>
    public TimeSpan Check(TimeSpan now)
    {
        var late = _last is { } last ? now - last - interval : TimeSpan.Zero;
        _last = now;
        return late > tolerance ? late : TimeSpan.Zero;
    }
}
