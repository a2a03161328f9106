using Akka.Cluster.Sharding;

namespace Akka.Cluster.Hosting;

/// <summary>What <c>WithShardRegion</c> takes besides the entities themselves; what is null keeps its default.</summary>
public sealed class ShardOptions
{
    /// <summary>Where coordinators keep what must outlive them.</summary>
    public StateStoreMode? StateStoreMode { get; set; }

    /// <summary>Only nodes of this role run the shards.</summary>
    public string? Role { get; set; }

    /// <summary>What entities get when they are to stop; by default <see cref="Actor.PoisonPill"/>.</summary>
    public object? HandOffStopMessage { get; set; }

    /// <summary>False keeps idle entities for ever.</summary>
    public bool? ShouldPassivateIdleEntities { get; set; }

    /// <summary>See <see cref="Sharding.ClusterShardingSettings.PassivateIdleEntityAfter"/>; zero means never.</summary>
    public TimeSpan? PassivateIdleEntityAfter { get; set; }
}
