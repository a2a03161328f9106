using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>How a shard region behaves. Immutable: the <c>With…</c> methods return changed copies.</summary>
public sealed class ClusterShardingSettings
{
    /// <summary>Only nodes of this role run shards; null for all nodes.</summary>
    public readonly string? Role;

    /// <summary>
    /// An entity that has got no message through its region for this long is stopped with the hand-off stop message. Zero
    /// switches it off; 2 minutes by default.
    /// </summary>
    public readonly TimeSpan PassivateIdleEntityAfter;

    /// <summary>Limits that seldom need a change.</summary>
    public readonly TuningParameters TuningParameters;

    private ClusterShardingSettings(string? role, TimeSpan passivateIdleEntityAfter, TuningParameters tuningParameters)
    {
        Role = role;
        PassivateIdleEntityAfter = passivateIdleEntityAfter;
        TuningParameters = tuningParameters;
    }

    /// <summary>The defaults of a system.</summary>
    public static ClusterShardingSettings Create(ActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        return new ClusterShardingSettings(null, TimeSpan.FromMinutes(2), TuningParameters.Default);
    }

    public ClusterShardingSettings WithRole(string? role) => new(role, PassivateIdleEntityAfter, TuningParameters);

    public ClusterShardingSettings WithPassivateIdleAfter(TimeSpan duration) => new(Role, duration, TuningParameters);

    public ClusterShardingSettings WithTuningParameters(TuningParameters tuningParameters) =>
        new(Role, PassivateIdleEntityAfter, tuningParameters);
}

/// <summary>Limits of a shard region.</summary>
public class TuningParameters
{
    internal static readonly TuningParameters Default = new(100_000, TimeSpan.FromSeconds(60));

    /// <summary>
    /// How many messages a region holds, over all its entities that are being passivated; what comes after goes to dead letters.
    /// </summary>
    public readonly int BufferSize;

    /// <summary>How long a region that shuts down waits for its entities before it stops them without their consent.</summary>
    public readonly TimeSpan HandOffTimeout;

    private TuningParameters(int bufferSize, TimeSpan handOffTimeout)
    {
        BufferSize = bufferSize;
        HandOffTimeout = handOffTimeout;
    }

    public TuningParameters WithBufferSize(int bufferSize) => new(bufferSize, HandOffTimeout);

    public TuningParameters WithHandOffTimeout(TimeSpan handOffTimeout) => new(BufferSize, handOffTimeout);
}
