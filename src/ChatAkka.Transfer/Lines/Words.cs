using ChatAkka.Domain.Channels;

namespace ChatAkka.Transfer.Lines;

/// <summary>What enumerations are called in a line: as on the wire. Null for what this version doesn't know.</summary>
internal static class Words
{
    private static readonly (ChannelKind Value, string Word)[] Kinds = [(ChannelKind.Direct, "direct"), (ChannelKind.Group, "group")];

    private static readonly (MemberRole Value, string Word)[] Roles =
        [(MemberRole.Member, "member"), (MemberRole.Admin, "admin"), (MemberRole.Owner, "owner")];

    public static string? Of(ChannelKind kind) => Array.Find(Kinds, known => known.Value == kind).Word;

    public static string? Of(MemberRole role) => Array.Find(Roles, known => known.Value == role).Word;

    public static ChannelKind? Kind(string word) => Find(Kinds, word);

    public static MemberRole? Role(string word) => Find(Roles, word);

    private static T? Find<T>((T Value, string Word)[] known, string word)
        where T : struct
    {
        foreach (var (value, name) in known)
        {
            if (name == word)
            {
                return value;
            }
        }

        return null;
    }
}
