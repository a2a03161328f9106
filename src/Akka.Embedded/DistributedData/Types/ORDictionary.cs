using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Akka.Cluster;
using Akka.DistributedData.Causal;
using Akka.DistributedData.Replication;

namespace Akka.DistributedData;

/// <summary>Creates dictionaries.</summary>
public static class ORDictionary
{
    public static ORDictionary<TKey, TValue> Create<TKey, TValue>(UniqueAddress node, TKey key, TValue value)
        where TKey : notnull
        where TValue : IReplicatedData<TValue> => ORDictionary<TKey, TValue>.Empty.SetItem(node, key, value);

    public static ORDictionary<TKey, TValue> Create<TKey, TValue>(params (UniqueAddress Node, TKey Key, TValue Value)[] elements)
        where TKey : notnull
        where TValue : IReplicatedData<TValue> => Create((IEnumerable<(UniqueAddress, TKey, TValue)>)elements);

    public static ORDictionary<TKey, TValue> Create<TKey, TValue>(IEnumerable<(UniqueAddress Node, TKey Key, TValue Value)> elements)
        where TKey : notnull
        where TValue : IReplicatedData<TValue> =>
        elements.Aggregate(ORDictionary<TKey, TValue>.Empty, static (all, e) => all.SetItem(e.Node, e.Key, e.Value));
}

/// <summary>The key of an <see cref="ORDictionary{TKey,TValue}"/>.</summary>
public sealed class ORDictionaryKey<TKey, TValue>(string id) : Key<ORDictionary<TKey, TValue>>(id)
    where TKey : notnull
    where TValue : IReplicatedData<TValue>;

