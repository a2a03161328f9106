using Akka.Actor;
using Akka.Remote.Serialization;

namespace Akka.Serialization;

/// <summary>The serializers of what the runtime's parts on different nodes say to each other. A system that no other can reach needs
/// none.</summary>
internal static class RuntimeSerializers
{
    public static IEnumerable<SerializerDetails> Create(ExtendedActorSystem system) =>
    [
        SerializerDetails.Create("akka-runtime", new RuntimeMessageSerializer(system), [.. RuntimeMessageSerializer.BoundTypes]),
        .. DistributedData.Wire.DistributedDataSerializers.Create(system),
        .. Cluster.Wire.ClusterSerializers.Create(system),
        .. Cluster.Sharding.Wire.ShardingSerializers.Create(system),
        .. Cluster.Tools.Singleton.Wire.SingletonSerializers.Create(system),
    ];
}
