using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using ChatAkka.Actors.Serialization.Nodes;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Discovery;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Serialization;

/// <summary>Everything that ChatAkka's actors tell each other from node to node, by <see cref="NodeMessages"/> and
/// <c>inter-node.proto</c>.</summary>
public sealed class NodeSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>On the wire beside each manifest.</summary>
    public const int SerializerId = 7302;

    /// <summary>The types it is bound to, with all that derive from them.</summary>
    public static readonly Type[] BoundTypes =
    [
        typeof(IChannelMessage), typeof(IUserMessage), typeof(ChannelReply), typeof(Broadcast), typeof(INodeMessage), typeof(NodeInfo),
    ];

    public override int Identifier => SerializerId;

    public override string Manifest(object o) => CodecOf(o).Manifest;

    /// <summary>The bytes of a message; not to be changed, since one that goes to many is encoded once.</summary>
    /// <exception cref="SerializationException">It names somebody by what is no id.</exception>
    public override byte[] ToBinary(object obj) => CodecOf(obj).Encode(obj);

    /// <param name="bytes">Not to be changed afterwards: they may be kept with the message.</param>
    /// <param name="manifest">Says what message it is.</param>
    /// <exception cref="SerializationException">This version knows no message of that manifest, or the bytes are none.</exception>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (!Codecs.ByManifest.TryGetValue(manifest, out var codec))
        {
            throw new SerializationException($"'{manifest}' is no message between nodes that this version knows.");
        }

        try
        {
            return codec.Decode(bytes);
        }
        catch (SerializationException e)
        {
            throw new SerializationException($"{bytes.Length} bytes are no {codec.Type.Name}: {e.Message}", e);
        }
    }

    private static NodeCodec CodecOf(object message) => Codecs.ByType.TryGetValue(message.GetType(), out var codec)
        ? codec
        : throw new ArgumentException($"{message.GetType().Name} never leaves its node", nameof(message));

    // Apart, so that a node that has no others doesn't make them.
    private static class Codecs
    {
        public static readonly Dictionary<Type, NodeCodec> ByType = NodeMessages.All.ToDictionary(codec => codec.Type);

        public static readonly Dictionary<string, NodeCodec> ByManifest =
            NodeMessages.All.ToDictionary(codec => codec.Manifest, StringComparer.Ordinal);
    }
}
