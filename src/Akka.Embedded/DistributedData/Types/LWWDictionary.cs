using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Akka.Cluster;
using Akka.DistributedData.Replication;

namespace Akka.DistributedData;

/// <summary>Creates dictionaries.</summary>
public static class LWWDictionary
{
    public static LWWDictionary<TKey, TValue> Create<TKey, TValue>(
        UniqueAddress node, TKey key, TValue value, Clock<TValue>? clock = null)
        where TKey : notnull => LWWDictionary<TKey, TValue>.Empty.SetItem(node, key, value, clock);

    public static LWWDictionary<TKey, TValue> Create<TKey, TValue>(params (UniqueAddress Node, TKey Key, TValue Value)[] elements)
        where TKey : notnull => Create(elements, null);

    public static LWWDictionary<TKey, TValue> Create<TKey, TValue>(
        IEnumerable<(UniqueAddress Node, TKey Key, TValue Value)> elements, Clock<TValue>? clock = null)
        where TKey : notnull =>
        elements.Aggregate(LWWDictionary<TKey, TValue>.Empty, (all, e) => all.SetItem(e.Node, e.Key, e.Value, clock));
}

/// <summary>The key of an <see cref="LWWDictionary{TKey,TValue}"/>.</summary>
public sealed class LWWDictionaryKey<TKey, TValue>(string id) : Key<LWWDictionary<TKey, TValue>>(id)
    where TKey : notnull;

