namespace Akka.Cluster.SBR;

/// <summary>Waits until nothing has changed for a while, then decides. Touched by the daemon only.</summary>
internal sealed class SplitBrainResolver
{
    // Members don't notice at once that another one is gone; that isn't to be taken for an unstable network.
    private static readonly TimeSpan LeastUnstable = TimeSpan.FromSeconds(4);

    private readonly SplitBrainStrategy? _strategy;
    private readonly TimeSpan _stableAfter;
    private readonly TimeSpan? _downAllAfter;
    private TimeSpan _lastChange;
    private TimeSpan? _unreachableSince;

    public SplitBrainResolver(ClusterSetup setup)
    {
        _strategy = setup.SplitBrainResolver;
        _stableAfter = setup.StableAfter;
        var unstable = setup.DownAllWhenUnstable ?? TimeSpan.FromTicks(Math.Max(LeastUnstable.Ticks, setup.StableAfter.Ticks * 3 / 4));
        _downAllAfter = unstable == Timeout.InfiniteTimeSpan ? null : setup.StableAfter + unstable;
    }

    /// <summary>
    /// The state has changed. It counts if members, or which of them can't be reached, have changed, and if somebody reaches one again. That
    /// another one finds a member unreachable too doesn't: they never all notice at once.
    /// </summary>
    public void Update(MembershipState before, MembershipState state, TimeSpan now)
    {
        if (before.IsSameMembership(state) && !before.Reachability.Records.Except(state.Reachability.Records).Any())
            return;
        if (_unreachableSince is not null && now - _lastChange >= _stableAfter * 2)
            _unreachableSince = null;
        _lastChange = now;
        if (Partition.Of(state).Unreachable.IsEmpty)
            _unreachableSince = null;
        else
            _unreachableSince ??= now;
    }

    /// <summary>This node stood still: what it knows is old, and what it has not heard yet may change it.</summary>
    public void Postpone(TimeSpan now)
    {
        _lastChange = now;
        if (_unreachableSince is not null)
            _unreachableSince = now;
    }

    /// <summary>Who is to be downed now; null while that isn't clear, or nobody is.</summary>
    public DowningDecision? Decide(MembershipState state, TimeSpan now)
    {
        if (_strategy is null || _unreachableSince is not { } since || state.SelfMember is null)
            return null;
        var partition = Partition.Of(state);
        if (now - _lastChange >= _stableAfter)
            return DowningDecision.Of(_strategy, partition);
        return _downAllAfter is { } limit && now - since >= limit
            ? DowningDecision.All(partition, $"members became unreachable and reachable for {limit} without a pause of {_stableAfter}")
            : null;
    }
}
