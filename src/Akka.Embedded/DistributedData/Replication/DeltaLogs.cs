using Akka.Cluster;

namespace Akka.DistributedData.Replication;

/// <summary>
/// This node's changes of all keys that others may still want to be told. All are kept for a while after they were told, for who has missed
/// them.
/// </summary>
/// <param name="self">This node.</param>
/// <param name="maxDeltaSize">A delta of more changes is only kept if the value has more entries than it has changes.</param>
/// <param name="retention">How long a change is kept, in ticks.</param>
internal sealed class DeltaLogs(UniqueAddress self, int maxDeltaSize, long retention)
{
    // How many of the largest deltas a small value's log may hold; a large value's may hold as many changes as that has entries.
    private const int DeltasKept = 20;

    private readonly Dictionary<string, DeltaLog> _logs = [];
    private readonly List<DeltaLog> _active = [];
    private readonly SortedSet<UniqueAddress> _peers = [];

    /// <summary>No change is kept.</summary>
    public bool IsIdle => _active.Count == 0;

    /// <summary>The number of this node's last change of a key.</summary>
    public long Version(string key) => _logs.TryGetValue(key, out var log) ? log.Last : 0;

    /// <summary>Counts a change of this node's.</summary>
    /// <param name="key">The key.</param>
    /// <param name="current">The versions of the value before the change.</param>
    /// <param name="delta">The change; null if it can only be told with the whole value.</param>
    /// <param name="entries">The size of the value.</param>
    /// <param name="now">In ticks.</param>
    /// <returns>The change's number.</returns>
    public long Record(string key, VersionVector current, IReplicatedDelta? delta, int entries, long now)
    {
        if (!_logs.TryGetValue(key, out var log))
            _logs[key] = log = new DeltaLog(key, current.VersionAt(self));
        var size = delta is null ? 0 : Deltas.SizeOf(delta);
        if (delta is null || _peers.Count == 0 || (size > maxDeltaSize && size > entries))
        {
            log.Skip();
            _active.Remove(log);
        }
        else
        {
            if (log.IsEmpty)
                _active.Add(log);
            log.Keep(delta, size, Math.Max(maxDeltaSize * DeltasKept, entries), now);
        }

        return log.Last;
    }

    /// <summary>From now on the node is told of changes; what there is it gets otherwise.</summary>
    public void AddPeer(UniqueAddress node)
    {
        if (!_peers.Add(node))
            return;
        foreach (var log in _logs.Values)
            log.SetTold(node, log.Last);
    }

    public void RemovePeer(UniqueAddress node)
    {
        _peers.Remove(node);
        foreach (var log in _logs.Values)
            log.Remove(node);
        if (_peers.Count > 0)
            return;
        _active.ForEach(static log => log.Clear());
        _active.Clear();
    }

    public void Delete(string key)
    {
        if (_logs.Remove(key, out var log))
            _active.Remove(log);
    }

    /// <summary>What a node has not been told; it counts as told then.</summary>
    public List<DeltaRange> TakeFor(UniqueAddress node)
    {
        var ranges = new List<DeltaRange>();
        foreach (var log in _active)
        {
            if (log.For(node) is { } range)
                ranges.Add(range);
            log.SetTold(node, log.Last);
        }

        return ranges;
    }

    /// <summary>The same, of one key.</summary>
    public DeltaRange? TakeFor(UniqueAddress node, string key)
    {
        if (!_logs.TryGetValue(key, out var log) || log.For(node) is not { } range)
            return null;
        log.SetTold(node, log.Last);
        return range;
    }

    public bool HasUntold(IEnumerable<UniqueAddress> nodes) => _active.Exists(log => nodes.Any(node => log.ToldTo(node) < log.Last));

    /// <summary>A node has missed what it was told after a change.</summary>
    /// <returns>False if it is not kept any more, or was never told.</returns>
    public bool Rewind(UniqueAddress node, string key, long have)
    {
        if (!_logs.TryGetValue(key, out var log) || !_peers.Contains(node) || have + 1 < log.First || have >= log.Last)
            return false;
        log.SetTold(node, Math.Min(log.ToldTo(node), have));
        return true;
    }

    /// <summary>Forgets changes that were kept long enough.</summary>
    public void Forget(long now)
    {
        foreach (var log in _active)
            log.Forget(now - retention);
        _active.RemoveAll(static log => log.IsEmpty);
    }
}
