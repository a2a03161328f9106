using System.Collections.Immutable;
using System.Globalization;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using Google.Protobuf;

namespace ChatAkka.Actors.Serialization;

/// <summary>Timeline events to and from their stored form.</summary>
internal static class ChannelEventCodec
{
    public static string Manifest(ChannelEvent e) => e switch
    {
        MessagePosted => Manifests.MessagePosted,
        ChannelCreated => Manifests.ChannelCreated,
        MemberAdded => Manifests.MemberAdded,
        MemberRemoved => Manifests.MemberRemoved,
        TitleChanged => Manifests.TitleChanged,
        RoleChanged => Manifests.RoleChanged,
        MessageEdited => Manifests.MessageEdited,
        MessageDeleted => Manifests.MessageDeleted,
        ReactionAdded => Manifests.ReactionAdded,
        ReactionRemoved => Manifests.ReactionRemoved,
        _ => throw new ArgumentException($"{e.GetType().Name} has no stored form", nameof(e)),
    };

    public static byte[] Encode(ChannelEvent e) => e switch
    {
        MessagePosted m => Encode(m),
        ChannelCreated c => Encode(c),
        MemberAdded a => Encode(a, a.User, a.Role),
        MemberRemoved r => Encode(r, r.User, r.Role),
        RoleChanged r => Encode(r, r.User, r.Role),
        MessageEdited edited => Encode(edited, text: edited.Text),
        MessageDeleted deleted => Encode(deleted),
        ReactionAdded added => Encode(added, emoji: added.Emoji),
        ReactionRemoved removed => Encode(removed, emoji: removed.Emoji),
        TitleChanged t =>
            new Stored.TitleChanged { Id = t.Id, N = t.N, At = t.At, From = Number(t.From.Value), Title = t.Title }.ToByteArray(),
        _ => throw new ArgumentException($"{e.GetType().Name} has no stored form", nameof(e)),
    };

    /// <exception cref="ArgumentException">No timeline event is stored under this manifest.</exception>
    public static ChannelEvent Decode(string manifest, byte[] bytes) => manifest switch
    {
        Manifests.MessagePosted => DecodeMessage(bytes),
        Manifests.ChannelCreated => DecodeCreated(bytes),
        Manifests.MemberAdded when Stored.MemberChanged.Parser.ParseFrom(bytes) is var m =>
            new MemberAdded(m.Id, m.N, m.At, User(m.From), User(m.User), (MemberRole)m.Role),
        Manifests.MemberRemoved when Stored.MemberChanged.Parser.ParseFrom(bytes) is var m =>
            new MemberRemoved(m.Id, m.N, m.At, User(m.From), User(m.User), (MemberRole)m.Role),
        Manifests.RoleChanged when Stored.MemberChanged.Parser.ParseFrom(bytes) is var m =>
            new RoleChanged(m.Id, m.N, m.At, User(m.From), User(m.User), (MemberRole)m.Role),
        Manifests.MessageEdited when Stored.Annotation.Parser.ParseFrom(bytes) is var a =>
            new MessageEdited(a.Id, a.N, a.At, User(a.From), a.Target, a.Text),
        Manifests.MessageDeleted when Stored.Annotation.Parser.ParseFrom(bytes) is var a =>
            new MessageDeleted(a.Id, a.N, a.At, User(a.From), a.Target),
        Manifests.ReactionAdded when Stored.Annotation.Parser.ParseFrom(bytes) is var a =>
            new ReactionAdded(a.Id, a.N, a.At, User(a.From), a.Target, a.Emoji),
        Manifests.ReactionRemoved when Stored.Annotation.Parser.ParseFrom(bytes) is var a =>
            new ReactionRemoved(a.Id, a.N, a.At, User(a.From), a.Target, a.Emoji),
        Manifests.TitleChanged when Stored.TitleChanged.Parser.ParseFrom(bytes) is var t =>
            new TitleChanged(t.Id, t.N, t.At, User(t.From), t.Title),
        _ => throw new ArgumentException($"'{manifest}' is not the manifest of a timeline event", nameof(manifest)),
    };

    internal static ulong Number(string id) => ulong.Parse(id, NumberStyles.None, CultureInfo.InvariantCulture);

    internal static UserId User(ulong number) => new(number.ToString(CultureInfo.InvariantCulture));

    internal static Stored.Member Encode(Member m) =>
        new() { User = Number(m.User.Value), Role = (int)m.Role, Since = m.Since, SinceN = m.SinceN };

    internal static Member Decode(Stored.Member m) => new(User(m.User), (MemberRole)m.Role, m.Since, m.SinceN);

    private static byte[] Encode(MessagePosted m)
    {
        var stored = new Stored.MessagePosted
        {
            Id = m.Id,
            N = m.N,
            At = m.At,
            From = Number(m.From.Value),
            Device = Number(m.Device.Value),
            ClientId = m.ClientId,
            Text = m.Text,
            ReplyTo = m.ReplyTo,
        };
        foreach (var user in m.Mentions)
        {
            stored.Mentions.Add(Number(user.Value));
        }

        return stored.ToByteArray();
    }

    private static MessagePosted DecodeMessage(byte[] bytes)
    {
        var m = Stored.MessagePosted.Parser.ParseFrom(bytes);
        var device = new DeviceId(m.Device.ToString(CultureInfo.InvariantCulture));
        return new(m.Id, m.N, m.At, User(m.From), device, m.ClientId, m.Text, m.ReplyTo, [.. m.Mentions.Select(User)]);
    }

    private static byte[] Encode(ChannelCreated c)
    {
        var stored = new Stored.ChannelCreated { Id = c.Id, At = c.At, From = Number(c.From.Value), Kind = (int)c.Kind, Title = c.Title };
        stored.Members.AddRange(c.Members.Select(Encode));
        return stored.ToByteArray();
    }

    private static ChannelCreated DecodeCreated(byte[] bytes)
    {
        var c = Stored.ChannelCreated.Parser.ParseFrom(bytes);
        return new(c.Id, c.At, User(c.From), (ChannelKind)c.Kind, c.Title, [.. c.Members.Select(Decode)]);
    }

    private static byte[] Encode(ChannelEvent e, UserId user, MemberRole role) => new Stored.MemberChanged
    {
        Id = e.Id,
        N = e.N,
        At = e.At,
        From = Number(e.From.Value),
        User = Number(user.Value),
        Role = (int)role,
    }.ToByteArray();

    private static byte[] Encode(Annotation a, string text = "", string emoji = "") => new Stored.Annotation
    {
        Id = a.Id,
        N = a.N,
        At = a.At,
        From = Number(a.From.Value),
        Target = a.Target,
        Text = text,
        Emoji = emoji,
    }.ToByteArray();
}
