using System.Text;
using ChatAkka.Protocol.Codec;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Protocol.Tests.Codec;

internal static class Decoding
{
    public static ClientFrame Decode(string json) => ClientFrameDecoder.Decode(Encoding.UTF8.GetBytes(json));

    public static RefusedFrame Refuse(string json) => Decode(json).ShouldBeOfType<RefusedFrame>();
}
