using System.Collections.Immutable;
using ChatAkka.Domain.Channels;
using ChatAkka.Protocol.Codec;
using ChatAkka.Transfer.Files;

namespace ChatAkka.Transfer.Lines;

/// <summary>A channel's members within a line.</summary>
internal static class MemberLine
{
    public static void WriteAll(FrameWriter line, ImmutableArray<Member> members)
    {
        line.Name("members"u8).StartArray();
        foreach (var member in members)
        {
            line.StartObject()
                .Name("user"u8).String(member.User.Value)
                .Name("role"u8).String(TimelineLine.Known(Words.Of(member.Role)))
                .Name("since"u8).Id(member.Since)
                .Name("since_n"u8).Number(member.SinceN)
                .EndObject();
        }

        line.EndArray();
    }

    public static ImmutableArray<Member> ReadAll(LineFields line) => [.. line.Objects("members").Select(Read)];

    public static MemberRole Role(LineFields fields) =>
        Words.Role(fields.Text("role")) ?? throw fields.Wrong("has a 'role' that this version doesn't know");

    private static Member Read(LineFields fields)
    {
        var member = new Member(fields.User("user"), Role(fields), fields.Id("since"), fields.Number("since_n"));
        fields.End();
        return member;
    }
}
