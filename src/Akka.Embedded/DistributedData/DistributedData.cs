using System.Collections.Immutable;
using Akka.Actor;
using Akka.DistributedData.Replication;
using Akka.DistributedData.Wire;
using Akka.Event;

namespace Akka.DistributedData;

/// <summary>Creates a system's <see cref="DistributedData"/>.</summary>
public class DistributedDataProvider : ExtensionIdProvider<DistributedData>
{
    public override DistributedData CreateExtension(ExtendedActorSystem system) => new(system);
}

/// <summary>Shorthands for systems.</summary>
public static class DistributedDataExtensions
{
    public static DistributedData DistributedData(this ActorSystem system) => Akka.DistributedData.DistributedData.Get(system);
}

/// <summary>
/// Values that all nodes of a cluster have copies of, that each may change at once, without asking anybody, and that come to be the same on
/// all. Thread-safe.
/// </summary>
public class DistributedData : IExtension
{
    private readonly Cluster.Cluster _cluster;
    private readonly ReplicatorSettings _settings;

    public DistributedData(ExtendedActorSystem system)
    {
        var setup = DistributedDataSetup.Of(system);
        _settings = setup.Settings;
        _cluster = Cluster.Cluster.Get(system);
        if (IsTerminated)
        {
            system.Log.Warning("There is no replicator on this node: it has left the cluster, or lacks the role {0}", _settings.Role ?? "");
            Replicator = system.DeadLetters;
            return;
        }

        Replica = new Replica(_cluster.SelfUniqueAddress, _settings, new DataFingerprints(system).Of);
        var group = new ClusterReplicaGroup(_cluster, _settings.Role, setup.Name);
        Replicator = system.SystemActorOf(Akka.DistributedData.Replication.Replicator.PropsOf(Replica, group), setup.Name);
    }

    /// <summary>Whether this node has no replicator: it has left the cluster, or hasn't the role.</summary>
    public bool IsTerminated => _cluster.IsTerminated || (_settings.Role is { } role && !_cluster.SelfRoles.Contains(role));

    /// <summary>Takes <see cref="Get"/>, <see cref="Update"/>, <see cref="Subscribe"/> and so on; see <see cref="Dsl"/>.</summary>
    public IActorRef Replicator { get; }

    /// <summary>Null if there is no replicator.</summary>
    internal Replica? Replica { get; }

    public static DistributedData Get(ActorSystem system) => system.WithExtension<DistributedData, DistributedDataProvider>();

    /// <summary>The keys that this node knows.</summary>
    public async Task<IImmutableSet<string>> GetKeysAsync(CancellationToken cancellation = default) =>
        (await Replicator.Ask<GetKeysIdsResult>(Dsl.GetKeyIds, cancellation).ConfigureAwait(false)).Keys;

    /// <summary>A value; null if there is none.</summary>
    /// <param name="key">The key.</param>
    /// <param name="consistency">This node's value by default.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="DataDeletedException">The key was deleted.</exception>
    /// <exception cref="TimeoutException">Not enough nodes have answered in time.</exception>
    public async Task<T?> GetAsync<T>(IKey<T> key, IReadConsistency? consistency = null, CancellationToken cancellation = default)
        where T : class, IReplicatedData<T>
    {
        var response = await Replicator.Ask<IGetResponse>(Dsl.Get(key, consistency), cancellation).ConfigureAwait(false);
        return response is NotFound ? null : response.Get(key);
    }

    /// <summary>Merges a value into the current one. What comes of a failure to confirm it is that of <see cref="UpdateTimeout"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="replica">What is merged. If it is a set or a map, it must have been made out of a value that was got here.</param>
    /// <param name="consistency">This node alone by default.</param>
    /// <param name="cancellation">Ends the wait; the update is made all the same.</param>
    /// <exception cref="DataDeletedException">The key was deleted.</exception>
    /// <exception cref="TimeoutException">Not enough nodes have confirmed it in time.</exception>
    public async Task UpdateAsync<T>(
        IKey<T> key, T replica, IWriteConsistency? consistency = null, CancellationToken cancellation = default)
        where T : IReplicatedData<T> =>
        (await Replicator.Ask<IUpdateResponse>(Dsl.Update(key, replica, consistency), cancellation).ConfigureAwait(false)).ThrowOnFailure();

    /// <summary>Deletes a key for ever.</summary>
    /// <param name="key">The key.</param>
    /// <param name="consistency">This node alone by default.</param>
    /// <param name="cancellation">Ends the wait; the key is deleted all the same.</param>
    /// <exception cref="DataDeletedException">It was deleted before.</exception>
    /// <exception cref="TimeoutException">Not enough nodes have confirmed it in time.</exception>
    public async Task DeleteAsync<T>(IKey<T> key, IWriteConsistency? consistency = null, CancellationToken cancellation = default)
        where T : IReplicatedData<T>
    {
        var delete = Dsl.Delete(key, consistency ?? WriteLocal.Instance);
        switch (await Replicator.Ask<IDeleteResponse>(delete, cancellation).ConfigureAwait(false))
        {
            case ReplicationDeleteFailure:
                throw new TimeoutException($"Too few nodes have confirmed in time the deletion of key [{key}]");
            case DataDeleted deleted:
                throw new DataDeletedException(deleted.Message);
        }
    }
}
