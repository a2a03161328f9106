using Akka.Cluster;

namespace Akka.DistributedData.Replication;

/// <summary>Tells the other nodes what this one has changed, soon after it has, and tells again who has missed it.</summary>
/// <param name="replica">What the node remembers.</param>
/// <param name="send">To another node's replicator.</param>
internal sealed class DeltaExchange(Replica replica, Action<UniqueAddress, object> send)
{
    // Of a cluster of more nodes than this, only a part is told at a time, so that all are within an interval of gossip.
    private const int AllAtOnce = 10;
    private const int Parts = 5;

    // Changes in one message: some 500 KB.
    private const int MaxMessageSize = 20_000;

    private UniqueAddress? _lastTold;

    public bool HasUntold => replica.Logs.HasUntold(replica.Replicas.ReachablePeers);

    /// <summary>Tells the next nodes.</summary>
    public void Propagate()
    {
        List<DeltaRange>? lastRanges = null;
        List<DeltaPropagation> messages = [];
        foreach (var node in NextNodes())
        {
            var ranges = replica.Logs.TakeFor(node);
            // The same objects mean the same message, which is turned into bytes once.
            if (lastRanges is null || !ranges.SequenceEqual(lastRanges, ReferenceEqualityComparer.Instance))
                messages = InMessages(ranges);
            lastRanges = ranges;
            messages.ForEach(message => send(node, message));
            _lastTold = node;
        }
    }

    /// <summary>Another node has missed something; it is told again with what comes next.</summary>
    /// <returns>Whether there is anything to tell.</returns>
    public bool OnGaps(DeltaGaps gaps)
    {
        var any = false;
        foreach (var (key, have) in gaps.Have)
            any |= replica.Logs.Rewind(gaps.From, key, have);
        return any;
    }

    private List<UniqueAddress> NextNodes()
    {
        var all = replica.Replicas.ReachablePeers.Order().ToList();
        if (all.Count <= AllAtOnce)
            return all;
        var start = _lastTold is null ? 0 : all.Count(node => node.CompareTo(_lastTold) <= 0);
        var count = Math.Max(AllAtOnce, (all.Count + Parts - 1) / Parts);
        return [.. Enumerable.Range(start, count).Select(i => all[i % all.Count])];
    }

    private List<DeltaPropagation> InMessages(List<DeltaRange> ranges)
    {
        var messages = new List<DeltaPropagation>();
        var size = 0;
        var first = 0;
        for (var i = 0; i <= ranges.Count; i++)
        {
            var isFull = i < ranges.Count && (i - first >= replica.Settings.MaxDeltaElements || size + ranges[i].Size > MaxMessageSize);
            if (i > first && (isFull || i == ranges.Count))
            {
                messages.Add(new DeltaPropagation(replica.Self, false, ranges[first..i]));
                (first, size) = (i, 0);
            }

            if (i < ranges.Count)
                size += ranges[i].Size;
        }

        return messages;
    }
}
