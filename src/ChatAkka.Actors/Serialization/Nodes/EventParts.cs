using ChatAkka.Domain.Channels;

namespace ChatAkka.Actors.Serialization.Nodes;

/// <summary>Timeline events within messages: <c>Event</c> of <c>inter-node.proto</c>, each kind in the very bytes that it is stored
/// as.</summary>
internal static class EventParts
{
    private const int Posted = 1;
    private const int Created = 2;
    private const int Added = 3;
    private const int Removed = 4;
    private const int Role = 5;
    private const int Title = 6;
    private const int Edited = 7;
    private const int Deleted = 8;
    private const int Reacted = 9;
    private const int Unreacted = 10;

    /// <exception cref="ArgumentException">It is a kind of event that has no field here.</exception>
    public static void Write(ChannelEvent e, FieldWriter w) => _ = e switch
    {
        MessagePosted m => w.Message(Posted, m, static (m, w) => Start(m, w)
            .Device(5, m.Device).Text(6, m.ClientId).Text(7, m.Text).Int(8, m.ReplyTo).Users(9, m.Mentions)),
        ChannelCreated c => w.Message(Created, c, static (c, w) => w
            .Int(1, c.Id).Int(2, c.At).User(3, c.From).Int(4, (int)c.Kind).Text(5, c.Title).Many(6, c.Members, ChannelParts.Write)),
        MemberAdded a => w.Message(Added, a, static (a, w) => Start(a, w).User(5, a.User).Int(6, (int)a.Role)),
        MemberRemoved r => w.Message(Removed, r, static (r, w) => Start(r, w).User(5, r.User).Int(6, (int)r.Role)),
        RoleChanged r => w.Message(Role, r, static (r, w) => Start(r, w).User(5, r.User).Int(6, (int)r.Role)),
        TitleChanged t => w.Message(Title, t, static (t, w) => Start(t, w).Text(5, t.Title)),
        MessageEdited a => w.Message(Edited, a, static (a, w) => Start(a, w).Int(5, a.Target).Text(6, a.Text)),
        MessageDeleted a => w.Message(Deleted, a, static (a, w) => Start(a, w).Int(5, a.Target)),
        ReactionAdded a => w.Message(Reacted, a, static (a, w) => Start(a, w).Int(5, a.Target).Text(7, a.Emoji)),
        ReactionRemoved a => w.Message(Unreacted, a, static (a, w) => Start(a, w).Int(5, a.Target).Text(7, a.Emoji)),
        _ => throw new ArgumentException($"{e.GetType().Name} has no form between nodes", nameof(e)),
    };

    /// <exception cref="System.Runtime.Serialization.SerializationException">It is an event of a kind that this version doesn't
    /// know.</exception>
    public static ChannelEvent Read(ref FieldReader fields)
    {
        var kind = fields.First;
        var e = fields.Message(kind);
        return kind switch
        {
            Posted => new MessagePosted(
                e.Int(1), e.Int(2), e.Int(3), e.User(4), e.Device(5), e.Text(6), e.Text(7), e.Int(8), e.Users(9)),
            Created => new ChannelCreated(
                e.Int(1), e.Int(2), e.User(3), ChannelParts.Kind(e.Int(4)), e.Text(5), e.Many(6, ChannelParts.ReadMember)),
            Added => new MemberAdded(e.Int(1), e.Int(2), e.Int(3), e.User(4), e.User(5), ChannelParts.Role(e.Int(6))),
            Removed => new MemberRemoved(e.Int(1), e.Int(2), e.Int(3), e.User(4), e.User(5), ChannelParts.Role(e.Int(6))),
            Role => new RoleChanged(e.Int(1), e.Int(2), e.Int(3), e.User(4), e.User(5), ChannelParts.Role(e.Int(6))),
            Title => new TitleChanged(e.Int(1), e.Int(2), e.Int(3), e.User(4), e.Text(5)),
            Edited => new MessageEdited(e.Int(1), e.Int(2), e.Int(3), e.User(4), e.Int(5), e.Text(6)),
            Deleted => new MessageDeleted(e.Int(1), e.Int(2), e.Int(3), e.User(4), e.Int(5)),
            Reacted => new ReactionAdded(e.Int(1), e.Int(2), e.Int(3), e.User(4), e.Int(5), e.Text(7)),
            Unreacted => new ReactionRemoved(e.Int(1), e.Int(2), e.Int(3), e.User(4), e.Int(5), e.Text(7)),
            _ => throw FieldReader.Malformed(),
        };
    }

    private static FieldWriter Start(ChannelEvent e, FieldWriter w) => w.Int(1, e.Id).Int(2, e.N).Int(3, e.At).User(4, e.From);
}
