namespace Akka.Actor;

/// <summary>A failed child is treated alone; its siblings go on.</summary>
public class OneForOneStrategy : SupervisorStrategy, IEquatable<OneForOneStrategy>
{
    /// <param name="maxNrOfRetries">Restarts allowed within the range, or ever; negative or null for any number.</param>
    /// <param name="withinTimeRange">The range; null for ever.</param>
    /// <param name="localOnlyDecider">Decides by the exception.</param>
    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
        : this(maxNrOfRetries, withinTimeRange, new LocalOnlyDecider(localOnlyDecider)) { }

    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider)
        : this(
            maxNrOfRetries ?? -1,
            withinTimeRange is { } range && range != Timeout.InfiniteTimeSpan ? (int)range.TotalMilliseconds : -1,
            decider)
    { }

    public OneForOneStrategy(
        int maxNrOfRetries, int withinTimeMilliseconds, Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : this(maxNrOfRetries, withinTimeMilliseconds, new LocalOnlyDecider(localOnlyDecider), loggingEnabled) { }

    public OneForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, IDecider decider, bool loggingEnabled = true)
    {
        MaxNumberOfRetries = maxNrOfRetries;
        WithinTimeRangeMilliseconds = withinTimeMilliseconds;
        Decider = decider;
        LoggingEnabled = loggingEnabled;
    }

    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider) : this(-1, -1, localOnlyDecider) { }

    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : this(-1, -1, localOnlyDecider, loggingEnabled) { }

    public OneForOneStrategy(IDecider decider) : this(-1, -1, decider) { }

    public override IDecider Decider { get; }

    public int MaxNumberOfRetries { get; }

    public int WithinTimeRangeMilliseconds { get; }

    public OneForOneStrategy WithMaxNrOfRetries(int maxNrOfRetries) =>
        new(maxNrOfRetries, WithinTimeRangeMilliseconds, Decider, LoggingEnabled);

    public bool Equals(OneForOneStrategy? other) =>
        other is not null && MaxNumberOfRetries == other.MaxNumberOfRetries
        && WithinTimeRangeMilliseconds == other.WithinTimeRangeMilliseconds && Equals(Decider, other.Decider);

    public override bool Equals(object? obj) => Equals(obj as OneForOneStrategy);

    public override int GetHashCode() => HashCode.Combine(MaxNumberOfRetries, WithinTimeRangeMilliseconds, Decider);

    protected override Directive Handle(IActorRef child, Exception exception) => Decider.Decide(exception);

    internal override bool MayRestart(RestartStatistics statistics, TimerQueue clock) =>
        statistics.RequestPermission(MaxNumberOfRetries, WithinTimeRangeMilliseconds, clock);
}

/// <summary>How often a child has been restarted lately.</summary>
internal sealed class RestartStatistics
{
    private int _restarts;
    private long? _windowStart;

    public bool RequestPermission(int maxRetries, int windowMilliseconds, TimerQueue clock)
    {
        if (maxRetries == 0)
            return false;
        if (windowMilliseconds <= 0)
            return maxRetries < 0 || ++_restarts <= maxRetries;
        var start = _windowStart ??= clock.Now;
        if (clock.Elapsed(start).TotalMilliseconds <= windowMilliseconds)
            return ++_restarts <= (maxRetries < 0 ? 1 : maxRetries);
        _restarts = 1;
        _windowStart = clock.Now;
        return true;
    }
}
