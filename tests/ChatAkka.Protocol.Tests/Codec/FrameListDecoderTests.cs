using System.Text;
using ChatAkka.Protocol.Codec;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Protocol.Tests.Codec;

public sealed class FrameListDecoderTests
{
    private const string Beat = """{"op":"heartbeat"}""";

    [Theory]
    [InlineData("""{"frames":[]}""")]
    [InlineData("""{"frames":[{"op":"heartbeat"}]}""", Beat)]
    [InlineData(
        """ { "x" : [ {"op":1} ], "frames" : [ {"op":"heartbeat"} , {"op":"nonsense","x":{"y":[]}} ] , "y":null } """,
        Beat,
        """{"op":"nonsense","x":{"y":[]}}""")]
    [InlineData("""{"frames":[{"op":"typing"}],"frames":[{"op":"heartbeat"}]}""", Beat)]
    [InlineData("""{"frames":[{"op":"send","text":"안녕 \ud83d\ude00 ]}"}]}""", """{"op":"send","text":"안녕 \ud83d\ude00 ]}"}""")]
    public void Frames_are_found_as_they_were_written(string body, params string[] expected) => Decode(body).ShouldBe(expected);

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"frames":null}""")]
    [InlineData("""{"frames":{}}""")]
    [InlineData("""{"frames":"x"}""")]
    [InlineData("""{"frames":[]} x""")]
    [InlineData("""{"frames":[""")]
    [InlineData("""{"frames":[{"op":"heartbeat"}""")]
    [InlineData("""{"frames":[1]}""")]
    [InlineData("""{"frames":[null]}""")]
    [InlineData("""{"frames":[[]]}""")]
    [InlineData("""{"frames":[{}]}""")]
    [InlineData("""{"frames":[{"op":5}]}""")]
    [InlineData("""{"frames":[{"op":null}]}""")]
    [InlineData("""{"frames":[{"op":"heartbeat"},{"ref":"1"}]}""")]
    [InlineData("""{"frames":[{"op":"hello","ref":"1","token":"t"}]}""")]
    [InlineData("""{"frames":[{"op":"heartbeat"},{"op":"send","op":"hello"}]}""")]
    public void What_is_no_list_of_frames_is_refused_as_a_whole(string body)
    {
        FrameListDecoder.Decode(Encoding.UTF8.GetBytes(body), out var frames).ShouldNotBeNullOrEmpty();
        frames.ShouldBeEmpty();
    }

    [Fact]
    public void A_hundred_frames_are_taken_and_one_more_is_refused()
    {
        Decode(Many(100)).Length.ShouldBe(100);
        FrameListDecoder.Decode(Encoding.UTF8.GetBytes(Many(101)), out _).ShouldBe("At most 100 frames can be posted at once.");

        static string Many(int count) => $$"""{"frames":[{{string.Join(',', Enumerable.Repeat(Beat, count))}}]}""";
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused() =>
        FrameListDecoder.Decode([.. """{"frames":[{"op":"heartbeat","x":" """u8, 0xFF, .. "\"}]}"u8], out _).ShouldNotBeNull();

    [Fact]
    public void A_frame_may_be_as_deep_as_on_a_socket()
    {
        Decode($$"""{"frames":[{{Deep(63)}}]}""").Length.ShouldBe(1);
        FrameListDecoder.Decode(Encoding.UTF8.GetBytes($$"""{"frames":[{{Deep(64)}}]}"""), out _).ShouldNotBeNull();

        static string Deep(int levels) => $$"""{"op":"x","deep":{{new string('[', levels)}}{{new string(']', levels)}}}""";
    }

    [Fact]
    public void Whatever_is_found_is_no_bad_frame_and_nothing_throws()
    {
        string[] tokens =
        [
            "{", "}", "[", "]", ",", ":", "\"frames\"", "\"frames\":[", "{\"op\":\"send\"}", "{\"op\":\"hello\"}", "\"op\"", "\"hello\"",
            "\"\\ud800\"", "\"fr\\u0061mes\"", "1", "null", "{\"frames\":[", "]}", "\u0001",
        ];
        var random = new Random(17);
        for (var round = 0; round < 20_000; round++)
        {
            var body = string.Concat(Enumerable.Range(0, random.Next(16)).Select(_ => tokens[random.Next(tokens.Length)]));
            var bytes = Encoding.UTF8.GetBytes(body);
            FrameListDecoder.Decode(bytes, out var frames);
            foreach (var frame in frames)
            {
                ClientFrameDecoder.Decode(bytes.AsSpan(frame)).ShouldNotBeOfType<BadFrame>(body);
            }
        }
    }

    private static string[] Decode(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        FrameListDecoder.Decode(bytes, out var frames).ShouldBeNull();
        return [.. frames.Select(frame => Encoding.UTF8.GetString(bytes.AsSpan(frame)))];
    }
}
