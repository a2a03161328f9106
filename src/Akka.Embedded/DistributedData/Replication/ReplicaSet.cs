using Akka.Cluster;

namespace Akka.DistributedData.Replication;

/// <summary>What has happened to a node that has a replicator.</summary>
internal abstract record MembershipChange(UniqueAddress Node)
{
    /// <summary>It is there, but is not one of those that majorities are made of yet.</summary>
    internal sealed record Joining(UniqueAddress Node) : MembershipChange(Node);

    /// <param name="Node">The node.</param>
    /// <param name="Age">Lower is older.</param>
    internal sealed record Up(UniqueAddress Node, int Age) : MembershipChange(Node);

    internal sealed record Removed(UniqueAddress Node) : MembershipChange(Node);

    internal sealed record Unreachable(UniqueAddress Node) : MembershipChange(Node);

    internal sealed record Reachable(UniqueAddress Node) : MembershipChange(Node);
}

/// <summary>The nodes that have a replicator, as this one knows them.</summary>
internal sealed class ReplicaSet(UniqueAddress self)
{
    private readonly SortedDictionary<UniqueAddress, int> _up = [];
    private readonly SortedSet<UniqueAddress> _joining = [];
    private readonly SortedSet<UniqueAddress> _unreachable = [];
    private long _clock;
    private long _lastTime;

    public UniqueAddress Self => self;

    /// <summary>The other nodes that are up.</summary>
    public IReadOnlyCollection<UniqueAddress> Up => _up.Keys;

    /// <summary>All other nodes.</summary>
    public IEnumerable<UniqueAddress> Peers => _up.Keys.Concat(_joining);

    public IEnumerable<UniqueAddress> ReachablePeers => Peers.Where(node => !_unreachable.Contains(node));

    public bool HasPeers => _up.Count + _joining.Count > 0;

    public bool AllReachable => _unreachable.Count == 0;

    /// <summary>When nodes were removed, by <see cref="Clock"/>.</summary>
    public SortedDictionary<UniqueAddress, long> Removed { get; } = [];

    /// <summary>The first of all by address: of nodes that know each other, only one.</summary>
    public bool IsFirst => _up.Count == 0 || self.CompareTo(_up.Keys.First()) < 0;

    public bool IsReachable(UniqueAddress node) => !_unreachable.Contains(node);

    public bool Knows(UniqueAddress node) => node.Equals(self) || _up.ContainsKey(node) || _joining.Contains(node);

    /// <summary>The other nodes that are up, the oldest first.</summary>
    public IEnumerable<UniqueAddress> OldestFirst() => _up.OrderBy(static node => node.Value).Select(static node => node.Key);

    /// <summary>The time during which all nodes were reachable, in ticks: only that counts for how far something has spread.</summary>
    /// <param name="now">Of the system's monotonic clock, in ticks.</param>
    public long Clock(long now)
    {
        if (AllReachable)
            _clock += now - _lastTime;
        _lastTime = now;
        return _clock;
    }

    /// <summary>The node is begun to be told of again, as after a restart of the replicator.</summary>
    public void Reset(long now)
    {
        Clock(now);
        _up.Clear();
        _joining.Clear();
        _unreachable.Clear();
    }

    /// <param name="change">What has happened to another node.</param>
    /// <param name="now">Of the system's monotonic clock, in ticks.</param>
    public void Apply(MembershipChange change, long now)
    {
        var clock = Clock(now);
        var node = change.Node;
        switch (change)
        {
            case MembershipChange.Joining:
                if (!_up.ContainsKey(node))
                    _joining.Add(node);
                Removed.Remove(node);
                break;
            case MembershipChange.Up up:
                _joining.Remove(node);
                _up[node] = up.Age;
                Removed.Remove(node);
                break;
            case MembershipChange.Removed:
                _joining.Remove(node);
                _up.Remove(node);
                _unreachable.Remove(node);
                Removed[node] = clock;
                break;
            case MembershipChange.Unreachable:
                if (Knows(node))
                    _unreachable.Add(node);
                break;
            case MembershipChange.Reachable:
                _unreachable.Remove(node);
                break;
        }
    }
}

/// <summary>Goes through nodes in a random order, and then through them again in another: each comes once in a round.</summary>
internal sealed class Rotation(Random random)
{
    private readonly Queue<UniqueAddress> _left = new();

    /// <returns>Null if there is none.</returns>
    public UniqueAddress? Next(IEnumerable<UniqueAddress> nodes)
    {
        var all = nodes.ToArray();
        while (_left.TryDequeue(out var next))
        {
            if (all.Contains(next))
                return next;
        }

        if (all.Length == 0)
            return null;
        random.Shuffle(all);
        foreach (var node in all)
            _left.Enqueue(node);
        return _left.Dequeue();
    }
}
