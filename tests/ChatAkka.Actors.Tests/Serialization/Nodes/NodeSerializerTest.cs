using Akka.Actor;
using ChatAkka.Actors.Serialization;
using ChatAkka.Actors.Serialization.Nodes;

namespace ChatAkka.Actors.Tests.Serialization.Nodes;

/// <summary>The base of tests of what goes from node to node.</summary>
public abstract class NodeSerializerTest : Akka.TestKit.Xunit2.TestKit
{
    private protected NodeSerializerTest() => Serializer = new NodeSerializer((ExtendedActorSystem)Sys);

    public static TheoryData<Type> MessageTypes => [.. MadeUpMessages.Types];

    private protected NodeSerializer Serializer { get; }

    private protected static NodeCodec CodecOf(Type type) => NodeMessages.All.Single(codec => codec.Type == type);

    private protected object SentAndRead(object message) =>
        Serializer.FromBinary(Serializer.ToBinary(message), Serializer.Manifest(message));
}
