using System.Collections.Immutable;
using System.Numerics;
using Akka.Cluster;

namespace Akka.DistributedData;

/// <summary>The key of a <see cref="PNCounter"/>.</summary>
public sealed class PNCounterKey(string id) : Key<PNCounter>(id);

/// <summary>A counter: one <see cref="GCounter"/> of what was added, another of what was taken away. Immutable.</summary>
public sealed class PNCounter
    : IDeltaReplicatedData<PNCounter, PNCounter>, IReplicatedDelta, IRemovedNodePruning<PNCounter>, IReplicatedDataSerialization,
        IEquatable<PNCounter>, IFingerprinted, IDerived
{
    public static readonly PNCounter Empty = new();

    private readonly PNCounter? _origin;

    public PNCounter() : this(GCounter.Empty, GCounter.Empty)
    {
    }

    public PNCounter(GCounter increments, GCounter decrements) : this(increments, decrements, null)
    {
    }

    private PNCounter(GCounter increments, GCounter decrements, PNCounter? origin) =>
        (Increments, Decrements, _origin) = (increments, decrements, origin);

    public BigInteger Value => new BigInteger(Increments.Value) - Decrements.Value;

    public GCounter Increments { get; }

    public GCounter Decrements { get; }

    public ImmutableHashSet<UniqueAddress> ModifiedByNodes => Increments.ModifiedByNodes.Union(Decrements.ModifiedByNodes);

    public PNCounter? Delta => Increments.Delta is null && Decrements.Delta is null
        ? null
        : new(Increments.Delta ?? GCounter.Empty, Decrements.Delta ?? GCounter.Empty);

    IReplicatedDelta? IDeltaReplicatedData.Delta => Delta;

    IDeltaReplicatedData IReplicatedDelta.Zero => Empty;

    ulong IFingerprinted.Fingerprint => Increments.Fingerprint + Fingerprints.Mix(Decrements.Fingerprint);

    public PNCounter Increment(Cluster.Cluster node, long delta = 1) => Increment(node.SelfUniqueAddress, delta);

    /// <summary>Adds; a negative number is taken away.</summary>
    public PNCounter Increment(UniqueAddress address, long delta = 1) => Change(address, delta);

    public PNCounter Decrement(Cluster.Cluster node, long delta = 1) => Decrement(node.SelfUniqueAddress, delta);

    /// <summary>Takes away; a negative number is added.</summary>
    public PNCounter Decrement(UniqueAddress address, long delta = 1) => Change(address, -(BigInteger)delta);

    public PNCounter Merge(PNCounter other) => new(Increments.Merge(other.Increments), Decrements.Merge(other.Decrements));

    public PNCounter MergeDelta(PNCounter delta) => Merge(delta);

    public PNCounter ResetDelta() => _origin is null && Delta is null ? this : new(Increments.ResetDelta(), Decrements.ResetDelta());

    public bool NeedPruningFrom(UniqueAddress removedNode) =>
        Increments.NeedPruningFrom(removedNode) || Decrements.NeedPruningFrom(removedNode);

    public PNCounter Prune(UniqueAddress removedNode, UniqueAddress collapseInto) =>
        new(Increments.Prune(removedNode, collapseInto), Decrements.Prune(removedNode, collapseInto), _origin ?? this);

    public PNCounter PruningCleanup(UniqueAddress removedNode) =>
        NeedPruningFrom(removedNode) ? new(Increments.PruningCleanup(removedNode), Decrements.PruningCleanup(removedNode)) : this;

    public bool Equals(PNCounter? other) =>
        other is not null && Increments.Equals(other.Increments) && Decrements.Equals(other.Decrements);

    public override bool Equals(object? obj) => Equals(obj as PNCounter);

    public override int GetHashCode() => HashCode.Combine(Increments, Decrements);

    public override string ToString() => $"PNCounter({Value})";

    IReplicatedData IReplicatedData.Merge(IReplicatedData other) => Merge((PNCounter)other);

    IReplicatedData IDeltaReplicatedData.MergeDelta(IReplicatedDelta delta) => MergeDelta((PNCounter)delta);

    IReplicatedData IDeltaReplicatedData.ResetDelta() => ResetDelta();

    IReplicatedData IRemovedNodePruning.Prune(UniqueAddress removedNode, UniqueAddress collapseInto) => Prune(removedNode, collapseInto);

    IReplicatedData IRemovedNodePruning.PruningCleanup(UniqueAddress removedNode) => PruningCleanup(removedNode);

    bool IDerived.DerivesFrom(IReplicatedData original) => ReferenceEquals(this, original) || ReferenceEquals(_origin, original);

    private PNCounter Change(UniqueAddress node, BigInteger by) => by.Sign switch
    {
        0 => this,
        > 0 => new(Increments.Increment(node, (ulong)by), Decrements, _origin ?? this),
        _ => new(Increments, Decrements.Increment(node, (ulong)-by), _origin ?? this),
    };
}
