using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;
using Google.Protobuf;

namespace ChatAkka.Actors.Serialization;

/// <summary>Events to and from the form that journals hold, for those who carry journals from one store to another without
/// actors.</summary>
public static class StoredEvents
{
    /// <summary>Stored beside each event.</summary>
    public const int SerializerId = Manifests.SerializerId;

    /// <summary>Whose journal is a channel's timeline: what its persistence id begins with; the channel's id is the rest.</summary>
    public const string ChannelPrefix = TimelineReader.Prefix;

    /// <summary>Likewise of users.</summary>
    public const string UserPrefix = "user-";

    /// <summary>The manifest that an event is stored under, and its bytes.</summary>
    public static (string Manifest, byte[] Payload) Encode(ChannelEvent e) => (ChannelEventCodec.Manifest(e), ChannelEventCodec.Encode(e));

    /// <summary>Likewise.</summary>
    public static (string Manifest, byte[] Payload) Encode(UserEvent e) => (UserCodec.Manifest(e), UserCodec.Encode(e));

    /// <summary>The event of a timeline; null if this version doesn't know such a one, or can't read it. Fields that it doesn't know are
    /// not in it.</summary>
    public static ChannelEvent? DecodeChannelEvent(string manifest, byte[] payload) => Try(manifest, payload, ChannelEventCodec.Decode);

    /// <summary>Likewise, of a user.</summary>
    public static UserEvent? DecodeUserEvent(string manifest, byte[] payload) => Try(manifest, payload, UserCodec.DecodeEvent);

    private static T? Try<T>(string manifest, byte[] payload, Func<string, byte[], T> decode)
        where T : class
    {
        try
        {
            return decode(manifest, payload);
        }
        catch (Exception e) when (e is ArgumentException or InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
