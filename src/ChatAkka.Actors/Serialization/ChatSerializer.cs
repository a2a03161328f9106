using Akka.Actor;
using Akka.Serialization;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Serialization;

/// <summary>Everything that ChatAkka stores, by <see cref="Manifests"/> and <c>stored.proto</c>.</summary>
public sealed class ChatSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>The types it is bound to, with all that derive from them.</summary>
    public static readonly Type[] BoundTypes = [typeof(ChannelEvent), typeof(ChannelState), typeof(UserEvent), typeof(UserState)];

    public override int Identifier => Manifests.SerializerId;

    public override string Manifest(object o) => o switch
    {
        ChannelEvent e => ChannelEventCodec.Manifest(e),
        UserEvent e => UserCodec.Manifest(e),
        ChannelState => Manifests.ChannelSnapshot,
        UserState => Manifests.UserSnapshot,
        _ => throw new ArgumentException($"{o.GetType().Name} has no stored form", nameof(o)),
    };

    public override byte[] ToBinary(object obj) => obj switch
    {
        ChannelEvent e => ChannelEventCodec.Encode(e),
        UserEvent e => UserCodec.Encode(e),
        ChannelState state => ChannelSnapshotCodec.Encode(state),
        UserState state => UserCodec.Encode(state),
        _ => throw new ArgumentException($"{obj.GetType().Name} has no stored form", nameof(obj)),
    };

    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        Manifests.ChannelJoined or Manifests.ChannelLeft or Manifests.MuteChanged => UserCodec.DecodeEvent(manifest, bytes),
        Manifests.UserSnapshot => UserCodec.DecodeState(bytes),
        Manifests.ChannelSnapshot => ChannelSnapshotCodec.Decode(bytes),
        _ => ChannelEventCodec.Decode(manifest, bytes),
    };
}
