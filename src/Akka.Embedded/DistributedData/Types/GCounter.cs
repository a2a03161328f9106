using System.Collections.Immutable;
using Akka.Cluster;

namespace Akka.DistributedData;

/// <summary>The key of a <see cref="GCounter"/>.</summary>
public sealed class GCounterKey(string id) : Key<GCounter>(id);

/// <summary>A counter that only grows: each node has a count of its own, and the value is their sum. Immutable.</summary>
public sealed class GCounter
    : IDeltaReplicatedData<GCounter, GCounter>, IReplicatedDelta, IRemovedNodePruning<GCounter>, IReplicatedDataSerialization,
        IEquatable<GCounter>, IFingerprinted, IDerived
{
    private readonly GCounter? _origin;

    public GCounter() : this([], null, null)
    {
    }

    internal GCounter(ImmutableDictionary<UniqueAddress, ulong> state) : this(state, null, null)
    {
    }

    private GCounter(ImmutableDictionary<UniqueAddress, ulong> state, GCounter? delta, GCounter? origin) =>
        (State, Delta, _origin) = (state, delta, origin);

    public static GCounter Empty { get; } = new();

    /// <exception cref="OverflowException">It doesn't fit.</exception>
    public ulong Value => State.Values.Aggregate(0UL, static (sum, count) => checked(sum + count));

    public ImmutableDictionary<UniqueAddress, ulong> State { get; }

    public ImmutableHashSet<UniqueAddress> ModifiedByNodes => [.. State.Keys];

    /// <summary>The new counts of the nodes that have counted.</summary>
    public GCounter? Delta { get; }

    IReplicatedDelta? IDeltaReplicatedData.Delta => Delta;

    IDeltaReplicatedData IReplicatedDelta.Zero => Empty;

    ulong IFingerprinted.Fingerprint => Fingerprint;

    internal ulong Fingerprint
    {
        get
        {
            var sum = 0UL;
            foreach (var (node, count) in State)
                sum += Fingerprints.Of(node, count);
            return sum;
        }
    }

    public GCounter Increment(Cluster.Cluster node, ulong delta = 1) => Increment(node.SelfUniqueAddress, delta);

    /// <exception cref="OverflowException">The node's count doesn't fit.</exception>
    public GCounter Increment(UniqueAddress node, ulong n = 1)
    {
        if (n == 0)
            return this;
        var count = checked(State.GetValueOrDefault(node) + n);
        var delta = new GCounter((Delta?.State ?? []).SetItem(node, count));
        return new(State.SetItem(node, count), delta, _origin ?? this);
    }

    public GCounter Merge(GCounter other)
    {
        var (into, from) = State.Count >= other.State.Count ? (State, other.State) : (other.State, State);
        foreach (var (node, count) in from)
        {
            if (count > into.GetValueOrDefault(node))
                into = into.SetItem(node, count);
        }

        return ReferenceEquals(into, State) ? ResetDelta() : new(into);
    }

    public GCounter MergeDelta(GCounter delta) => Merge(delta);

    public GCounter ResetDelta() => Delta is null && _origin is null ? this : new(State);

    public bool NeedPruningFrom(UniqueAddress removedNode) => State.ContainsKey(removedNode);

    public GCounter Prune(UniqueAddress removedNode, UniqueAddress collapseInto) =>
        State.TryGetValue(removedNode, out var count) ? PruningCleanup(removedNode).Increment(collapseInto, count) : this;

    public GCounter PruningCleanup(UniqueAddress removedNode) => NeedPruningFrom(removedNode) ? new(State.Remove(removedNode)) : this;

    public bool Equals(GCounter? other) =>
        other is not null && (ReferenceEquals(State, other.State) || (State.Count == other.State.Count
            && State.All(own => other.State.TryGetValue(own.Key, out var count) && count == own.Value)));

    public override bool Equals(object? obj) => Equals(obj as GCounter);

    public override int GetHashCode() => Fingerprint.GetHashCode();

    public override string ToString() => $"GCounter({Value})";

    IReplicatedData IReplicatedData.Merge(IReplicatedData other) => Merge((GCounter)other);

    IReplicatedData IDeltaReplicatedData.MergeDelta(IReplicatedDelta delta) => MergeDelta((GCounter)delta);

    IReplicatedData IDeltaReplicatedData.ResetDelta() => ResetDelta();

    IReplicatedData IRemovedNodePruning.Prune(UniqueAddress removedNode, UniqueAddress collapseInto) => Prune(removedNode, collapseInto);

    IReplicatedData IRemovedNodePruning.PruningCleanup(UniqueAddress removedNode) => PruningCleanup(removedNode);

    bool IDerived.DerivesFrom(IReplicatedData original) => ReferenceEquals(this, original) || ReferenceEquals(_origin, original);

    public static implicit operator ulong(GCounter counter) => counter.Value;
}
