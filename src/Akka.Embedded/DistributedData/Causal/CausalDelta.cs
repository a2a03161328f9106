using Akka.Cluster;

namespace Akka.DistributedData.Causal;

/// <summary>
/// A change of one key: what was written, if anything, and the writes that it overwrites or removes. Applying it twice, or after what came
/// later, changes nothing.
/// </summary>
/// <param name="Key">The key.</param>
/// <param name="Node">Who has written; null if the key was only removed.</param>
/// <param name="Version">0 if the key was only removed.</param>
/// <param name="Value">What was written.</param>
/// <param name="Covered">The writes that are no more.</param>
internal sealed record Change<K, V>(K Key, UniqueAddress? Node, long Version, V Value, Dot[] Covered)
    where K : notnull
{
    public bool IsRemoval => Node is null;

    public Dot Dot => new(Node!, Version);

    /// <summary>
    /// The one change that this and a later one of the same node and key are. When a node changes a key, nothing is left of what it had
    /// written there before: the later change covers it, or somebody else's has, whether or not that has come to the receiver.
    /// </summary>
    public Change<K, V> Then(Change<K, V> later) =>
        later with { Covered = IsRemoval ? [.. Covered, .. later.Covered] : [.. Covered, Dot, .. later.Covered.Where(dot => dot != Dot)] };
}

/// <summary>Changes, in order. Immutable; a list that grows at its end shares what came before.</summary>
internal sealed class CausalDelta<K, V>
    where K : notnull
{
    private readonly CausalDelta<K, V>? _before;
    private readonly Change<K, V>? _last;
    private Change<K, V>[]? _changes;

    public CausalDelta(Change<K, V>[] changes) => (_changes, Count) = (changes, changes.Length);

    private CausalDelta(CausalDelta<K, V>? before, Change<K, V> last) => (_before, _last, Count) = (before, last, (before?.Count ?? 0) + 1);

    public int Count { get; }

    public Change<K, V>[] Changes
    {
        get
        {
            if (_changes is not null)
                return _changes;
            var changes = new Change<K, V>[Count];
            var delta = this;
            for (; delta is { _changes: null }; delta = delta._before)
                changes[delta.Count - 1] = delta._last!;
            delta?._changes!.CopyTo(changes, 0);
            return _changes = changes;
        }
    }

    public static CausalDelta<K, V> Append(CausalDelta<K, V>? before, Change<K, V> change) => new(before, change);

    /// <summary>Changes of one node, the later after the earlier, as one change for each key.</summary>
    public static CausalDelta<K, V> Merge(IEnumerable<CausalDelta<K, V>> deltas)
    {
        var merged = new List<Change<K, V>>();
        var places = new Dictionary<K, int>();
        foreach (var change in deltas.SelectMany(static delta => delta.Changes))
        {
            if (places.TryAdd(change.Key, merged.Count))
                merged.Add(change);
            else
                merged[places[change.Key]] = merged[places[change.Key]].Then(change);
        }

        return new([.. merged]);
    }
}
