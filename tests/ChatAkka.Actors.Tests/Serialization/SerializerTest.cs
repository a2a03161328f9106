using Akka.Actor;
using ChatAkka.Actors.Serialization;

namespace ChatAkka.Actors.Tests.Serialization;

/// <summary>The base of tests of the serializer.</summary>
public abstract class SerializerTest : Akka.TestKit.Xunit2.TestKit
{
    private protected SerializerTest() => Serializer = new ChatSerializer((ExtendedActorSystem)Sys);

    private protected ChatSerializer Serializer { get; }

    private protected object StoredAndRead(object value) => Serializer.FromBinary(Serializer.ToBinary(value), Serializer.Manifest(value));
}
