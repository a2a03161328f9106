using Akka.Actor;
using Akka.Cluster.Tools.Singleton;

namespace Akka.Cluster.Sharding;

/// <summary>Where coordinators keep what must outlive them.</summary>
public enum StateStoreMode
{
    /// <summary>In distributed data: in the memory of a majority of the nodes. The other modes of Akka.NET aren't there.</summary>
    DData = 1,
}

/// <summary>How a shard region behaves. Immutable: the <c>With…</c> methods return changed copies.</summary>
public sealed class ClusterShardingSettings : INoSerializationVerificationNeeded
{
    /// <summary>Only nodes of this role run shards; null for all nodes.</summary>
    public readonly string? Role;

    /// <summary>
    /// An entity that has got no message through its region for this long is stopped with the hand-off stop message. Zero
    /// switches it off; 2 minutes by default.
    /// </summary>
    public readonly TimeSpan PassivateIdleEntityAfter;

    /// <summary>Where coordinators keep what must outlive them.</summary>
    public readonly StateStoreMode StateStoreMode = StateStoreMode.DData;

    /// <summary>Limits that seldom need a change.</summary>
    public readonly TuningParameters TuningParameters;

    /// <summary>How the coordinator is kept a singleton. Its role is <see cref="Role"/>, whatever is said here.</summary>
    public readonly ClusterSingletonManagerSettings CoordinatorSingletonSettings;

    private ClusterShardingSettings(
        string? role,
        TimeSpan passivateIdleEntityAfter,
        TuningParameters tuningParameters,
        ClusterSingletonManagerSettings coordinatorSingletonSettings)
    {
        Role = role;
        PassivateIdleEntityAfter = passivateIdleEntityAfter;
        TuningParameters = tuningParameters;
        CoordinatorSingletonSettings = coordinatorSingletonSettings;
    }

    /// <summary>The defaults of a system.</summary>
    public static ClusterShardingSettings Create(ActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);

        // A coordinator too many does no harm that the majority of the nodes wouldn't have to agree to: it needn't wait.
        return new ClusterShardingSettings(
            null, TimeSpan.FromMinutes(2), TuningParameters.Default, ClusterSingletonManagerSettings.Default);
    }

    public ClusterShardingSettings WithRole(string? role) =>
        new(role, PassivateIdleEntityAfter, TuningParameters, CoordinatorSingletonSettings);

    public ClusterShardingSettings WithPassivateIdleAfter(TimeSpan duration) =>
        new(Role, duration, TuningParameters, CoordinatorSingletonSettings);

    /// <exception cref="ArgumentException">The mode is not there.</exception>
    public ClusterShardingSettings WithStateStoreMode(StateStoreMode mode) =>
        mode == StateStoreMode.DData ? this : throw new ArgumentException($"There is no state store mode {mode}.", nameof(mode));

    public ClusterShardingSettings WithTuningParameters(TuningParameters tuningParameters) =>
        new(Role, PassivateIdleEntityAfter, tuningParameters, CoordinatorSingletonSettings);

    public ClusterShardingSettings WithCoordinatorSingletonSettings(ClusterSingletonManagerSettings coordinatorSingletonSettings) =>
        new(Role, PassivateIdleEntityAfter, TuningParameters, coordinatorSingletonSettings);

    /// <summary>Whether a node runs shards, or only sends to those that do.</summary>
    internal bool ShouldHostShard(Cluster cluster) => Role is null || cluster.SelfRoles.Contains(Role);
}
