using System.Collections.Immutable;
using Akka.Actor;
using Google.Protobuf;

namespace Akka.Cluster.Sharding.Wire;

/// <summary>The questions that a region answers, and the answers.</summary>
internal static class QueryCodec
{
    public static string? Manifest(object o) => o switch
    {
        GetCurrentRegions => "qr",
        GetShardRegionStats => "qt",
        GetShardRegionState => "qs",
        GetClusterShardingStats => "qc",
        CurrentRegions => "ar",
        ShardRegionStats => "at",
        ClusterShardingStats => "ac",
        CurrentShardRegionState => "as",
        ShardState => "ss",
        _ => null,
    };

    public static byte[]? ToBinary(object o) => o switch
    {
        GetCurrentRegions or GetShardRegionStats or GetShardRegionState => [],
        GetClusterShardingStats m => new WireClusterQuestion { TimeoutMs = (long)m.Timeout.TotalMilliseconds }.ToByteArray(),
        CurrentRegions m => new WireRegions { Addresses = { m.Regions.Select(static a => a.ToString()).Order(StringComparer.Ordinal) } }
            .ToByteArray(),
        ShardRegionStats m => ToWire(m, "").ToByteArray(),
        ClusterShardingStats m => new WireClusterStats
        {
            Regions =
            {
                m.Regions
                    .Select(static region => ToWire(region.Value, region.Key.ToString()))
                    .OrderBy(static region => region.Address, StringComparer.Ordinal),
            },
        }.ToByteArray(),
        CurrentShardRegionState m => new WireRegionState
        {
            Shards = { m.Shards.Select(ToWire).OrderBy(static shard => shard.Shard, StringComparer.Ordinal) },
            Failed = { m.Failed.Order(StringComparer.Ordinal) },
        }.ToByteArray(),
        ShardState m => ToWire(m).ToByteArray(),
        _ => null,
    };

    public static object? FromBinary(byte[] bytes, string manifest)
    {
        switch (manifest)
        {
            case "qr":
                return GetCurrentRegions.Instance;
            case "qt":
                return GetShardRegionStats.Instance;
            case "qs":
                return GetShardRegionState.Instance;
            case "qc":
                return new GetClusterShardingStats(TimeSpan.FromMilliseconds(WireClusterQuestion.Parser.ParseFrom(bytes).TimeoutMs));
            case "ar":
                return new CurrentRegions(WireRegions.Parser.ParseFrom(bytes).Addresses.Select(Address.Parse).ToImmutableHashSet());
            case "at":
                return FromWire(WireStats.Parser.ParseFrom(bytes));
            case "ac":
                return new ClusterShardingStats(WireClusterStats.Parser.ParseFrom(bytes).Regions
                    .ToImmutableDictionary(static region => Address.Parse(region.Address), FromWire));
            case "as":
                var state = WireRegionState.Parser.ParseFrom(bytes);
                return new CurrentShardRegionState(state.Shards.Select(FromWire).ToImmutableHashSet(), state.Failed.ToImmutableHashSet());
            case "ss":
                return FromWire(WireShardState.Parser.ParseFrom(bytes));
            default:
                return null;
        }
    }

    private static WireStats ToWire(ShardRegionStats stats, string address) => new()
    {
        Address = address,
        Shards =
        {
            stats.Stats
                .OrderBy(static shard => shard.Key, StringComparer.Ordinal)
                .Select(static shard => new WireStats.Types.Count { Shard = shard.Key, Entities = shard.Value }),
        },
        Failed = { stats.Failed.Order(StringComparer.Ordinal) },
    };

    private static ShardRegionStats FromWire(WireStats wire) => new(
        wire.Shards.ToImmutableDictionary(static shard => shard.Shard, static shard => shard.Entities),
        wire.Failed.ToImmutableHashSet());

    private static WireShardState ToWire(ShardState state) =>
        new() { Shard = state.ShardId, Entities = { state.EntityIds.Order(StringComparer.Ordinal) } };

    private static ShardState FromWire(WireShardState wire) => new(wire.Shard, wire.Entities.ToImmutableHashSet());
}
