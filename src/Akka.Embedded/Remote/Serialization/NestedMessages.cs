using Akka.Actor;
using Akka.Remote.Wire;
using Google.Protobuf;

namespace Akka.Remote.Serialization;

/// <summary>Messages within messages, of whatever type: with the identifier of their serializer and their manifest.</summary>
internal static class NestedMessages
{
    public static Nested ToWire(ActorSystem system, object? message)
    {
        if (message is null)
            return new Nested();
        var serializer = system.Serialization.FindSerializerFor(message);
        return new Nested
        {
            Serializer = serializer.Identifier,
            Manifest = Akka.Serialization.Serialization.ManifestFor(serializer, message),
            Payload = UnsafeByteOperations.UnsafeWrap(serializer.ToBinary(message)),
        };
    }

    public static object? FromWire(ActorSystem system, Nested? nested) =>
        nested is null or { Serializer: 0, Payload.IsEmpty: true }
            ? null
            : system.Serialization.Deserialize(nested.Payload.ToByteArray(), nested.Serializer, nested.Manifest);
}
