namespace Akka.Cluster;

/// <summary>How two versions relate.</summary>
internal enum VersionOrder
{
    Same,

    /// <summary>The first knows less.</summary>
    Before,

    /// <summary>The first knows more.</summary>
    After,

    /// <summary>Each knows something that the other doesn't.</summary>
    Concurrent,
}

/// <summary>
/// A version of what the cluster knows: how many changes of each node went into it. Immutable; entries are sorted by node and positive.
/// </summary>
internal sealed class VectorClock : IEquatable<VectorClock>
{
    public static readonly VectorClock Empty = new([]);

    private readonly Entry[] _entries;
    private ulong? _digest;

    private VectorClock(Entry[] entries) => _entries = entries;

    public ReadOnlySpan<Entry> Entries => _entries;

    /// <summary>Equal versions have equal digests; others practically never.</summary>
    public ulong Digest => _digest ??= ComputeDigest();

    /// <param name="entries">At most one of each node, with positive counts.</param>
    public static VectorClock From(IEnumerable<Entry> entries)
    {
        Entry[] sorted = [.. entries];
        Array.Sort(sorted, static (left, right) => left.Node.CompareTo(right.Node));
        return new VectorClock(sorted);
    }

    /// <summary>One more change of a node.</summary>
    public VectorClock Increment(UniqueAddress node)
    {
        var index = IndexOf(node);
        if (index < 0)
            return new VectorClock([.. _entries[..~index], new Entry(node, 1), .. _entries[~index..]]);
        Entry[] entries = [.. _entries];
        entries[index] = new Entry(node, entries[index].Count + 1);
        return new VectorClock(entries);
    }

    /// <summary>The version that knows what both know.</summary>
    public VectorClock Merge(VectorClock other)
    {
        var merged = new List<Entry>(_entries.Length + 2);
        foreach (var (left, right) in Pairs(other))
            merged.Add(left.Count >= right.Count ? left : right);
        return new VectorClock([.. merged]);
    }

    /// <summary>The version without the changes of nodes that are forgotten.</summary>
    public VectorClock Prune(Predicate<UniqueAddress> isForgotten) =>
        Array.Exists(_entries, entry => isForgotten(entry.Node))
            ? new VectorClock(Array.FindAll(_entries, entry => !isForgotten(entry.Node)))
            : this;

    public VersionOrder CompareTo(VectorClock other)
    {
        if (ReferenceEquals(this, other))
            return VersionOrder.Same;
        var (isMore, isLess) = (false, false);
        foreach (var (left, right) in Pairs(other))
        {
            isMore |= left.Count > right.Count;
            isLess |= left.Count < right.Count;
        }

        return (isMore, isLess) switch
        {
            (false, false) => VersionOrder.Same,
            (true, false) => VersionOrder.After,
            (false, true) => VersionOrder.Before,
            _ => VersionOrder.Concurrent,
        };
    }

    public bool Equals(VectorClock? other) => other is not null && CompareTo(other) == VersionOrder.Same;

    public override bool Equals(object? obj) => Equals(obj as VectorClock);

    public override int GetHashCode() => Digest.GetHashCode();

    public override string ToString() => $"VectorClock({string.Join(", ", _entries)})";

    /// <summary>The entries of both by node; where one has none its count is 0.</summary>
    private IEnumerable<(Entry Left, Entry Right)> Pairs(VectorClock other)
    {
        var (left, right) = (0, 0);
        while (left < _entries.Length || right < other._entries.Length)
        {
            var order = left == _entries.Length ? 1
                : right == other._entries.Length ? -1
                : _entries[left].Node.CompareTo(other._entries[right].Node);
            yield return (order <= 0 ? _entries[left] : default, order >= 0 ? other._entries[right] : default);
            if (order <= 0)
                left++;
            if (order >= 0)
                right++;
        }
    }

    private int IndexOf(UniqueAddress node) =>
        Array.BinarySearch(_entries, new Entry(node, 0), Comparer<Entry>.Create(static (left, right) => left.Node.CompareTo(right.Node)));

    private ulong ComputeDigest()
    {
        var digest = new StableDigest();
        foreach (var entry in _entries)
        {
            digest.Add(entry.Node);
            digest.Add((ulong)entry.Count);
        }

        return digest.Value;
    }

    internal readonly record struct Entry(UniqueAddress Node, long Count);
}
