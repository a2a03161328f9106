using Akka.Cluster;

namespace Akka.DistributedData.Replication;

/// <summary>Several changes of a key, in a row.</summary>
internal sealed record DeltaRange(string Key, long From, long To, IReplicatedDelta Delta, int Size);

/// <summary>This node's last changes of one key, numbered from 1, and how far each other node has been told of them.</summary>
/// <param name="key">The key.</param>
/// <param name="last">The number of the last change before those that are kept.</param>
internal sealed class DeltaLog(string key, long last)
{
    private readonly Queue<(IReplicatedDelta Delta, int Size, long At)> _kept = new();
    private readonly Dictionary<UniqueAddress, long> _told = [];
    private DeltaRange? _lastRange;

    public string Key => key;

    /// <summary>The number of the last change.</summary>
    public long Last { get; private set; } = last;

    /// <summary>The number of the first change that can still be told; those before it only as part of the whole value.</summary>
    public long First => Last - _kept.Count + 1;

    public bool IsEmpty => _kept.Count == 0;

    /// <summary>Changes within what is kept.</summary>
    public int Size { get; private set; }

    /// <summary>Counts a change and keeps it.</summary>
    public void Keep(IReplicatedDelta delta, int size, int limit, long now)
    {
        Last++;
        Size += size;
        _kept.Enqueue((delta, size, now));
        while (Size > limit)
            Drop();
    }

    /// <summary>Counts a change that can't be told by itself: nor can those before it, as nobody could follow them.</summary>
    public void Skip()
    {
        Last++;
        Clear();
    }

    public void Clear()
    {
        _kept.Clear();
        Size = 0;
        _lastRange = null;
    }

    /// <summary>Drops what was kept before a time.</summary>
    public void Forget(long before)
    {
        while (_kept.TryPeek(out var oldest) && oldest.At < before)
            Drop();
        if (IsEmpty)
            _lastRange = null;
    }

    public long ToldTo(UniqueAddress node) => _told.GetValueOrDefault(node);

    public void SetTold(UniqueAddress node, long sequence) => _told[node] = sequence;

    public void Remove(UniqueAddress node) => _told.Remove(node);

    /// <summary>What a node has not been told yet, of what is kept; null if there is nothing.</summary>
    public DeltaRange? For(UniqueAddress node)
    {
        var from = Math.Max(ToldTo(node) + 1, First);
        if (from > Last)
            return null;
        // Mostly all nodes are told the same.
        if (_lastRange is { } range && range.From == from && range.To == Last)
            return range;
        var untold = _kept.Skip((int)(from - First)).ToList();
        var merged = Deltas.Merge(untold.ConvertAll(static d => d.Delta));
        return _lastRange = new DeltaRange(key, from, Last, merged, untold.Sum(static d => d.Size));
    }

    private void Drop() => Size -= _kept.Dequeue().Size;
}

/// <summary>A delta that can be merged with many at once for less than one after another.</summary>
internal interface IMergeableDelta
{
    IReplicatedDelta MergeAll(IReadOnlyList<IReplicatedDelta> deltas);
}

/// <summary>What all deltas have in common.</summary>
internal static class Deltas
{
    /// <param name="deltas">Of one key and node, in order; at least one.</param>
    public static IReplicatedDelta Merge(IReadOnlyList<IReplicatedDelta> deltas) =>
        deltas.Count == 1 ? deltas[0]
        : deltas[0] is IMergeableDelta first ? first.MergeAll(deltas)
        : deltas.Aggregate(static (merged, delta) => (IReplicatedDelta)merged.Merge(delta));

    public static int SizeOf(IReplicatedDelta delta) => delta is IReplicatedDeltaSize sized ? Math.Max(1, sized.DeltaSize) : 1;
}
