using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>
/// Keeps the state of a type's coordinator where the next coordinator finds it, on whatever node that is. An actor: it is sent
/// <see cref="LoadState"/> and <see cref="SaveState"/>, and answers each when it is done, however long that takes; it tries again by itself.
/// </summary>
internal interface ICoordinatorStore
{
    /// <param name="typeName">The type of the entities.</param>
    /// <param name="settings">How long to wait, and for how many nodes.</param>
    Props Props(string typeName, ClusterShardingSettings settings);
}

/// <summary>Answered by <see cref="StateLoaded"/>: with the last state of which anybody was told that it is saved, or a later one.</summary>
internal sealed record LoadState;

internal sealed record StateLoaded(CoordinatorState State);

/// <summary>Answered by <see cref="StateSaved"/> once every later <see cref="LoadState"/> will find it.</summary>
/// <param name="State">The state.</param>
/// <param name="Version">Comes back with the answer.</param>
internal sealed record SaveState(CoordinatorState State, long Version);

internal sealed record StateSaved(long Version);

/// <summary>Where coordinators keep their state; by default in distributed data.</summary>
internal sealed class CoordinatorStoreSetup : Actor.Setup.Setup
{
    public required ICoordinatorStore Store { get; init; }
}
