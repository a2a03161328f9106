using System.Collections.Immutable;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using Google.Protobuf;

namespace Akka.Cluster.Sharding.Wire;

/// <summary>Serializer 13: see <c>sharding.proto</c>. The answers to queries are <see cref="QueryCodec"/>'s.</summary>
internal sealed class ShardingMessageSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public override int Identifier => 13;

    public override string Manifest(object o) => o switch
    {
        ShardingEnvelope => "E",
        Forwarded => "F",
        LastOfShard => "L",
        RegisterRegion => "R",
        RegisterAck => "r",
        GetShardHome => "G",
        ShardLivesAt => "H",
        BeginHandOff => "B",
        BeginHandOffAck => "b",
        HandOff => "O",
        ShardStopped => "o",
        RegionLeaves => "V",
        RegionIsEmpty => "v",
        CoordinatorState => "C",
        _ => QueryCodec.Manifest(o) ?? throw new SerializationException($"{o.GetType()} is no message of sharding"),
    };

    public override byte[] ToBinary(object obj) => obj switch
    {
        ShardingEnvelope m => new WireEnvelope { Entity = m.EntityId, Message = ToWire(m.Message) }.ToByteArray(),
        Forwarded m => new WireForwarded { Hops = (uint)m.Hops, Message = ToWire(m.Message) }.ToByteArray(),
        LastOfShard m => new WireLastOfShard { Coordinator = Name(m.Coordinator), Acknowledgement = ToWire(m.Acknowledgement) }.ToByteArray(),
        RegisterRegion m => ToWire(new RegionEntry(m.Region, m.Node, m.Shards), m.IsProxy).ToByteArray(),
        RegisterAck or RegionIsEmpty => [],
        GetShardHome m => new WireShard { Shard = m.ShardId, Region = Name(m.Region) }.ToByteArray(),
        ShardLivesAt m => new WireShard { Shard = m.ShardId, Region = Name(m.Region) }.ToByteArray(),
        BeginHandOff m => new WireShard { Shard = m.ShardId, Round = m.Round }.ToByteArray(),
        BeginHandOffAck m => ToWire(m).ToByteArray(),
        HandOff m => new WireShard { Shard = m.ShardId, Round = m.Round }.ToByteArray(),
        ShardStopped m => new WireShard { Shard = m.ShardId, Round = m.Round }.ToByteArray(),
        RegionLeaves m => new WireLeave { Region = Name(m.Region) }.ToByteArray(),
        CoordinatorState m => ToWire(m).ToByteArray(),
        _ => QueryCodec.ToBinary(obj) ?? throw new SerializationException($"{obj.GetType()} is no message of sharding"),
    };

    public override object FromBinary(byte[] bytes, string manifest)
    {
        switch (manifest)
        {
            case "E":
                var envelope = WireEnvelope.Parser.ParseFrom(bytes);
                return new ShardingEnvelope(envelope.Entity, FromWire(envelope.Message));
            case "F":
                var forwarded = WireForwarded.Parser.ParseFrom(bytes);
                return new Forwarded((int)Math.Min(forwarded.Hops, int.MaxValue - 1), FromWire(forwarded.Message));
            case "L":
                var last = WireLastOfShard.Parser.ParseFrom(bytes);
                return new LastOfShard(Find(last.Coordinator), FromWire(last.Acknowledgement ?? new WireShard()));
            case "R":
                var register = WireRegion.Parser.ParseFrom(bytes);
                var entry = FromWire(register);
                return new RegisterRegion(entry.Ref, entry.Node, register.IsProxy, entry.Shards);
            case "r":
                return new RegisterAck();
            case "v":
                return new RegionIsEmpty();
            case "V":
                return new RegionLeaves(Find(WireLeave.Parser.ParseFrom(bytes).Region));
            case "C":
                var state = WireState.Parser.ParseFrom(bytes);
                return CoordinatorState.From(
                    state.Regions.Where(static region => !region.IsProxy).Select(FromWire),
                    state.Regions.Where(static region => region.IsProxy).Select(FromWire));
            case "G" or "H" or "B" or "b" or "O" or "o":
                return OfShard(WireShard.Parser.ParseFrom(bytes), manifest);
            default:
                return QueryCodec.FromBinary(bytes, manifest)
                    ?? throw new SerializationException($"Unknown manifest [{manifest}] of sharding");
        }
    }

    private object OfShard(WireShard wire, string manifest) => manifest switch
    {
        "G" => new GetShardHome(wire.Shard, Find(wire.Region)),
        "H" => new ShardLivesAt(wire.Shard, Find(wire.Region)),
        "B" => new BeginHandOff(wire.Shard, wire.Round),
        "b" => FromWire(wire),
        "O" => new HandOff(wire.Shard, wire.Round),
        _ => new ShardStopped(wire.Shard, wire.Round),
    };

    private BeginHandOffAck FromWire(WireShard wire) => new(wire.Shard, wire.Round, Find(wire.Region));

    private static WireShard ToWire(BeginHandOffAck message) =>
        new() { Shard = message.ShardId, Round = message.Round, Region = Name(message.Region) };

    private static WireState ToWire(CoordinatorState state) => new()
    {
        Regions =
        {
            state.Regions.Select(static region => ToWire(region, isProxy: false)),
            state.Proxies.Select(static proxy => ToWire(proxy, isProxy: true)),
        },
    };

    private static WireRegion ToWire(RegionEntry entry, bool isProxy) => new()
    {
        Region = Name(entry.Ref),
        Address = entry.Node.Address.ToString(),
        Uid = entry.Node.Uid,
        IsProxy = isProxy,
        Shards = { entry.Shards },
    };

    private RegionEntry FromWire(WireRegion wire) =>
        new(Find(wire.Region), new UniqueAddress(Address.Parse(wire.Address), wire.Uid), wire.Shards.ToImmutableList());

    private Payload ToWire(object message)
    {
        var serializer = system.Serialization.FindSerializerFor(message);
        return new Payload
        {
            Serializer = serializer.Identifier,
            Manifest = Akka.Serialization.Serialization.ManifestFor(serializer, message),
            Bytes = UnsafeByteOperations.UnsafeWrap(serializer.ToBinary(message)),
        };
    }

    private object FromWire(Payload? payload) => payload is null
        ? throw new SerializationException("A message of sharding lacks its content")
        : system.Serialization.Deserialize(payload.Bytes.ToByteArray(), payload.Serializer, payload.Manifest);

    private static string Name(IActorRef reference) => Akka.Serialization.Serialization.SerializedActorPath(reference);

    private IActorRef Find(string path) => system.Provider.ResolveActorRef(path);
}

/// <summary>What has to be registered for sharding to work across nodes.</summary>
internal static class ShardingSerializers
{
    public static SerializerDetails[] Create(ExtendedActorSystem system) =>
    [
        SerializerDetails.Create(
            "akka-sharding", new ShardingMessageSerializer(system), [typeof(IClusterShardingSerializable)]),
    ];
}
