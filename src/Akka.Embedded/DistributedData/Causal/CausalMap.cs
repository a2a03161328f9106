using System.Collections.Immutable;
using Akka.Cluster;

namespace Akka.DistributedData.Causal;

/// <summary>
/// Keys with values, of which every node changes its own copy: what both the sets and the maps are made of. Whoever removes or overwrites
/// a key does it to the writes that it has seen; one that it has not seen survives. Immutable.
/// </summary>
/// <remarks>
/// An optimised observed-remove set (Bieniusa et al., 2012) as a delta-state type (Almeida et al., 2018) whose dots carry values. Cost:
/// a change, and the application of one, takes the logarithm of the size; merging two whole copies takes both of their sizes.
/// Invariant: every dot in an entry is in <see cref="Seen"/>, and in one entry only.
/// </remarks>
internal sealed class CausalMap<K, V, TJoin>
    where K : notnull
    where TJoin : IJoin<V>
{
    public static readonly CausalMap<K, V, TJoin> Empty = new(ImmutableDictionary<K, Cell<V>>.Empty, CausalContext.Empty, 0, null, null);

    // The sum of the fingerprints of all dots in entries.
    private readonly ulong _dots;

    private readonly CausalMap<K, V, TJoin>? _origin;

    private CausalMap(
        ImmutableDictionary<K, Cell<V>> entries,
        CausalContext seen,
        ulong dots,
        CausalMap<K, V, TJoin>? origin,
        CausalDelta<K, V>? delta) =>
        (Entries, Seen, _dots, _origin, Delta) = (entries, seen, dots, origin, delta);

    public ImmutableDictionary<K, Cell<V>> Entries { get; }

    public CausalContext Seen { get; }

    /// <summary>What was done to the map that this one derives from; null if nothing was, or if it derives from none.</summary>
    public CausalDelta<K, V>? Delta { get; }

    public ulong Fingerprint => Fingerprints.Mix(_dots) + Seen.Fingerprint;

    public static CausalMap<K, V, TJoin> Of(ImmutableDictionary<K, Cell<V>> entries, CausalContext seen)
    {
        var dots = 0UL;
        foreach (var entry in entries)
            dots += entry.Value.Fingerprint;
        return new(entries, seen, dots, null, null);
    }

    /// <summary>Whether this is the other with changes that are in <see cref="Delta"/>.</summary>
    public bool DerivesFrom(CausalMap<K, V, TJoin> other) => ReferenceEquals(this, other) || ReferenceEquals(_origin, other);

    public CausalMap<K, V, TJoin> WithoutDelta() => _origin is null && Delta is null ? this : new(Entries, Seen, _dots, null, null);

    public CausalMap<K, V, TJoin> Set(UniqueAddress node, K key, V value) => Set(node, key, value, Entries.GetValueOrDefault(key).Dots());

    public CausalMap<K, V, TJoin> Remove(K key) =>
        Entries.TryGetValue(key, out var cell) ? Changed(new(key, null, 0, default!, cell.Dots())) : this;

    public CausalMap<K, V, TJoin> Clear()
    {
        var map = this;
        foreach (var entry in Entries)
            map = map.Changed(new(entry.Key, null, 0, default!, entry.Value.Dots()));
        return map;
    }

    public CausalMap<K, V, TJoin> Apply(CausalDelta<K, V> delta)
    {
        var map = this;
        foreach (var change in delta.Changes)
            map = map.Apply(change, null, null);
        return map.WithoutDelta();
    }

    public CausalMap<K, V, TJoin> Merge(CausalMap<K, V, TJoin> other)
    {
        if (ReferenceEquals(this, other) || (Entries.IsEmpty && Seen.Vector.IsEmpty && Seen.Ahead.IsEmpty))
            return other.WithoutDelta();
        if (_dots == other._dots && Seen.SetEquals(other.Seen))
            return WithoutDelta();
        var merged = Entries.ToBuilder();
        var dots = _dots;
        var common = 0;
        foreach (var (key, theirs) in other.Entries)
        {
            if (Entries.TryGetValue(key, out var mine))
                common++;
            Replace(merged, key, mine, Cell<V>.Merge<TJoin>(mine, Seen, theirs, other.Seen), ref dots);
        }

        if (common < Entries.Count)
        {
            foreach (var (key, mine) in Entries)
            {
                if (!other.Entries.ContainsKey(key))
                    Replace(merged, key, mine, Cell<V>.Merge<TJoin>(mine, Seen, default, other.Seen), ref dots);
            }
        }

        return new(merged.ToImmutable(), Seen.Merge(other.Seen), dots, null, null);
    }

    /// <summary>
    /// Writes again, in another node's name, what a removed one has written. The removed one is forgotten; the changes are in
    /// <see cref="Delta"/>.
    /// </summary>
    /// <param name="prune">Does the same to a value; null if values know no nodes.</param>
    public CausalMap<K, V, TJoin> Prune(UniqueAddress removed, UniqueAddress into, Func<V, V>? prune)
    {
        var map = this;
        foreach (var (key, cell) in Entries)
        {
            var pruned = prune is null ? cell.Value : prune(cell.Value);
            if (!ReferenceEquals(pruned, cell.Value) && prune is not null)
                map = map.Set(into, key, pruned, cell.Dots());
            else if (cell.WritesOf(removed) is { Length: > 0 } writes)
                map = map.Set(into, key, Cell<V>.Of<TJoin>(writes).Value, [.. writes.Select(static write => write.Dot)]);
        }

        return new(map.Entries, map.Seen.Without(removed), map._dots, map._origin ?? this, map.Delta);
    }

    /// <summary>Drops what a node has written.</summary>
    /// <param name="cleanup">Does the same to a value; null if values know no nodes.</param>
    public CausalMap<K, V, TJoin> Forget(UniqueAddress removed, Func<V, V>? cleanup)
    {
        var entries = Entries.ToBuilder();
        var dots = _dots;
        foreach (var (key, cell) in Entries)
        {
            var forgets = cell.WritesOf(removed).Length > 0;
            if (!forgets && (cleanup is null || ReferenceEquals(cleanup(cell.Value), cell.Value)))
                continue;
            var kept = cell.Writes().Where(write => !write.Node.Equals(removed));
            if (cleanup is not null)
                kept = kept.Select(write => write with { Value = cleanup(write.Value) });
            var left = Cell<V>.Of<TJoin>([.. kept]);
            dots += left.Fingerprint - cell.Fingerprint;
            // Removed first: cells are equal when their dots are, and an equal one would not be replaced.
            entries.Remove(key);
            if (!left.IsEmpty)
                entries.Add(key, left);
        }

        return new(entries.ToImmutable(), Seen.Without(removed), dots, null, null);
    }

    public bool ContentEquals(CausalMap<K, V, TJoin> other)
    {
        if (ReferenceEquals(this, other))
            return true;
        if (_dots != other._dots || Entries.Count != other.Entries.Count || !Seen.SetEquals(other.Seen))
            return false;
        foreach (var (key, cell) in Entries)
        {
            if (!other.Entries.TryGetValue(key, out var theirs) || !cell.Equals(theirs))
                return false;
        }

        return true;
    }

    private static void Replace(
        ImmutableDictionary<K, Cell<V>>.Builder entries, K key, in Cell<V> old, in Cell<V> cell, ref ulong dots)
    {
        if (cell.Equals(old))
            return;
        dots += cell.Fingerprint - old.Fingerprint;
        if (cell.IsEmpty)
            entries.Remove(key);
        else
            entries[key] = cell;
    }

    private CausalMap<K, V, TJoin> Set(UniqueAddress node, K key, V value, Dot[] covered) =>
        Changed(new(key, node, Seen.Next(node), value, covered));

    private CausalMap<K, V, TJoin> Changed(Change<K, V> change) => Apply(change, _origin ?? this, CausalDelta<K, V>.Append(Delta, change));

    private CausalMap<K, V, TJoin> Apply(Change<K, V> change, CausalMap<K, V, TJoin>? origin, CausalDelta<K, V>? delta)
    {
        Entries.TryGetValue(change.Key, out var old);
        var cell = After(old, change);
        var seen = Seen.With(change.Covered);
        if (!change.IsRemoval)
            seen = seen.With(change.Dot);
        if (cell.Equals(old))
            return new(Entries, seen, _dots, origin, delta);
        var entries = cell.IsEmpty ? Entries.Remove(change.Key) : Entries.SetItem(change.Key, cell);
        return new(entries, seen, _dots + cell.Fingerprint - old.Fingerprint, origin, delta);
    }

    /// <summary>What a change leaves of a cell.</summary>
    private Cell<V> After(in Cell<V> old, Change<K, V> change)
    {
        var isNew = !change.IsRemoval && !Seen.Contains(change.Dot);
        // By far the most: there is at most one write, and it is covered.
        if (old.IsEmpty || (old.Count == 1 && Array.IndexOf(change.Covered, old[0].Dot) >= 0))
            return isNew ? new Cell<V>(change.Node!, change.Version, change.Value) : default;
        var kept = new List<Write<V>>(old.Count + 1);
        for (var i = 0; i < old.Count; i++)
        {
            if (Array.IndexOf(change.Covered, old[i].Dot) < 0)
                kept.Add(old[i]);
        }

        if (isNew)
            kept.Add(new(change.Node!, change.Version, change.Value));
        return Cell<V>.Of<TJoin>(kept.ToArray());
    }
}
