using System.Collections.Immutable;
using Akka.Cluster;

namespace Akka.DistributedData.Replication;

/// <summary>
/// Has values forget the nodes that were removed. When a removal is long enough ago for all of that node's changes to have spread, the first
/// of the others marks the values that know it; when all nodes have seen a mark, it makes what is left of the removed node its own.
/// </summary>
/// <param name="replicas">The nodes.</param>
/// <param name="store">This node's copies.</param>
/// <param name="dissemination">How long a change takes to spread at most, in ticks.</param>
/// <param name="timeToLive">How long after that something of the removed node's may still come from somewhere, in ticks.</param>
internal sealed class Pruner(ReplicaSet replicas, ReplicaStore store, long dissemination, long timeToLive)
{
    /// <param name="clock">See <see cref="ReplicaSet.Clock"/>.</param>
    /// <param name="utcNow">In ticks.</param>
    /// <param name="set">Stores an envelope whose data is the same.</param>
    /// <param name="pruned">Stores data that was pruned, with the change that this is to others; returns the change's number.</param>
    /// <returns>How many values were pruned.</returns>
    public int Run(
        long clock, long utcNow, Action<string, DataEnvelope> set, Func<string, IReplicatedData, IReplicatedDelta?, long> pruned)
    {
        foreach (var (key, envelope) in store.All.ToArray())
        {
            if (envelope.WithoutObsolete(utcNow) is var current && !ReferenceEquals(current, envelope))
                set(key, current);
        }

        foreach (var forgotten in replicas.Removed.Where(r => clock - r.Value > dissemination + timeToLive).Select(r => r.Key).ToArray())
            replicas.Removed.Remove(forgotten);
        if (!replicas.AllReachable)
            return 0;
        if (replicas.IsFirst)
        {
            FindRemoved(clock);
            Begin(clock, set);
        }

        return Perform(utcNow, set, pruned);
    }

    /// <summary>Nodes that are in the data and not in the cluster were removed before this one came.</summary>
    private void FindRemoved(long clock)
    {
        foreach (var (_, envelope) in store.All)
        {
            var nodes = envelope.Data is IRemovedNodePruning pruning ? pruning.ModifiedByNodes : [];
            foreach (var node in nodes.Concat(envelope.DeltaVersions.Nodes.ToArray()))
            {
                if (!replicas.Knows(node))
                    replicas.Removed.TryAdd(node, clock);
            }
        }
    }

    private void Begin(long clock, Action<string, DataEnvelope> set)
    {
        var due = replicas.Removed.Where(removed => clock - removed.Value > dissemination).Select(static removed => removed.Key).ToArray();
        if (due.Length == 0)
            return;
        foreach (var (key, envelope) in store.All.ToArray())
        {
            var marked = envelope;
            foreach (var removed in due)
            {
                var isNew = !envelope.Pruning.TryGetValue(removed, out var state)
                    || (state is PruningInitialized initialized && !initialized.Owner.Equals(replicas.Self));
                if (isNew && !envelope.IsDeleted && envelope.NeedPruningFrom(removed))
                    marked = marked.WithPruning(removed, new PruningInitialized(replicas.Self, ImmutableHashSet<UniqueAddress>.Empty));
            }

            if (!ReferenceEquals(marked, envelope))
                set(key, marked);
        }
    }

    private int Perform(
        long utcNow, Action<string, DataEnvelope> set, Func<string, IReplicatedData, IReplicatedDelta?, long> pruned)
    {
        var all = replicas.Peers.ToArray();
        var count = 0;
        foreach (var (key, envelope) in store.All.ToArray())
        {
            foreach (var (removed, state) in envelope.Pruning.OrderBy(static pruning => pruning.Key))
            {
                if (state is not PruningInitialized initialized || !initialized.Owner.Equals(replicas.Self) || !all.All(initialized.Seen.Contains))
                    continue;
                var data = store.Find(key)!.Prune(removed, replicas.Self, out var delta);
                var sequence = pruned(key, data, delta);
                // The others may drop what is left of the removed node as soon as they have what it has become.
                set(key, store.Find(key)!.WithPruning(removed, new PruningPerformed(utcNow + timeToLive, replicas.Self, sequence)));
                count++;
            }
        }

        return count;
    }
}
