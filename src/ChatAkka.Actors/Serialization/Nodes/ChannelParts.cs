using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Serialization.Nodes;

/// <summary>Channels, their members and what happens in them, within messages: the parts of <c>inter-node.proto</c>.</summary>
internal static class ChannelParts
{
    /// <summary>Reads deliveries.</summary>
    public static readonly RecentBroadcasts<Delivery> Deliveries = new(static (ref r) =>
        r.Has(2) ? new Delivery(r.Channel(1), r.Many(2, EventParts.Read)) : throw FieldReader.Malformed());

    /// <summary>Reads receipts.</summary>
    public static readonly RecentBroadcasts<ReceiptChanges> Receipts = new(static (ref r) => new(r.Channel(1), r.Many(2, ReadReceipt)));

    // The wire's numbers of why something was refused; index 0 stands for what this version doesn't know.
    private static readonly Refusal[] Refusals =
    [
        Refusal.Unavailable, Refusal.ChannelNotFound, Refusal.UserNotFound, Refusal.MessageNotFound, Refusal.NotAllowed, Refusal.Blocked,
        Refusal.GroupTooLarge, Refusal.Busy, Refusal.Outdated,
    ];

    public static void Write(ChannelId channel, FieldWriter w) => w.Id(channel);

    public static void Write(Member m, FieldWriter w) => w.User(1, m.User).Int(2, (int)m.Role).Int(3, m.Since).Int(4, m.SinceN);

    public static Member ReadMember(ref FieldReader r) => new(r.User(1), Role(r.Int(2)), r.Int(3), r.Int(4));

    public static void Write(ChannelView v, FieldWriter w) => w
        .Channel(1, v.Id).Int(2, (int)v.Kind).Text(3, v.Title).Int(4, v.Head).Int(5, v.N).Many(6, v.Members, Write);

    public static ChannelView ReadView(ref FieldReader r) =>
        new(r.Channel(1), Kind(r.Int(2)), r.Text(3), r.Int(4), r.Int(5), r.Many(6, ReadMember));

    public static void Write(MemberView v, FieldWriter w) => w
        .Channel(1, v.Id).Int(2, (int)v.Kind).Text(3, v.Title).Int(4, v.Head).Int(5, v.N).Int(6, v.Members).Message(7, v.Own, Write);

    public static MemberView ReadMemberView(ref FieldReader r) =>
        new(r.Channel(1), Kind(r.Int(2)), r.Text(3), r.Int(4), r.Int(5), (int)r.Int(6), r.Message(7, ReadMember));

    public static void Write(Delivery d, FieldWriter w) => w.Channel(1, d.Channel).Many(2, d.Events, EventParts.Write);


    public static void Write(ReceiptChanges c, FieldWriter w) => w.Channel(1, c.Channel).Many(2, c.Changes, Write);


    public static void Write(KeyValuePair<ChannelId, long> cursor, FieldWriter w) => w.Channel(1, cursor.Key).Int(2, cursor.Value);

    /// <summary>The cursors of an attach; null if there are none, which is the same.</summary>
    public static Dictionary<ChannelId, long>? ReadCursors(in FieldReader r, int field)
    {
        if (!r.Has(field))
        {
            return null;
        }

        var cursors = new Dictionary<ChannelId, long>();
        foreach (var (channel, id) in r.Many(field, static (ref c) => (c.Channel(1), c.Int(2))))
        {
            cursors[channel] = id;
        }

        return cursors;
    }

    public static ChannelKind Kind(long number) => number == (long)ChannelKind.Direct ? ChannelKind.Direct : ChannelKind.Group;

    /// <summary>A role that somebody has.</summary>
    public static MemberRole Role(long number) => KnownRole(number) ?? MemberRole.Member;

    /// <summary>A role that somebody is to be given.</summary>
    /// <exception cref="System.Runtime.Serialization.SerializationException">This version doesn't know it.</exception>
    public static MemberRole? RoleToGive(long number) => number == 0 ? null : KnownRole(number) ?? throw FieldReader.Malformed();

    public static int Number(Refusal reason) => Array.IndexOf(Refusals, reason);

    public static Refusal Reason(long number) => number > 0 && number < Refusals.Length ? Refusals[number] : Refusals[0];

    private static void Write(ReceiptChange c, FieldWriter w) => w.User(1, c.User).Int(2, c.Delivered).Int(3, c.Read);

    private static ReceiptChange ReadReceipt(ref FieldReader r) => new(r.User(1), r.Int(2), r.Int(3));

    private static MemberRole? KnownRole(long number) => number switch
    {
        (long)MemberRole.Member => MemberRole.Member,
        (long)MemberRole.Admin => MemberRole.Admin,
        (long)MemberRole.Owner => MemberRole.Owner,
        _ => null,
    };
}
