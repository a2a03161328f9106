using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Protocol.Codec;
using ChatAkka.Transfer.Files;

namespace ChatAkka.Transfer.Lines;

/// <summary>A channel as its timeline leaves it, as a line. It is for people and tools, and it says where the timeline ends.</summary>
internal static class ChannelLine
{
    public static void Write(FrameWriter line, ChannelState state)
    {
        line.Name("channel"u8).String(state.Id.Value)
            .Name("kind"u8).String(TimelineLine.Known(Words.Of(state.Kind)))
            .Name("title"u8).String(state.Title)
            .Name("head"u8).Id(state.Head)
            .Name("n"u8).Number(state.N);
        MemberLine.WriteAll(line, state.Members);
    }

    /// <summary>Whose line it is, and where its timeline ends.</summary>
    public static (ChannelId Channel, long Head) Read(LineFields line) => (line.Channel("channel"), line.Id("head"));
}
