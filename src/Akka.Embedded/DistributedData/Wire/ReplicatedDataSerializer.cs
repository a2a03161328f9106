using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using Google.Protobuf;

namespace Akka.DistributedData.Wire;

/// <summary>Replicated data and its keys, wherever they are part of a message.</summary>
internal sealed class ReplicatedDataSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string DataManifest = "d";
    private const string KeyManifest = "k";

    public override int Identifier => 12;

    public static ReplicatedKey ToWire(IKey key) => new() { Id = key.Id, Type = DataTypeOf(key) is { } type ? DataTypeNames.Of(type) : "" };

    public static IKey FromWire(ReplicatedKey key) =>
        key.Type.Length == 0 ? new PlainKey(key.Id) : DataCodec.For(DataTypeNames.Parse(key.Type)).KeyOf(key.Id);

    public override string Manifest(object o) => o switch
    {
        IReplicatedData => DataManifest,
        IKey => KeyManifest,
        _ => throw new SerializationException($"{o.GetType()} is neither replicated data nor a key of any"),
    };

    public override byte[] ToBinary(object obj)
    {
        if (obj is IKey key)
            return ToWire(key).ToByteArray();
        var writer = new WireWriter(system);
        return new ReplicatedData { Data = writer.Data((IReplicatedData)obj), Names = writer.Names }.ToByteArray();
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        switch (manifest)
        {
            case DataManifest:
                var message = ReplicatedData.Parser.ParseFrom(bytes);
                return new WireReader(system, message.Names).Data(message.Data);
            case KeyManifest:
                return FromWire(ReplicatedKey.Parser.ParseFrom(bytes));
            default:
                throw new SerializationException($"Unknown manifest [{manifest}] of replicated data");
        }
    }

    private static Type? DataTypeOf(IKey key)
    {
        for (var type = key.GetType(); type is not null; type = type.BaseType)
        {
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Key<>))
                return type.GetGenericArguments()[0] is { IsInterface: false } data ? data : null;
        }

        return null;
    }
}

/// <summary>The serializers of this area.</summary>
internal static class DistributedDataSerializers
{
    public static SerializerDetails[] Create(ExtendedActorSystem system) =>
    [
        SerializerDetails.Create("akka-data-replication", new ReplicatorMessageSerializer(system), [typeof(IReplicatorMessage)]),
        SerializerDetails.Create("akka-replicated-data", new ReplicatedDataSerializer(system), [typeof(IReplicatedDataSerialization)]),
    ];
}
