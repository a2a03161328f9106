using System.Collections.Immutable;

namespace Akka.Cluster;

/// <summary>Which of the members that this node watches answer its heartbeats. Touched by the daemon only.</summary>
internal sealed class Heartbeats(UniqueAddress self, ClusterSetup setup)
{
    private readonly SortedDictionary<UniqueAddress, Watched> _watched = [];

    /// <summary>Who gets heartbeats.</summary>
    public IReadOnlyCollection<UniqueAddress> Watching => _watched.Keys;

    /// <summary>The members, or who reaches whom, have changed.</summary>
    public void Update(MembershipState state)
    {
        // Of nodes that this one has found unreachable it must be known when they are back, whoever stands in the ring by then.
        var own = state.Gossip.Reachability.UnreachableFrom(self);
        var watched = HeartbeatRing.WatchedBy(self, state.Members.Keys, state.Reachability.Unreachable, setup.MonitoredByNrOfMembers).Union(own.Keys);
        foreach (var gone in _watched.Keys.Where(node => !watched.Contains(node)).ToList())
            _watched.Remove(gone);
        foreach (var node in watched)
            _watched.TryAdd(node, new Watched());
    }

    /// <summary>A heartbeat is about to be sent to all.</summary>
    public void Sent(TimeSpan now)
    {
        foreach (var watched in _watched.Values)
            watched.FirstExpected ??= now + setup.HeartbeatExpectedResponseAfter;
    }

    /// <summary>A node can't be connected to, because nothing listens where it did: it is taken for unreachable at once, until it
    /// answers. That is no more than a suspicion, as silence is: a firewall may refuse for it.</summary>
    public void Refused(UniqueAddress node)
    {
        if (_watched.TryGetValue(node, out var watched))
            watched.IsRefused = true;
    }

    /// <summary>A node has answered.</summary>
    public void Answered(UniqueAddress node, TimeSpan now)
    {
        if (!_watched.TryGetValue(node, out var watched))
            return;
        (watched.WasForgiven, watched.IsRefused) = (false, false);
        if (watched.Detector is null)
            watched.Detector = new PhiAccrualFailureDetector(setup, now);
        else
            watched.Detector.Heartbeat(now);
    }

    /// <summary>
    /// This node stood still: the silence of those that it reached before doesn't count. Whoever has not answered since the last time is not
    /// forgiven again: a node that stands still all the time would else never notice anything.
    /// </summary>
    public void Forgive(Reachability reachability, TimeSpan now)
    {
        foreach (var (node, watched) in _watched)
        {
            if (watched.WasForgiven || !reachability.IsReachable(self, node))
                continue;
            watched.WasForgiven = true;
            watched.Detector?.Forgive(now);
            if (watched.Detector is null)
                watched.FirstExpected = now + setup.HeartbeatExpectedResponseAfter;
        }
    }

    /// <summary>What this node observes now, put into what was known.</summary>
    public Reachability Observe(Reachability reachability, TimeSpan now)
    {
        foreach (var (node, watched) in _watched)
        {
            // Who never answered is taken to have done so once, when it should have: its silence counts from then.
            if (watched.Detector is null && watched.FirstExpected <= now)
                watched.Detector = new PhiAccrualFailureDetector(setup, now);
            if (watched.IsRefused || watched.Detector?.IsAvailable(now) == false)
                reachability = reachability.With(self, node, Unreachability.Silent);
            else if (watched.Detector is not null)
                reachability = reachability.Without(self, node);
        }

        return reachability;
    }

    private sealed class Watched
    {
        public PhiAccrualFailureDetector? Detector { get; set; }

        /// <summary>When an answer is due for the first time; null before the first heartbeat.</summary>
        public TimeSpan? FirstExpected { get; set; }

        public bool WasForgiven { get; set; }

        /// <summary>Nothing listened where it should be, and it hasn't answered since.</summary>
        public bool IsRefused { get; set; }
    }
}
