using Akka.Cluster;

namespace Akka.DistributedData.Causal;

/// <summary>
/// What a key holds: the writes that no later one has overwritten. Mostly it is one; nodes that write at the same time leave several.
/// Immutable, and empty by default.
/// </summary>
/// <remarks>As small as it can be: there is one for every entry of every set and map, and they lie inside the tree's nodes.</remarks>
internal readonly struct Cell<V> : IEquatable<Cell<V>>
{
    // Null: no write. The node: one. Otherwise a Write<V>[] of several, the value being all of theirs joined.
    private readonly object? _source;
    private readonly long _version;

    public Cell(UniqueAddress node, long version, V value) => (_source, _version, Value) = (node, version, value);

    private Cell(Write<V>[] writes, V joined) => (_source, Value) = (writes, joined);

    public V Value { get; }

    public bool IsEmpty => _source is null;

    public int Count => _source switch { null => 0, Write<V>[] several => several.Length, _ => 1 };

    public Write<V> this[int index] =>
        _source is Write<V>[] several ? several[index] : new((UniqueAddress)_source!, _version, Value);

    /// <summary>The sum over the writes: a dot stands for its key and value too.</summary>
    public ulong Fingerprint
    {
        get
        {
            var sum = 0UL;
            for (var i = 0; i < Count; i++)
            {
                var write = this[i];
                sum += Fingerprints.Of(write.Node, (ulong)write.Version);
            }

            return sum;
        }
    }

    public static Cell<V> Of<TJoin>(ReadOnlySpan<Write<V>> writes)
        where TJoin : IJoin<V>
    {
        if (writes.Length == 0)
            return default;
        if (writes.Length == 1)
            return new Cell<V>(writes[0].Node, writes[0].Version, writes[0].Value);
        var joined = writes[0].Value;
        foreach (var write in writes[1..])
            joined = TJoin.Join(joined, write.Value);
        return new Cell<V>(writes.ToArray(), joined);
    }

    public int IndexOf(Dot dot)
    {
        for (var i = 0; i < Count; i++)
        {
            var write = this[i];
            if (write.Version == dot.Version && write.Node.Equals(dot.Node))
                return i;
        }

        return -1;
    }

    public Dot[] Dots()
    {
        var dots = new Dot[Count];
        for (var i = 0; i < dots.Length; i++)
            dots[i] = this[i].Dot;
        return dots;
    }

    public Write<V>[] Writes()
    {
        var writes = new Write<V>[Count];
        for (var i = 0; i < writes.Length; i++)
            writes[i] = this[i];
        return writes;
    }

    public Write<V>[] WritesOf(UniqueAddress node)
    {
        for (var i = 0; i < Count; i++)
        {
            if (this[i].Node.Equals(node))
                return [.. Writes().Where(write => write.Node.Equals(node))];
        }

        return [];
    }

    /// <summary>
    /// What is left of both: the writes that both have, and those of either that the other has not seen. What the other has seen and has
    /// not, it has seen being overwritten.
    /// </summary>
    public static Cell<V> Merge<TJoin>(in Cell<V> left, CausalContext leftSeen, in Cell<V> right, CausalContext rightSeen)
        where TJoin : IJoin<V>
    {
        var (leftCount, rightCount) = (left.Count, right.Count);
        if (leftCount == 1 && rightCount == 1 && left._version == right._version && left[0].Node.Equals(right[0].Node))
            return left;
        var kept = new Write<V>[leftCount + rightCount];
        var count = 0;
        for (var i = 0; i < leftCount; i++)
        {
            var write = left[i];
            if (right.IndexOf(write.Dot) >= 0 || !rightSeen.Contains(write.Dot))
                kept[count++] = write;
        }

        for (var i = 0; i < rightCount; i++)
        {
            var write = right[i];
            if (!leftSeen.Contains(write.Dot))
                kept[count++] = write;
        }

        // Which is the same cell again, in most cases: then the tree needs no new node.
        return count == leftCount && (leftCount == 0 || left.HasAll(kept.AsSpan(0, count))) ? left : Of<TJoin>(kept.AsSpan(0, count));
    }

    /// <summary>Equal dots have equal values. The order of several doesn't matter.</summary>
    public bool Equals(Cell<V> other)
    {
        if (Count != other.Count)
            return false;
        for (var i = 0; i < Count; i++)
        {
            if (other.IndexOf(this[i].Dot) < 0)
                return false;
        }

        return true;
    }

    public override bool Equals(object? obj) => obj is Cell<V> other && Equals(other);

    public override int GetHashCode() => Fingerprint.GetHashCode();

    private bool HasAll(ReadOnlySpan<Write<V>> writes)
    {
        foreach (var write in writes)
        {
            if (IndexOf(write.Dot) < 0)
                return false;
        }

        return true;
    }
}
