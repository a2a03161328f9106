using System.Collections.Immutable;
using Akka.Cluster;

namespace Akka.DistributedData.Replication;

/// <summary>How far a value has got with forgetting a removed node. Immutable.</summary>
internal abstract record PruningState
{
    public abstract ulong Fingerprint { get; }

    /// <summary>The state that has got further.</summary>
    public abstract PruningState Merge(PruningState other);
}

/// <summary>
/// The first phase: the owner wants to prune, and waits until all nodes have said that they know it. By then all that the removed node has
/// written has reached all of them, the owner included.
/// </summary>
internal sealed record PruningInitialized(UniqueAddress Owner, ImmutableHashSet<UniqueAddress> Seen) : PruningState
{
    public override ulong Fingerprint => Seen.Aggregate(
        Fingerprints.Of(Owner), static (sum, node) => sum + Fingerprints.Mix(Fingerprints.Of(node)));

    public PruningInitialized AddSeen(UniqueAddress node) =>
        Owner.Equals(node) || Seen.Contains(node) ? this : this with { Seen = Seen.Add(node) };

    public override PruningState Merge(PruningState other)
    {
        if (other is not PruningInitialized initialized)
            return other;
        var order = Owner.CompareTo(initialized.Owner);
        return order == 0 ? this with { Seen = Seen.Union(initialized.Seen) } : order < 0 ? this : other;
    }
}

/// <summary>
/// The second phase: what the removed node had written is the pruning node's now, and whatever still comes of the removed one is dropped.
/// </summary>
/// <param name="ObsoleteAt">In ticks, UTC: after that nothing of the removed node's can come any more.</param>
/// <param name="By">Who has pruned.</param>
/// <param name="Sequence">Who has all of its changes up to this one has what was pruned, in its new form.</param>
internal sealed record PruningPerformed(long ObsoleteAt, UniqueAddress By, long Sequence) : PruningState
{
    public override ulong Fingerprint => 1;

    public bool IsObsolete(long now) => ObsoleteAt <= now;

    public override PruningState Merge(PruningState other)
    {
        if (other is not PruningPerformed performed || performed.ObsoleteAt < ObsoleteAt)
            return this;
        return performed.ObsoleteAt > ObsoleteAt || performed.By.CompareTo(By) < 0 ? performed : this;
    }
}
