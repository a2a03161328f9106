using System.Collections.Immutable;
using Akka.Cluster;

namespace Akka.DistributedData.Causal;

/// <summary>
/// The set of all dots that a copy has seen, those that were overwritten or removed since included: all of each node up to a number, and
/// some ahead of it. Immutable.
/// </summary>
/// <remarks>
/// Dots come ahead when a node tells of the removal of something whose writing, by a third node, has not arrived yet. They are what keeps
/// it from appearing when it does.
/// </remarks>
internal sealed class CausalContext
{
    public static readonly CausalContext Empty = new(VersionVector.Empty, []);

    private CausalContext(VersionVector vector, ImmutableHashSet<Dot> ahead) => (Vector, Ahead) = (vector, ahead);

    public VersionVector Vector { get; }

    /// <summary>None of these follows on what <see cref="Vector"/> has.</summary>
    public ImmutableHashSet<Dot> Ahead { get; }

    public ulong Fingerprint
    {
        get
        {
            var sum = Vector.Fingerprint;
            foreach (var dot in Ahead)
                sum += Fingerprints.Mix(Fingerprints.Of(dot.Node, (ulong)dot.Version));
            return sum;
        }
    }

    public static CausalContext Of(VersionVector vector, IEnumerable<Dot> ahead) => new CausalContext(vector, []).With(ahead);

    public bool Contains(Dot dot) => dot.Version <= Vector.VersionAt(dot.Node) || (Ahead.Count > 0 && Ahead.Contains(dot));

    /// <summary>The number that the node's next write gets.</summary>
    public long Next(UniqueAddress node)
    {
        var last = Vector.VersionAt(node);
        foreach (var dot in Ahead)
        {
            if (dot.Version > last && dot.Node.Equals(node))
                last = dot.Version;
        }

        return last + 1;
    }

    public CausalContext With(Dot dot)
    {
        var seen = Vector.VersionAt(dot.Node);
        if (dot.Version <= seen)
            return this;
        if (dot.Version > seen + 1)
            return Ahead.Contains(dot) ? this : new(Vector, Ahead.Add(dot));
        return Ahead.Count == 0 ? new(Vector.With(dot.Node, dot.Version), Ahead) : Compact(Vector.With(dot.Node, dot.Version), Ahead);
    }

    public CausalContext With(IEnumerable<Dot> dots)
    {
        var context = this;
        foreach (var dot in dots)
            context = context.With(dot);
        return context;
    }

    public CausalContext Merge(CausalContext other)
    {
        if (ReferenceEquals(this, other))
            return this;
        var vector = Vector.Merge(other.Vector);
        var ahead = other.Ahead.Count == 0 ? Ahead : Ahead.Union(other.Ahead);
        return ReferenceEquals(vector, Vector) && ReferenceEquals(ahead, Ahead) ? this
            : ahead.Count == 0 ? new(vector, ahead) : Compact(vector, ahead);
    }

    public bool HasSeen(UniqueAddress node) => Vector.Contains(node) || Ahead.Any(dot => dot.Node.Equals(node));

    /// <summary>With no memory of a node.</summary>
    public CausalContext Without(UniqueAddress node) =>
        new(Vector.PruningCleanup(node), Ahead.Count == 0 ? Ahead : Ahead.Except(Ahead.Where(dot => dot.Node.Equals(node))));

    public bool SetEquals(CausalContext other) => Vector.Equals(other.Vector) && Ahead.SetEquals(other.Ahead);

    /// <summary>Moves into the vector what follows on it.</summary>
    private static CausalContext Compact(VersionVector vector, ImmutableHashSet<Dot> ahead)
    {
        foreach (var dot in ahead.OrderBy(static dot => dot.Version))
        {
            var seen = vector.VersionAt(dot.Node);
            if (dot.Version > seen + 1)
                continue;
            ahead = ahead.Remove(dot);
            if (dot.Version == seen + 1)
                vector = vector.With(dot.Node, dot.Version);
        }

        return new(vector, ahead);
    }
}
