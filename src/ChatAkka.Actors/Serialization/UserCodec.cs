using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;
using Google.Protobuf;

namespace ChatAkka.Actors.Serialization;

/// <summary>A user's events and snapshots to and from their stored form.</summary>
internal static class UserCodec
{
    public static string Manifest(UserEvent e) => e switch
    {
        ChannelJoined => Manifests.ChannelJoined,
        ChannelLeft => Manifests.ChannelLeft,
        MuteChanged => Manifests.MuteChanged,
        _ => throw new ArgumentException($"{e.GetType().Name} has no stored form", nameof(e)),
    };

    public static byte[] Encode(UserEvent e) => e switch
    {
        ChannelJoined joined => Encode(joined.Channel, joined.ChangeId),
        ChannelLeft left => Encode(left.Channel, left.ChangeId),
        MuteChanged mute => new Stored.MuteChanged { Channel = mute.Channel.Value, Muted = mute.IsMuted }.ToByteArray(),
        _ => throw new ArgumentException($"{e.GetType().Name} has no stored form", nameof(e)),
    };

    /// <exception cref="ArgumentException">No event of a user is stored under this manifest.</exception>
    public static UserEvent DecodeEvent(string manifest, byte[] bytes) => manifest switch
    {
        Manifests.ChannelJoined when Stored.MembershipChanged.Parser.ParseFrom(bytes) is var m =>
            new ChannelJoined(new ChannelId(m.Channel), m.ChangeId),
        Manifests.ChannelLeft when Stored.MembershipChanged.Parser.ParseFrom(bytes) is var m =>
            new ChannelLeft(new ChannelId(m.Channel), m.ChangeId),
        Manifests.MuteChanged when Stored.MuteChanged.Parser.ParseFrom(bytes) is var m =>
            new MuteChanged(new ChannelId(m.Channel), m.Muted),
        _ => throw new ArgumentException($"'{manifest}' is not the manifest of a user's event", nameof(manifest)),
    };

    public static byte[] Encode(UserState state)
    {
        var stored = new Stored.User { User_ = ChannelEventCodec.Number(state.Id.Value) };
        stored.Memberships.AddRange(state.Changes.Select(
            c => new Stored.Membership { Channel = c.Channel.Value, ChangeId = c.ChangeId, Left = !c.Joined }));
        stored.Muted.AddRange(state.Muted.Select(channel => channel.Value));
        return stored.ToByteArray();
    }

    public static UserState DecodeState(byte[] bytes)
    {
        var stored = Stored.User.Parser.ParseFrom(bytes);
        return UserState.Restore(
            ChannelEventCodec.User(stored.User_),
            stored.Memberships.Select(m => new MembershipChange(new ChannelId(m.Channel), m.ChangeId, !m.Left)),
            stored.Muted.Select(channel => new ChannelId(channel)));
    }

    private static byte[] Encode(ChannelId channel, long changeId) =>
        new Stored.MembershipChanged { Channel = channel.Value, ChangeId = changeId }.ToByteArray();
}
