using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>Marks a question that a region answers itself.</summary>
public interface IShardRegionQuery
{
}

/// <summary>Marks what the parts of sharding on different nodes send each other.</summary>
public interface IClusterShardingSerializable
{
}

/// <summary>Asks a region which entities it runs, by shard; answered by <see cref="CurrentShardRegionState"/>.</summary>
public sealed class GetShardRegionState : IShardRegionQuery, IClusterShardingSerializable
{
    public static readonly GetShardRegionState Instance = new();

    private GetShardRegionState()
    {
    }
}

/// <summary>Asks a region how many entities it runs in each shard; answered by <see cref="ShardRegionStats"/>.</summary>
public sealed class GetShardRegionStats : IShardRegionQuery, IClusterShardingSerializable
{
    public static readonly GetShardRegionStats Instance = new();

    private GetShardRegionStats()
    {
    }
}

/// <summary>The entities of one shard.</summary>
public sealed class ShardState(string shardId, IImmutableSet<string> entityIds)
    : IClusterShardingSerializable, IEquatable<ShardState>
{
    public readonly string ShardId = shardId;
    public readonly IImmutableSet<string> EntityIds = entityIds;

    public bool Equals(ShardState? other) => other is not null && ShardId == other.ShardId && EntityIds.SetEquals(other.EntityIds);

    public override bool Equals(object? obj) => Equals(obj as ShardState);

    public override int GetHashCode() => HashCode.Combine(ShardId, EntityIds.Count);

    public override string ToString() => $"ShardState({ShardId}, {EntityIds.Count} entities)";
}

/// <summary>The shards of a region with their entities.</summary>
public sealed class CurrentShardRegionState(IImmutableSet<ShardState> shards, IImmutableSet<string> failed)
    : IClusterShardingSerializable, IEquatable<CurrentShardRegionState>
{
    public readonly IImmutableSet<ShardState> Shards = shards;

    /// <summary>Shards that did not answer in time.</summary>
    public readonly IImmutableSet<string> Failed = failed;

    public bool Equals(CurrentShardRegionState? other) =>
        other is not null && Shards.SetEquals(other.Shards) && Failed.SetEquals(other.Failed);

    public override bool Equals(object? obj) => Equals(obj as CurrentShardRegionState);

    public override int GetHashCode() => HashCode.Combine(Shards.Count, Failed.Count);

    public override string ToString() => $"CurrentShardRegionState({string.Join(", ", Shards)})";
}

/// <summary>The number of entities of each shard of a region.</summary>
public sealed class ShardRegionStats(IImmutableDictionary<string, int> stats, IImmutableSet<string> failed)
    : IClusterShardingSerializable, IEquatable<ShardRegionStats>
{
    public readonly IImmutableDictionary<string, int> Stats = stats;

    /// <summary>Shards that did not answer in time.</summary>
    public readonly IImmutableSet<string> Failed = failed;

    public bool Equals(ShardRegionStats? other) =>
        other is not null
        && Failed.SetEquals(other.Failed)
        && Stats.Count == other.Stats.Count
        && Stats.All(shard => other.Stats.TryGetValue(shard.Key, out var count) && count == shard.Value);

    public override bool Equals(object? obj) => Equals(obj as ShardRegionStats);

    public override int GetHashCode() => HashCode.Combine(Stats.Count, Failed.Count);

    public override string ToString() => $"ShardRegionStats({string.Join(", ", Stats.Select(s => $"{s.Key}: {s.Value}"))})";
}

/// <summary>Asks a region on which nodes there are regions of its type; answered by <see cref="CurrentRegions"/>.</summary>
public sealed class GetCurrentRegions : IShardRegionQuery, IClusterShardingSerializable
{
    public static readonly GetCurrentRegions Instance = new();

    private GetCurrentRegions()
    {
    }

    public override string ToString() => nameof(GetCurrentRegions);
}

/// <summary>The nodes that run shards of a type, or could.</summary>
public sealed class CurrentRegions(IImmutableSet<Address> regions) : IClusterShardingSerializable, IEquatable<CurrentRegions>
{
    public readonly IImmutableSet<Address> Regions = regions;

    public bool Equals(CurrentRegions? other) => other is not null && Regions.SetEquals(other.Regions);

    public override bool Equals(object? obj) => Equals(obj as CurrentRegions);

    public override int GetHashCode() => Regions.Count;

    public override string ToString() => $"CurrentRegions({string.Join(", ", Regions)})";
}

/// <summary>Asks a region how many entities of its type there are in each shard of each node; answered by
/// <see cref="ClusterShardingStats"/>.</summary>
/// <param name="timeout">Nodes that have not answered by then are left out.</param>
public sealed class GetClusterShardingStats(TimeSpan timeout)
    : IShardRegionQuery, IClusterShardingSerializable, IEquatable<GetClusterShardingStats>
{
    public readonly TimeSpan Timeout = timeout;

    public bool Equals(GetClusterShardingStats? other) => other is not null && Timeout == other.Timeout;

    public override bool Equals(object? obj) => Equals(obj as GetClusterShardingStats);

    public override int GetHashCode() => Timeout.GetHashCode();

    public override string ToString() => $"GetClusterShardingStats({Timeout})";
}

/// <summary>The number of entities of each shard of each node.</summary>
public sealed class ClusterShardingStats(IImmutableDictionary<Address, ShardRegionStats> regions)
    : IClusterShardingSerializable, IEquatable<ClusterShardingStats>
{
    public readonly IImmutableDictionary<Address, ShardRegionStats> Regions = regions;

    public bool Equals(ClusterShardingStats? other) =>
        other is not null
        && Regions.Count == other.Regions.Count
        && Regions.All(region => other.Regions.TryGetValue(region.Key, out var stats) && region.Value.Equals(stats));

    public override bool Equals(object? obj) => Equals(obj as ClusterShardingStats);

    public override int GetHashCode() => Regions.Count;

    public override string ToString() => $"ClusterShardingStats({string.Join(", ", Regions.Select(r => $"{r.Key}: {r.Value}"))})";
}
