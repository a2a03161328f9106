using System.Collections.Immutable;
using Akka.Cluster;

namespace Akka.DistributedData;

/// <summary>
/// A value of which every node has its own copy and that each may change by itself: any two copies can be merged, in any order and any
/// number of times, and copies that have seen the same changes are the same. Immutable.
/// </summary>
public interface IReplicatedData
{
    /// <summary>What both have seen.</summary>
    IReplicatedData Merge(IReplicatedData other);
}

/// <inheritdoc/>
public interface IReplicatedData<T> : IReplicatedData
    where T : IReplicatedData
{
    /// <inheritdoc cref="IReplicatedData.Merge"/>
    T Merge(T other);
}

/// <summary>Marks what the serializer of replicated data is for.</summary>
public interface IReplicatedDataSerialization;

/// <summary>Data of which a change can be told to others without the whole.</summary>
public interface IDeltaReplicatedData : IReplicatedData
{
    /// <summary>What was changed since <see cref="ResetDelta"/>; null if that can't be told, or is nothing.</summary>
    IReplicatedDelta? Delta { get; }

    IReplicatedData MergeDelta(IReplicatedDelta delta);

    /// <summary>The same, with no memory of what was changed.</summary>
    IReplicatedData ResetDelta();
}

/// <inheritdoc/>
public interface IDeltaReplicatedData<T, TDelta> : IDeltaReplicatedData, IReplicatedData<T>
    where T : IReplicatedData
    where TDelta : IReplicatedDelta
{
    new TDelta? Delta { get; }

    T MergeDelta(TDelta delta);

    new T ResetDelta();
}

/// <summary>A change of <see cref="IDeltaReplicatedData"/>. Merging two of them gives the change that both together are.</summary>
public interface IReplicatedDelta : IReplicatedData
{
    /// <summary>What the change is applied to where there is nothing yet.</summary>
    IDeltaReplicatedData Zero { get; }
}

/// <summary>A delta that must be applied after all earlier ones of its node.</summary>
public interface IRequireCausualDeliveryOfDeltas : IReplicatedDelta;

/// <summary>A delta that grows with the number of changes in it.</summary>
public interface IReplicatedDeltaSize
{
    /// <summary>The number of changes.</summary>
    int DeltaSize { get; }
}

/// <summary>Data that remembers which nodes have changed it, and has to forget those that left for ever.</summary>
public interface IRemovedNodePruning : IReplicatedData
{
    /// <summary>The nodes that the data has state of.</summary>
    ImmutableHashSet<UniqueAddress> ModifiedByNodes { get; }

    bool NeedPruningFrom(UniqueAddress removedNode);

    /// <summary>Turns what came from the removed node into something that came from <paramref name="collapseInto"/>.</summary>
    IReplicatedData Prune(UniqueAddress removedNode, UniqueAddress collapseInto);

    /// <summary>Drops whatever is still there of a node that another node has pruned.</summary>
    IReplicatedData PruningCleanup(UniqueAddress removedNode);
}

/// <inheritdoc/>
public interface IRemovedNodePruning<T> : IRemovedNodePruning, IReplicatedData<T>
    where T : IReplicatedData
{
    /// <inheritdoc cref="IRemovedNodePruning.Prune"/>
    new T Prune(UniqueAddress removedNode, UniqueAddress collapseInto);

    /// <inheritdoc cref="IRemovedNodePruning.PruningCleanup"/>
    new T PruningCleanup(UniqueAddress removedNode);
}

/// <summary>Data that knows a number which differs whenever two copies differ, without looking at all of itself.</summary>
/// <remarks>It is compared between nodes: nothing that a process draws at random, such as the hash of a string, may go into it.</remarks>
internal interface IFingerprinted
{
    ulong Fingerprint { get; }
}

/// <summary>Data that can tell whether it was made out of another by changes alone, so that nothing is to be merged.</summary>
internal interface IDerived
{
    bool DerivesFrom(IReplicatedData original);
}

/// <summary>Data of many entries.</summary>
internal interface ISized
{
    int Count { get; }
}
