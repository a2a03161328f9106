using System.Collections.Immutable;
using Akka.Cluster;

namespace Akka.DistributedData.Replication;

/// <summary>
/// A node's copy of a value, with how much of each other node's changes are in it, and which removed nodes it has to do with. Immutable.
/// </summary>
internal sealed class DataEnvelope
{
    public static readonly DataEnvelope Deleted = new(DeletedData.Instance);

    public DataEnvelope(
        IReplicatedData data, ImmutableDictionary<UniqueAddress, PruningState>? pruning = null, VersionVector? deltaVersions = null)
    {
        Data = data;
        Pruning = pruning ?? ImmutableDictionary<UniqueAddress, PruningState>.Empty;
        DeltaVersions = deltaVersions ?? VersionVector.Empty;
    }

    public IReplicatedData Data { get; }

    /// <summary>By removed node.</summary>
    public ImmutableDictionary<UniqueAddress, PruningState> Pruning { get; }

    /// <summary>The number of the last change of each node that is in the data.</summary>
    public VersionVector DeltaVersions { get; }

    public bool IsDeleted => Data is DeletedData;

    /// <summary>What tells apart how far pruning has got.</summary>
    public ulong PruningFingerprint
    {
        get
        {
            var sum = 0UL;
            foreach (var (node, state) in Pruning)
                sum += Fingerprints.Mix(Fingerprints.Of(node) + state.Fingerprint);
            return sum;
        }
    }

    public DataEnvelope With(IReplicatedData data, VersionVector versions) => IsDeleted ? this : new DataEnvelope(data, Pruning, versions).Cleaned();

    public DataEnvelope WithPruning(UniqueAddress removed, PruningState state) =>
        new DataEnvelope(Data, Pruning.SetItem(removed, state), DeltaVersions).Cleaned();

    /// <summary>What both have seen. A deleted value stays deleted.</summary>
    /// <param name="other">Another node's.</param>
    /// <param name="now">In ticks, UTC.</param>
    /// <exception cref="InvalidCastException">The values are of different types.</exception>
    public DataEnvelope Merge(DataEnvelope other, long now)
    {
        if (IsDeleted || other.IsDeleted)
            return Deleted;
        var pruning = MergePruning(other.Pruning.Where(p => p.Value is not PruningPerformed performed || !performed.IsObsolete(now)));
        // What a removed node has written goes from both before they meet: merged, it would look as if it had been removed.
        var (mine, theirs) = (Clean(Data, pruning), Clean(other.Data, pruning));
        return new DataEnvelope(mine.Merge(theirs), pruning, DeltaVersions.Merge(other.DeltaVersions)).Cleaned();
    }

    /// <summary>Takes over how far another node has got with pruning, without its value.</summary>
    public DataEnvelope MergeMarkers(DataEnvelope other, long now)
    {
        if (IsDeleted)
            return this;
        var pruning = MergePruning(other.Pruning.Where(p => p.Value is not PruningPerformed performed
            // Without the pruning node's changes, dropping what they replace would lose it.
            || (!performed.IsObsolete(now) && DeltaVersions.VersionAt(performed.By) >= performed.Sequence)));
        return ReferenceEquals(pruning, Pruning) ? this : new DataEnvelope(Data, pruning, DeltaVersions).Cleaned();
    }

    /// <summary>Applies changes of a node.</summary>
    /// <param name="delta">The changes.</param>
    /// <param name="versions">The versions that the data has then.</param>
    /// <exception cref="InvalidCastException">They are not changes of such a value.</exception>
    public DataEnvelope Apply(IReplicatedDelta delta, VersionVector versions) =>
        IsDeleted ? this : With(((IDeltaReplicatedData)Data).MergeDelta(delta), versions);

    /// <summary>Says, of all prunings that others have begun, that this node knows.</summary>
    public DataEnvelope AddSeen(UniqueAddress node)
    {
        var pruning = Pruning;
        foreach (var (removed, state) in Pruning)
        {
            if (state is PruningInitialized initialized && initialized.AddSeen(node) is var seen && !ReferenceEquals(seen, initialized))
                pruning = pruning.SetItem(removed, seen);
        }

        return ReferenceEquals(pruning, Pruning) ? this : new(Data, pruning, DeltaVersions);
    }

    public DataEnvelope WithoutObsolete(long now)
    {
        var obsolete = Pruning.Where(p => p.Value is PruningPerformed performed && performed.IsObsolete(now)).Select(p => p.Key).ToArray();
        return obsolete.Length == 0 ? this : new(Data, Pruning.RemoveRange(obsolete), DeltaVersions);
    }

    public bool NeedPruningFrom(UniqueAddress removed) =>
        (Data is IRemovedNodePruning pruning && pruning.NeedPruningFrom(removed)) || DeltaVersions.Contains(removed);

    /// <summary>Makes a removed node's part of the data this node's.</summary>
    /// <param name="removed">The removed node.</param>
    /// <param name="into">This node.</param>
    /// <param name="delta">The changes that this is to others; null if it is none, or can't be told.</param>
    public IReplicatedData Prune(UniqueAddress removed, UniqueAddress into, out IReplicatedDelta? delta)
    {
        delta = null;
        if (Data is not IRemovedNodePruning pruning || !pruning.NeedPruningFrom(removed))
            return Data;
        var pruned = pruning.Prune(removed, into);
        if (pruned is not IDeltaReplicatedData changed)
            return pruned;
        delta = changed.Delta;
        return changed.ResetDelta();
    }

    private static IReplicatedData Clean(IReplicatedData data, ImmutableDictionary<UniqueAddress, PruningState> pruning)
    {
        foreach (var (removed, state) in pruning)
        {
            if (state is PruningPerformed && data is IRemovedNodePruning prunable && prunable.NeedPruningFrom(removed))
                data = prunable.PruningCleanup(removed);
        }

        return data;
    }

    /// <summary>Without what comes late of nodes that were pruned.</summary>
    private DataEnvelope Cleaned()
    {
        if (Pruning.IsEmpty)
            return this;
        var versions = DeltaVersions;
        foreach (var (removed, state) in Pruning)
        {
            if (state is PruningPerformed)
                versions = versions.PruningCleanup(removed);
        }

        var data = Clean(Data, Pruning);
        return ReferenceEquals(data, Data) && ReferenceEquals(versions, DeltaVersions) ? this : new(data, Pruning, versions);
    }

    private ImmutableDictionary<UniqueAddress, PruningState> MergePruning(IEnumerable<KeyValuePair<UniqueAddress, PruningState>> others)
    {
        var pruning = Pruning;
        foreach (var (removed, state) in others)
            pruning = pruning.SetItem(removed, pruning.TryGetValue(removed, out var mine) ? mine.Merge(state) : state);
        return pruning;
    }
}

/// <summary>What is left of a deleted key.</summary>
internal sealed class DeletedData : IReplicatedData<DeletedData>, IReplicatedDataSerialization, IFingerprinted
{
    public static readonly DeletedData Instance = new();

    private DeletedData()
    {
    }

    public ulong Fingerprint => 0xDE1E7ED;

    public DeletedData Merge(DeletedData other) => this;

    IReplicatedData IReplicatedData.Merge(IReplicatedData other) => this;
}
