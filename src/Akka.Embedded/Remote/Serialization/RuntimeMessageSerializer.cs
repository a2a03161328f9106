using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using Google.Protobuf;
using WireStatus = Akka.Remote.Wire.Status;

namespace Akka.Remote.Serialization;

/// <summary>The messages of the runtime itself that any actor may be told, and plain values.</summary>
internal sealed class RuntimeMessageSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public static readonly Type[] BoundTypes =
    [
        typeof(string), typeof(int), typeof(long), typeof(bool), typeof(byte[]), typeof(Identify), typeof(ActorIdentity), typeof(PoisonPill),
        typeof(Kill), typeof(Actor.Status.Success), typeof(Actor.Status.Failure), typeof(Done),
    ];

    public override int Identifier => 17;

    public override string Manifest(object o) => o switch
    {
        string => "S",
        int => "N",
        long => "L",
        bool => "B",
        byte[] => "Y",
        Identify => "i",
        ActorIdentity => "I",
        PoisonPill => "p",
        Kill => "k",
        Actor.Status.Success => "s",
        Actor.Status.Failure => "f",
        Done => "d",
        _ => throw new SerializationException($"{o.GetType()} is none of the runtime's messages"),
    };

    public override byte[] ToBinary(object obj) => obj switch
    {
        string text => System.Text.Encoding.UTF8.GetBytes(text),
        int number => BitConverter.GetBytes(number),
        long number => BitConverter.GetBytes(number),
        bool value => BitConverter.GetBytes(value),
        byte[] bytes => bytes,
        Identify identify => new Wire.Identify { MessageId = NestedMessages.ToWire(system, identify.MessageId) }.ToByteArray(),
        ActorIdentity identity => new Wire.ActorIdentity
        {
            MessageId = NestedMessages.ToWire(system, identity.MessageId),
            Subject = identity.Subject.IsNobody() ? "" : ActorNaming.Absolute(identity.Subject),
        }.ToByteArray(),
        Actor.Status.Success success => new WireStatus { Value = NestedMessages.ToWire(system, success.Status) }.ToByteArray(),
        Actor.Status.Failure failure => new WireStatus
        {
            Value = NestedMessages.ToWire(system, failure.State),
            CauseType = failure.Cause?.GetType().FullName ?? "",
            CauseText = failure.Cause?.Message ?? "",
        }.ToByteArray(),
        PoisonPill or Kill or Done => [],
        _ => throw new SerializationException($"{obj.GetType()} is none of the runtime's messages"),
    };

    public override object FromBinary(byte[] bytes, string manifest)
    {
        switch (manifest)
        {
            case "S":
                return System.Text.Encoding.UTF8.GetString(bytes);
            case "N":
                return BitConverter.ToInt32(bytes);
            case "L":
                return BitConverter.ToInt64(bytes);
            case "B":
                return BitConverter.ToBoolean(bytes);
            case "Y":
                return bytes;
            case "i":
                return new Identify(NestedMessages.FromWire(system, Wire.Identify.Parser.ParseFrom(bytes).MessageId));
            case "I":
                var identity = Wire.ActorIdentity.Parser.ParseFrom(bytes);
                return new ActorIdentity(
                    NestedMessages.FromWire(system, identity.MessageId),
                    identity.Subject.Length == 0 ? ActorRefs.Nobody : system.Provider.ResolveActorRef(identity.Subject));
            case "p":
                return PoisonPill.Instance;
            case "k":
                return Kill.Instance;
            case "s":
                var value = NestedMessages.FromWire(system, WireStatus.Parser.ParseFrom(bytes).Value);
                return value is null ? Actor.Status.Success.Instance : new Actor.Status.Success(value);
            case "f":
                var failure = WireStatus.Parser.ParseFrom(bytes);
                var cause = failure.CauseType.Length == 0 ? null : new RemoteException(failure.CauseType, failure.CauseText);
                return new Actor.Status.Failure(cause, NestedMessages.FromWire(system, failure.Value));
            case "d":
                return Done.Instance;
            default:
                throw new SerializationException($"Unknown manifest [{manifest}] of the runtime's messages");
        }
    }
}

/// <summary>A failure on another node, of which only the type's name and the text have come.</summary>
public sealed class RemoteException(string type, string message) : Exception($"{type}: {message}")
{
    /// <summary>The full name of the type that it has there.</summary>
    public string RemoteType { get; } = type;
}
