using System.Collections;
using System.Collections.Immutable;
using Akka.Cluster;
using Akka.DistributedData.Causal;
using Akka.DistributedData.Replication;

namespace Akka.DistributedData;

/// <summary>Creates sets.</summary>
public static class ORSet
{
    public static ORSet<T> Create<T>(UniqueAddress node, T element)
        where T : notnull => ORSet<T>.Empty.Add(node, element);

    public static ORSet<T> Create<T>(params KeyValuePair<UniqueAddress, T>[] elements)
        where T : notnull => Create((IEnumerable<KeyValuePair<UniqueAddress, T>>)elements);

    public static ORSet<T> Create<T>(IEnumerable<KeyValuePair<UniqueAddress, T>> elements)
        where T : notnull => elements.Aggregate(ORSet<T>.Empty, static (set, element) => set.Add(element.Key, element.Value));
}

/// <summary>The key of an <see cref="ORSet{T}"/>.</summary>
public sealed class ORSetKey<T>(string id) : Key<ORSet<T>>(id)
    where T : notnull;

/// <summary>
/// A set in which every node may add and remove. A removal removes the additions that the node has seen: of an addition and a removal at the
/// same time, the addition wins. Immutable.
/// </summary>
public sealed class ORSet<T>
    : IDeltaReplicatedData<ORSet<T>, ORSet<T>.IDeltaOperation>, IRemovedNodePruning<ORSet<T>>, IReplicatedDataSerialization,
        IEquatable<ORSet<T>>, IEnumerable<T>, IFingerprinted, IDerived, ISized
    where T : notnull
{
    public static readonly ORSet<T> Empty = new(CausalMap<T, Unit, Unit>.Empty);

    public ORSet() : this(CausalMap<T, Unit, Unit>.Empty)
    {
    }

    /// <param name="elementsMap">The elements with the additions, by node, that put them there.</param>
    /// <param name="versionVector">All additions of all nodes so far.</param>
    public ORSet(ImmutableDictionary<T, VersionVector> elementsMap, VersionVector versionVector)
        : this(CausalMap<T, Unit, Unit>.Of(
            elementsMap.ToImmutableDictionary(static e => e.Key, static e => CellOf(e.Value)), CausalContext.Of(versionVector, [])))
    {
    }

    internal ORSet(CausalMap<T, Unit, Unit> map) => Map = map;

    /// <summary>A change of a set.</summary>
    public interface IDeltaOperation : IRequireCausualDeliveryOfDeltas, IReplicatedDataSerialization, IEquatable<IDeltaOperation>;

    public int Count => Map.Entries.Count;

    public bool IsEmpty => Map.Entries.IsEmpty;

    /// <summary>A copy of the elements; made anew each time, where enumerating the set itself makes none.</summary>
    public IImmutableSet<T> Elements => Map.Entries.Keys.ToImmutableHashSet();

    public ImmutableHashSet<UniqueAddress> ModifiedByNodes => Map.Seen.Vector.ModifiedByNodes;

    public IDeltaOperation? Delta => Map.Delta is null ? null : new DeltaOperation(Map.Delta);

    IReplicatedDelta? IDeltaReplicatedData.Delta => Delta;

    internal CausalMap<T, Unit, Unit> Map { get; }

    ulong IFingerprinted.Fingerprint => Map.Fingerprint;

    public bool Contains(T elem) => Map.Entries.ContainsKey(elem);

    public ORSet<T> Add(Cluster.Cluster cluster, T element) => Add(cluster.SelfUniqueAddress, element);

    public ORSet<T> Add(UniqueAddress node, T element) => new(Map.Set(node, element, default));

    public ORSet<T> Remove(Cluster.Cluster node, T element) => Remove(node.SelfUniqueAddress, element);

    public ORSet<T> Remove(UniqueAddress node, T element) => With(Map.Remove(element));

    public ORSet<T> Clear(Cluster.Cluster node) => Clear(node.SelfUniqueAddress);

    public ORSet<T> Clear(UniqueAddress node) => With(Map.Clear());

    public ORSet<T> Merge(ORSet<T> other) => With(Map.Merge(other.Map));

    public ORSet<T> MergeDelta(IDeltaOperation delta) => With(Map.Apply(((DeltaOperation)delta).Changes));

    public ORSet<T> ResetDelta() => With(Map.WithoutDelta());

    public bool NeedPruningFrom(UniqueAddress removedNode) => Map.Seen.HasSeen(removedNode);

    public ORSet<T> Prune(UniqueAddress removedNode, UniqueAddress collapseInto) => With(Map.Prune(removedNode, collapseInto, null));

    public ORSet<T> PruningCleanup(UniqueAddress removedNode) => NeedPruningFrom(removedNode) ? With(Map.Forget(removedNode, null)) : this;

    public bool Equals(ORSet<T>? other) => other is not null && Map.ContentEquals(other.Map);

    public override bool Equals(object? obj) => Equals(obj as ORSet<T>);

    public override int GetHashCode() => Map.Fingerprint.GetHashCode();

    public IEnumerator<T> GetEnumerator() => Map.Entries.Keys.GetEnumerator();

    public override string ToString() => $"ORSet({Count} elements)";

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    IReplicatedData IReplicatedData.Merge(IReplicatedData other) => Merge((ORSet<T>)other);

    IReplicatedData IDeltaReplicatedData.MergeDelta(IReplicatedDelta delta) => MergeDelta((IDeltaOperation)delta);

    IReplicatedData IDeltaReplicatedData.ResetDelta() => ResetDelta();

    IReplicatedData IRemovedNodePruning.Prune(UniqueAddress removedNode, UniqueAddress collapseInto) => Prune(removedNode, collapseInto);

    IReplicatedData IRemovedNodePruning.PruningCleanup(UniqueAddress removedNode) => PruningCleanup(removedNode);

    bool IDerived.DerivesFrom(IReplicatedData original) => original is ORSet<T> set && Map.DerivesFrom(set.Map);

    private static Cell<Unit> CellOf(VersionVector additions)
    {
        var writes = new Write<Unit>[additions.Count];
        for (var i = 0; i < writes.Length; i++)
            writes[i] = new(additions.Nodes[i], additions.Versions[i], default);
        return Cell<Unit>.Of<Unit>(writes);
    }

    private ORSet<T> With(CausalMap<T, Unit, Unit> map) => ReferenceEquals(map, Map) ? this : new(map);

    /// <summary>The one kind of change that there is.</summary>
    internal sealed class DeltaOperation(CausalDelta<T, Unit> changes) : IDeltaOperation, IReplicatedDeltaSize, IMergeableDelta
    {
        public CausalDelta<T, Unit> Changes => changes;

        public int DeltaSize => changes.Count;

        public IDeltaReplicatedData Zero => Empty;

        public IReplicatedData Merge(IReplicatedData other) => MergeAll([this, (DeltaOperation)other]);

        public IReplicatedDelta MergeAll(IReadOnlyList<IReplicatedDelta> deltas) =>
            new DeltaOperation(CausalDelta<T, Unit>.Merge(deltas.Select(static delta => ((DeltaOperation)delta).Changes)));

        public bool Equals(IDeltaOperation? other) => other is DeltaOperation delta && Empty.MergeDelta(this).Equals(Empty.MergeDelta(delta));

        public override bool Equals(object? obj) => Equals(obj as IDeltaOperation);

        public override int GetHashCode() => changes.Count;
    }
}

/// <summary>What an element of a set holds besides itself: nothing.</summary>
internal readonly struct Unit : IJoin<Unit>
{
    public static Unit Join(Unit left, Unit right) => default;
}
