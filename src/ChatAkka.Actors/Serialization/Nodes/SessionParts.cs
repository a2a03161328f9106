using ChatAkka.Actors.Users;

namespace ChatAkka.Actors.Serialization.Nodes;

/// <summary>What connections and their users tell each other, within messages: the parts of <c>inter-node.proto</c>.</summary>
internal static class SessionParts
{
    public static void Write(SessionResume resume, FieldWriter w) => w
        .Bool(1, resume.IsSynced).Int(2, unchecked((long)resume.ReadDigest)).Many(3, resume.Sent, ChannelParts.Write);

    public static SessionResume ReadResume(ref FieldReader r) =>
        new(r.Bool(1), unchecked((ulong)r.Int(2)), ChannelParts.ReadCursors(r, 3) ?? []);

    public static void Write(StoredCursor cursor, FieldWriter w) => w
        .Channel(1, cursor.Channel).Int(2, cursor.Delivered).Int(3, cursor.Read);

    public static StoredCursor ReadStored(ref FieldReader r) => new(r.Channel(1), r.Int(2), r.Int(3));
}
