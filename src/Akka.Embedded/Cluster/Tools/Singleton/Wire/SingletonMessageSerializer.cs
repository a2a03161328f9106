using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using Google.Protobuf;

namespace Akka.Cluster.Tools.Singleton.Wire;

/// <summary>Serializer 14: see <c>singleton.proto</c>.</summary>
internal sealed class SingletonMessageSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string ToMe = "A";
    private const string Done = "B";

    public override int Identifier => 14;

    public override string Manifest(object o) => o switch
    {
        HandOverToMe => ToMe,
        HandOverDone => Done,
        _ => throw new SerializationException($"{o.GetType()} is no message of singleton managers"),
    };

    public override byte[] ToBinary(object obj) => obj switch
    {
        HandOverToMe message => HandOver(message.From, message.To).ToByteArray(),
        HandOverDone message => HandOver(message.From, message.To).ToByteArray(),
        _ => throw new SerializationException($"{obj.GetType()} is no message of singleton managers"),
    };

    public override object FromBinary(byte[] bytes, string manifest)
    {
        var handOver = Wire.HandOver.Parser.ParseFrom(bytes);
        return manifest switch
        {
            ToMe => new HandOverToMe(NodeOf(handOver.From), NodeOf(handOver.To)),
            Done => new HandOverDone(NodeOf(handOver.From), NodeOf(handOver.To)),
            _ => throw new SerializationException($"Unknown manifest [{manifest}] of singleton managers"),
        };
    }

    private static HandOver HandOver(UniqueAddress from, UniqueAddress to) => new() { From = ToWire(from), To = ToWire(to) };

    private static Node ToWire(UniqueAddress node) => new() { Address = node.Address.ToString(), Uid = node.Uid };

    private static UniqueAddress NodeOf(Node node) => new(Address.Parse(node.Address), node.Uid);
}

/// <summary>What has to be registered for singletons to work across nodes.</summary>
internal static class SingletonSerializers
{
    public static SerializerDetails[] Create(ExtendedActorSystem system) =>
        [SerializerDetails.Create("akka-singleton", new SingletonMessageSerializer(system), [typeof(IClusterSingletonMessage)])];
}