/// <summary>
/// A dictionary whose values are replicated data. Values that were written to a key at the same time are merged. A removal removes what the
/// node has seen: of a write and a removal at the same time, the write wins. Immutable.
/// </summary>
/// <remarks>A key that was removed and set again has nothing left of its earlier value, where Akka.NET may bring some of it back.</remarks>
public sealed class ORDictionary<TKey, TValue>
    : IDeltaReplicatedData<ORDictionary<TKey, TValue>, ORDictionary<TKey, TValue>.IDeltaOperation>,
        IRemovedNodePruning<ORDictionary<TKey, TValue>>, IReplicatedDataSerialization, IEquatable<ORDictionary<TKey, TValue>>,
        IEnumerable<KeyValuePair<TKey, TValue>>, IFingerprinted, IDerived, ISized
    where TKey : notnull
    where TValue : IReplicatedData<TValue>
{
    public static readonly ORDictionary<TKey, TValue> Empty = new(CausalMap<TKey, TValue, Joined>.Empty);

    // Values that know no nodes are never looked at when one is removed.
    private static readonly bool ValuesNeedPruning = typeof(TValue).IsAssignableTo(typeof(IRemovedNodePruning));

    /// <param name="keySet">The keys.</param>
    /// <param name="valueMap">The value of each key.</param>
    public ORDictionary(ORSet<TKey> keySet, IImmutableDictionary<TKey, TValue> valueMap)
        : this(CausalMap<TKey, TValue, Joined>.Of(
            keySet.Map.Entries.ToImmutableDictionary(
                static e => e.Key,
                e => Cell<TValue>.Of<Joined>([.. e.Value.Writes().Select(w => new Write<TValue>(w.Node, w.Version, valueMap[e.Key]))])),
            keySet.Map.Seen))
    {
    }

    internal ORDictionary(CausalMap<TKey, TValue, Joined> map) => Map = map;

    /// <summary>A change of a dictionary.</summary>
    public interface IDeltaOperation : IRequireCausualDeliveryOfDeltas, IReplicatedDataSerialization, IEquatable<IDeltaOperation>;

    public int Count => Map.Entries.Count;

    public bool IsEmpty => Map.Entries.IsEmpty;

    /// <summary>A copy of the entries; made anew each time, where enumerating the dictionary itself makes none.</summary>
    public IImmutableDictionary<TKey, TValue> Entries => this.ToImmutableDictionary();

    public IEnumerable<TKey> Keys => Map.Entries.Keys;

    public IEnumerable<TValue> Values => Map.Entries.Select(static e => e.Value.Value);

    public ImmutableHashSet<UniqueAddress> ModifiedByNodes
    {
        get
        {
            var nodes = Map.Seen.Vector.ModifiedByNodes;
            return ValuesNeedPruning
                ? nodes.Union(Values.SelectMany(static value => ((IRemovedNodePruning)value).ModifiedByNodes))
                : nodes;
        }
    }

    public IDeltaOperation? Delta => Map.Delta is null ? null : new DeltaOperation(Map.Delta);

    IReplicatedDelta? IDeltaReplicatedData.Delta => Delta;

    internal CausalMap<TKey, TValue, Joined> Map { get; }

    ulong IFingerprinted.Fingerprint => Map.Fingerprint;

    /// <exception cref="KeyNotFoundException">There is no such key.</exception>
    public TValue this[TKey key] => Map.Entries[key].Value;

    public bool ContainsKey(TKey key) => Map.Entries.ContainsKey(key);

    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        var found = Map.Entries.TryGetValue(key, out var cell);
        value = found ? cell.Value : default;
        return found;
    }

    public ORDictionary<TKey, TValue> SetItem(Cluster.Cluster node, TKey key, TValue value) => SetItem(node.SelfUniqueAddress, key, value);

    /// <summary>Replaces the value. What other nodes write at the same time is merged into it.</summary>
    public ORDictionary<TKey, TValue> SetItem(UniqueAddress node, TKey key, TValue value) => new(Map.Set(node, key, value));

    /// <inheritdoc cref="AddOrUpdate(UniqueAddress,TKey,TValue,Func{TValue,TValue})"/>
    public ORDictionary<TKey, TValue> AddOrUpdate(Cluster.Cluster node, TKey key, TValue initial, Func<TValue, TValue> modify) =>
        AddOrUpdate(node.SelfUniqueAddress, key, initial, modify);

    /// <summary>Changes the value of a key.</summary>
    /// <param name="node">Who changes it.</param>
    /// <param name="key">The key.</param>
    /// <param name="initial">What is changed if there is no such key.</param>
    /// <param name="modify">The change.</param>
    public ORDictionary<TKey, TValue> AddOrUpdate(UniqueAddress node, TKey key, TValue initial, Func<TValue, TValue> modify)
    {
        var value = modify(TryGetValue(key, out var current) ? current : initial);
        return SetItem(node, key, value is IDeltaReplicatedData delta ? (TValue)delta.ResetDelta() : value);
    }

    public ORDictionary<TKey, TValue> Remove(Cluster.Cluster node, TKey key) => Remove(node.SelfUniqueAddress, key);

    public ORDictionary<TKey, TValue> Remove(UniqueAddress node, TKey key) => With(Map.Remove(key));

    public ORDictionary<TKey, TValue> Merge(ORDictionary<TKey, TValue> other) => With(Map.Merge(other.Map));

    public ORDictionary<TKey, TValue> MergeDelta(IDeltaOperation delta) => With(Map.Apply(((DeltaOperation)delta).Changes));

    public ORDictionary<TKey, TValue> ResetDelta() => With(Map.WithoutDelta());

    public bool NeedPruningFrom(UniqueAddress removedNode) =>
        Map.Seen.HasSeen(removedNode)
        || (ValuesNeedPruning && Values.Any(value => ((IRemovedNodePruning)value).NeedPruningFrom(removedNode)));

    public ORDictionary<TKey, TValue> Prune(UniqueAddress removedNode, UniqueAddress collapseInto) =>
        With(Map.Prune(removedNode, collapseInto, ValuesNeedPruning ? value => Pruned(value, removedNode, collapseInto) : null));

    public ORDictionary<TKey, TValue> PruningCleanup(UniqueAddress removedNode) =>
        NeedPruningFrom(removedNode) ? With(Map.Forget(removedNode, ValuesNeedPruning ? value => CleanedUp(value, removedNode) : null)) : this;

    public bool Equals(ORDictionary<TKey, TValue>? other) => other is not null && Map.ContentEquals(other.Map);

    public override bool Equals(object? obj) => Equals(obj as ORDictionary<TKey, TValue>);

    public override int GetHashCode() => Map.Fingerprint.GetHashCode();

    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator()
    {
        foreach (var (key, cell) in Map.Entries)
            yield return KeyValuePair.Create(key, cell.Value);
    }

    public override string ToString() => $"ORDictionary({Count} entries)";

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    IReplicatedData IReplicatedData.Merge(IReplicatedData other) => Merge((ORDictionary<TKey, TValue>)other);

    IReplicatedData IDeltaReplicatedData.MergeDelta(IReplicatedDelta delta) => MergeDelta((IDeltaOperation)delta);

    IReplicatedData IDeltaReplicatedData.ResetDelta() => ResetDelta();

    IReplicatedData IRemovedNodePruning.Prune(UniqueAddress removedNode, UniqueAddress collapseInto) => Prune(removedNode, collapseInto);

    IReplicatedData IRemovedNodePruning.PruningCleanup(UniqueAddress removedNode) => PruningCleanup(removedNode);

    bool IDerived.DerivesFrom(IReplicatedData original) =>
        original is ORDictionary<TKey, TValue> dictionary && Map.DerivesFrom(dictionary.Map);

    private static TValue Pruned(TValue value, UniqueAddress removedNode, UniqueAddress collapseInto)
    {
        var pruning = (IRemovedNodePruning)value;
        return pruning.NeedPruningFrom(removedNode) ? (TValue)pruning.Prune(removedNode, collapseInto) : value;
    }

    private static TValue CleanedUp(TValue value, UniqueAddress removedNode)
    {
        var pruning = (IRemovedNodePruning)value;
        return pruning.NeedPruningFrom(removedNode) ? (TValue)pruning.PruningCleanup(removedNode) : value;
    }

    private ORDictionary<TKey, TValue> With(CausalMap<TKey, TValue, Joined> map) => ReferenceEquals(map, Map) ? this : new(map);

    /// <summary>Values become one by being merged.</summary>
    internal readonly struct Joined : IJoin<TValue>
    {
        public static TValue Join(TValue left, TValue right) => left.Merge(right);
    }

    /// <summary>The one kind of change that there is.</summary>
    internal sealed class DeltaOperation(CausalDelta<TKey, TValue> changes) : IDeltaOperation, IReplicatedDeltaSize, IMergeableDelta
    {
        public CausalDelta<TKey, TValue> Changes => changes;

        public int DeltaSize => changes.Count;

        public IDeltaReplicatedData Zero => Empty;

        public IReplicatedData Merge(IReplicatedData other) => MergeAll([this, (DeltaOperation)other]);

        public IReplicatedDelta MergeAll(IReadOnlyList<IReplicatedDelta> deltas) =>
            new DeltaOperation(CausalDelta<TKey, TValue>.Merge(deltas.Select(static delta => ((DeltaOperation)delta).Changes)));

        public bool Equals(IDeltaOperation? other) => other is DeltaOperation delta && Empty.MergeDelta(this).Equals(Empty.MergeDelta(delta));

        public override bool Equals(object? obj) => Equals(obj as IDeltaOperation);

        public override int GetHashCode() => changes.Count;
    }
}