/// <summary>
/// A dictionary of plain values. Of several that were written to a key at the same time the last one wins, as in an
/// <see cref="LWWRegister{T}"/>; of a write and a removal the write. Immutable.
/// </summary>
public sealed class LWWDictionary<TKey, TValue>
    : IDeltaReplicatedData<LWWDictionary<TKey, TValue>, ORDictionary<TKey, LWWRegister<TValue>>.IDeltaOperation>,
        IRemovedNodePruning<LWWDictionary<TKey, TValue>>, IReplicatedDataSerialization, IEquatable<LWWDictionary<TKey, TValue>>,
        IEnumerable<KeyValuePair<TKey, TValue>>, IFingerprinted, IDerived, ISized
    where TKey : notnull
{
    public static readonly LWWDictionary<TKey, TValue> Empty = new(ORDictionary<TKey, LWWRegister<TValue>>.Empty);

    public LWWDictionary(ORDictionary<TKey, LWWRegister<TValue>> underlying) => Underlying = underlying;

    public int Count => Underlying.Count;

    public bool IsEmpty => Underlying.IsEmpty;

    /// <summary>A copy of the entries; made anew each time, where enumerating the dictionary itself makes none.</summary>
    public IImmutableDictionary<TKey, TValue> Entries => this.ToImmutableDictionary();

    public IEnumerable<TKey> Keys => Underlying.Keys;

    public IEnumerable<TValue> Values => Underlying.Values.Select(static register => register.Value);

    public ImmutableHashSet<UniqueAddress> ModifiedByNodes => Underlying.ModifiedByNodes;

    public ORDictionary<TKey, LWWRegister<TValue>>.IDeltaOperation? Delta => Underlying.Map.Delta is null ? null : new DeltaOperation(this);

    IReplicatedDelta? IDeltaReplicatedData.Delta => Delta;

    internal ORDictionary<TKey, LWWRegister<TValue>> Underlying { get; }

    ulong IFingerprinted.Fingerprint => Underlying.Map.Fingerprint;

    /// <exception cref="KeyNotFoundException">There is no such key.</exception>
    public TValue this[TKey key] => Underlying[key].Value;

    public bool ContainsKey(TKey key) => Underlying.ContainsKey(key);

    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        var found = Underlying.TryGetValue(key, out var register);
        value = found ? register!.Value : default;
        return found;
    }

    public LWWDictionary<TKey, TValue> SetItem(Cluster.Cluster node, TKey key, TValue value, Clock<TValue>? clock = null) =>
        SetItem(node.SelfUniqueAddress, key, value, clock);

    /// <param name="node">Who writes.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">What is written.</param>
    /// <param name="clock">The write's time; <see cref="LWWRegister{T}.DefaultClock"/> by default.</param>
    public LWWDictionary<TKey, TValue> SetItem(UniqueAddress node, TKey key, TValue value, Clock<TValue>? clock = null)
    {
        var register = Underlying.TryGetValue(key, out var current)
            ? current.WithValue(node, value, clock)
            : new LWWRegister<TValue>(node, value, clock ?? LWWRegister<TValue>.DefaultClock);
        return new(Underlying.SetItem(node, key, register));
    }

    public LWWDictionary<TKey, TValue> Remove(Cluster.Cluster node, TKey key) => Remove(node.SelfUniqueAddress, key);

    public LWWDictionary<TKey, TValue> Remove(UniqueAddress node, TKey key) => With(Underlying.Remove(node, key));

    public LWWDictionary<TKey, TValue> Merge(LWWDictionary<TKey, TValue> other) => With(Underlying.Merge(other.Underlying));

    public LWWDictionary<TKey, TValue> MergeDelta(ORDictionary<TKey, LWWRegister<TValue>>.IDeltaOperation delta) =>
        With(Underlying.MergeDelta(((DeltaOperation)delta).Underlying));

    public LWWDictionary<TKey, TValue> ResetDelta() => With(Underlying.ResetDelta());

    public bool NeedPruningFrom(UniqueAddress removedNode) => Underlying.NeedPruningFrom(removedNode);

    public LWWDictionary<TKey, TValue> Prune(UniqueAddress removedNode, UniqueAddress collapseInto) =>
        With(Underlying.Prune(removedNode, collapseInto));

    public LWWDictionary<TKey, TValue> PruningCleanup(UniqueAddress removedNode) => With(Underlying.PruningCleanup(removedNode));

    public bool Equals(LWWDictionary<TKey, TValue>? other) => other is not null && Underlying.Equals(other.Underlying);

    public override bool Equals(object? obj) => Equals(obj as LWWDictionary<TKey, TValue>);

    public override int GetHashCode() => Underlying.GetHashCode();

    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator()
    {
        foreach (var (key, cell) in Underlying.Map.Entries)
            yield return KeyValuePair.Create(key, cell.Value.Value);
    }

    public override string ToString() => $"LWWDictionary({Count} entries)";

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    IReplicatedData IReplicatedData.Merge(IReplicatedData other) => Merge((LWWDictionary<TKey, TValue>)other);

    IReplicatedData IDeltaReplicatedData.MergeDelta(IReplicatedDelta delta) =>
        MergeDelta((ORDictionary<TKey, LWWRegister<TValue>>.IDeltaOperation)delta);

    IReplicatedData IDeltaReplicatedData.ResetDelta() => ResetDelta();

    IReplicatedData IRemovedNodePruning.Prune(UniqueAddress removedNode, UniqueAddress collapseInto) => Prune(removedNode, collapseInto);

    IReplicatedData IRemovedNodePruning.PruningCleanup(UniqueAddress removedNode) => PruningCleanup(removedNode);

    bool IDerived.DerivesFrom(IReplicatedData original) =>
        original is LWWDictionary<TKey, TValue> dictionary && Underlying.Map.DerivesFrom(dictionary.Underlying.Map);

    private LWWDictionary<TKey, TValue> With(ORDictionary<TKey, LWWRegister<TValue>> underlying) =>
        ReferenceEquals(underlying, Underlying) ? this : new(underlying);

    /// <summary>A change of the dictionary inside, which knows what it is a change of.</summary>
    internal sealed class DeltaOperation(ORDictionary<TKey, LWWRegister<TValue>>.DeltaOperation underlying)
        : ORDictionary<TKey, LWWRegister<TValue>>.IDeltaOperation, IReplicatedDeltaSize, IMergeableDelta
    {
        public DeltaOperation(LWWDictionary<TKey, TValue> changed)
            : this(new ORDictionary<TKey, LWWRegister<TValue>>.DeltaOperation(changed.Underlying.Map.Delta!))
        {
        }

        public ORDictionary<TKey, LWWRegister<TValue>>.DeltaOperation Underlying => underlying;

        public int DeltaSize => underlying.DeltaSize;

        public IDeltaReplicatedData Zero => Empty;

        public IReplicatedData Merge(IReplicatedData other) => MergeAll([this, (DeltaOperation)other]);

        public IReplicatedDelta MergeAll(IReadOnlyList<IReplicatedDelta> deltas) => new DeltaOperation(
            (ORDictionary<TKey, LWWRegister<TValue>>.DeltaOperation)underlying.MergeAll(
                [.. deltas.Select(static delta => ((DeltaOperation)delta).Underlying)]));

        public bool Equals(ORDictionary<TKey, LWWRegister<TValue>>.IDeltaOperation? other) =>
            other is DeltaOperation delta && underlying.Equals(delta.Underlying);

        public override bool Equals(object? obj) => Equals(obj as ORDictionary<TKey, LWWRegister<TValue>>.IDeltaOperation);

        public override int GetHashCode() => underlying.GetHashCode();
    }
}
