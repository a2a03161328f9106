using System.Collections;
using System.Collections.Immutable;

namespace Akka.DistributedData;

/// <summary>Creates sets.</summary>
public static class GSet
{
    public static GSet<T> Create<T>(params T[] elements) => new(elements.ToImmutableHashSet());

    public static GSet<T> Create<T>(IImmutableSet<T> elements) => new(elements);
}

/// <summary>The key of a <see cref="GSet{T}"/>.</summary>
public sealed class GSetKey<T>(string id) : Key<GSet<T>>(id);

/// <summary>A set to which elements are only added. Immutable.</summary>
/// <remarks>
/// Not for large sets: what tells two copies apart is made of all elements, where sets that also remove keep it up to date. Nothing has to
/// be pruned.
/// </remarks>
public sealed class GSet<T>
    : IDeltaReplicatedData<GSet<T>, GSet<T>>, IReplicatedDelta, IReplicatedDataSerialization, IEquatable<GSet<T>>, IEnumerable<T>, IDerived,
        ISized
{
    public static readonly GSet<T> Empty = new();

    private readonly GSet<T>? _origin;

    public GSet() : this(ImmutableHashSet<T>.Empty)
    {
    }

    public GSet(IImmutableSet<T> elements) : this(elements, null)
    {
    }

    /// <param name="elements">The elements.</param>
    /// <param name="delta">Those of them that were added last.</param>
    public GSet(IImmutableSet<T> elements, GSet<T>? delta) : this(elements, delta, null)
    {
    }

    private GSet(IImmutableSet<T> elements, GSet<T>? delta, GSet<T>? origin) => (Elements, Delta, _origin) = (elements, delta, origin);

    public IImmutableSet<T> Elements { get; }

    public int Count => Elements.Count;

    public bool IsEmpty => Elements.Count == 0;

    public GSet<T>? Delta { get; }

    IReplicatedDelta? IDeltaReplicatedData.Delta => Delta;

    IDeltaReplicatedData IReplicatedDelta.Zero => Empty;

    public bool Contains(T element) => Elements.Contains(element);

    public GSet<T> Add(T element) =>
        new(Elements.Add(element), new GSet<T>((Delta?.Elements ?? ImmutableHashSet<T>.Empty).Add(element)), _origin ?? this);

    public GSet<T> Merge(GSet<T> other)
    {
        var (into, from) = Count >= other.Count ? (Elements, other.Elements) : (other.Elements, Elements);
        var union = into.Union(from);
        return ReferenceEquals(union, Elements) ? ResetDelta() : new(union);
    }

    public GSet<T> MergeDelta(GSet<T> delta) => Merge(delta);

    public GSet<T> ResetDelta() => Delta is null && _origin is null ? this : new(Elements);

    public bool Equals(GSet<T>? other) => other is not null && (ReferenceEquals(Elements, other.Elements) || Elements.SetEquals(other.Elements));

    public override bool Equals(object? obj) => Equals(obj as GSet<T>);

    public override int GetHashCode() => Count;

    public IEnumerator<T> GetEnumerator() => Elements.GetEnumerator();

    public override string ToString() => $"GSet({Count} elements)";

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    IReplicatedData IReplicatedData.Merge(IReplicatedData other) => Merge((GSet<T>)other);

    IReplicatedData IDeltaReplicatedData.MergeDelta(IReplicatedDelta delta) => MergeDelta((GSet<T>)delta);

    IReplicatedData IDeltaReplicatedData.ResetDelta() => ResetDelta();

    bool IDerived.DerivesFrom(IReplicatedData original) => ReferenceEquals(this, original) || ReferenceEquals(_origin, original);
}
