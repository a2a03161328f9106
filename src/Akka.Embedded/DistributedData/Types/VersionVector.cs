using System.Collections.Immutable;
using Akka.Cluster;

namespace Akka.DistributedData;

/// <summary>How much of each node's work has been seen: its number of changes, by node. Immutable.</summary>
/// <remarks>
/// Two arrays and a linear search: there are as many nodes as a cluster has, equal nodes are mostly one object, and an increment, which
/// every change of a set or a map makes, copies the numbers alone.
/// </remarks>
public sealed class VersionVector
    : IReplicatedData<VersionVector>, IReplicatedDataSerialization, IRemovedNodePruning<VersionVector>, IEquatable<VersionVector>
{
    public static readonly VersionVector Empty = new([], []);

    // In no particular order; equally long. Never changed.
    private readonly UniqueAddress[] _nodes;
    private readonly long[] _versions;

    private VersionVector(UniqueAddress[] nodes, long[] versions) => (_nodes, _versions) = (nodes, versions);

    /// <summary>How two vectors are to each other.</summary>
    public enum Ordering
    {
        /// <summary>The first has seen all that the second has, and more.</summary>
        After = 0,
        Before = 1,
        Same = 2,

        /// <summary>Each has seen something that the other has not.</summary>
        Concurrent = 3,
    }

    public bool IsEmpty => _nodes.Length == 0;

    public int Count => _nodes.Length;

    public ImmutableHashSet<UniqueAddress> ModifiedByNodes => [.. _nodes];

    public IEnumerator<KeyValuePair<UniqueAddress, long>> VersionEnumerator => Pairs().GetEnumerator();

    internal ReadOnlySpan<UniqueAddress> Nodes => _nodes;

    internal ReadOnlySpan<long> Versions => _versions;

    internal ulong Fingerprint
    {
        get
        {
            var sum = 0UL;
            for (var i = 0; i < _nodes.Length; i++)
                sum += Fingerprints.Of(_nodes[i], (ulong)_versions[i]);
            return sum;
        }
    }

    public static VersionVector Create(UniqueAddress node, long version) => new([node], [version]);

    public static VersionVector Create(ImmutableDictionary<UniqueAddress, long> versions) =>
        versions.IsEmpty ? Empty : new([.. versions.Keys], [.. versions.Values]);

    /// <summary>The vector with one more change of a node's.</summary>
    public VersionVector Increment(UniqueAddress node) => With(node, VersionAt(node) + 1);

    /// <summary>0 for a node of which nothing has been seen.</summary>
    public long VersionAt(UniqueAddress node)
    {
        var index = IndexOf(node);
        return index < 0 ? 0 : _versions[index];
    }

    public bool Contains(UniqueAddress node) => IndexOf(node) >= 0;

    /// <summary>The higher number of each node.</summary>
    public VersionVector Merge(VersionVector other)
    {
        if (other.IsEmpty || ReferenceEquals(this, other))
            return this;
        var merged = this;
        for (var i = 0; i < other._nodes.Length; i++)
        {
            if (other._versions[i] > merged.VersionAt(other._nodes[i]))
                merged = merged.With(other._nodes[i], other._versions[i]);
        }

        // Of equal ones the same object, so that whoever merges the same again and again keeps one.
        return merged;
    }

    public Ordering Compare(VersionVector other)
    {
        var (covers, isCovered) = (Covers(other), other.Covers(this));
        return covers ? (isCovered ? Ordering.Same : Ordering.After) : isCovered ? Ordering.Before : Ordering.Concurrent;
    }

    public bool IsAfter(VersionVector y) => Compare(y) == Ordering.After;

    public bool IsBefore(VersionVector y) => Compare(y) == Ordering.Before;

    public bool IsSame(VersionVector y) => Compare(y) == Ordering.Same;

    public bool IsConcurrent(VersionVector y) => Compare(y) == Ordering.Concurrent;

    public bool NeedPruningFrom(UniqueAddress removedNode) => Contains(removedNode);

    public VersionVector Prune(UniqueAddress removedNode, UniqueAddress collapseInto) =>
        Contains(removedNode) ? PruningCleanup(removedNode).Increment(collapseInto) : this;

    public VersionVector PruningCleanup(UniqueAddress removedNode)
    {
        var index = IndexOf(removedNode);
        return index < 0 ? this
            : _nodes.Length == 1 ? Empty
            : new([.. _nodes[..index], .. _nodes[(index + 1)..]], [.. _versions[..index], .. _versions[(index + 1)..]]);
    }

    public bool Equals(VersionVector? other) => other is not null && (ReferenceEquals(this, other) || IsSame(other));

    public override bool Equals(object? obj) => Equals(obj as VersionVector);

    public override int GetHashCode() => Fingerprint.GetHashCode();

    public override string ToString() => $"VersionVector({string.Join(", ", Pairs().Select(static p => $"{p.Key}->{p.Value}"))})";

    IReplicatedData IReplicatedData.Merge(IReplicatedData other) => Merge((VersionVector)other);

    IReplicatedData IRemovedNodePruning.Prune(UniqueAddress removedNode, UniqueAddress collapseInto) => Prune(removedNode, collapseInto);

    IReplicatedData IRemovedNodePruning.PruningCleanup(UniqueAddress removedNode) => PruningCleanup(removedNode);

    /// <summary>Arrays of which nobody else has a reference.</summary>
    internal static VersionVector Of(UniqueAddress[] nodes, long[] versions) => nodes.Length == 0 ? Empty : new(nodes, versions);

    /// <summary>The vector with another number, higher or lower, of a node.</summary>
    internal VersionVector With(UniqueAddress node, long version)
    {
        var index = IndexOf(node);
        if (index < 0)
            return new([.. _nodes, node], [.. _versions, version]);
        var versions = _versions.AsSpan().ToArray();
        versions[index] = version;
        return new(_nodes, versions);
    }

    /// <summary>Whether this one has seen all that the other has.</summary>
    internal bool Covers(VersionVector other)
    {
        for (var i = 0; i < other._nodes.Length; i++)
        {
            if (VersionAt(other._nodes[i]) < other._versions[i])
                return false;
        }

        return true;
    }

    /// <summary>Whether this one has seen something of every node that the other has seen something of.</summary>
    internal bool HasAllNodesOf(VersionVector other)
    {
        foreach (var node in other._nodes)
        {
            if (!Contains(node))
                return false;
        }

        return true;
    }

    private int IndexOf(UniqueAddress node)
    {
        var nodes = _nodes;
        for (var i = 0; i < nodes.Length; i++)
        {
            if (ReferenceEquals(nodes[i], node))
                return i;
        }

        for (var i = 0; i < nodes.Length; i++)
        {
            if (nodes[i].Equals(node))
                return i;
        }

        return -1;
    }

    private IEnumerable<KeyValuePair<UniqueAddress, long>> Pairs()
    {
        for (var i = 0; i < _nodes.Length; i++)
            yield return KeyValuePair.Create(_nodes[i], _versions[i]);
    }

    public static bool operator ==(VersionVector? x, VersionVector? y) => x is null ? y is null : x.Equals(y);

    public static bool operator !=(VersionVector? x, VersionVector? y) => !(x == y);

    /// <summary>Whether x has seen all that y has, and more.</summary>
    public static bool operator >(VersionVector x, VersionVector y) => x.IsAfter(y);

    public static bool operator <(VersionVector x, VersionVector y) => x.IsBefore(y);
}
