using System.Buffers;
using System.Text;
using ChatAkka.Gateway.WebSockets.Framing;
using ChatAkka.Protocol;
using static ChatAkka.Gateway.Tests.Support.ClientBytes;

namespace ChatAkka.Gateway.Tests.WebSockets;

public sealed class FrameParserTests
{
    private const int Limit = 70_000;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(Limit)]
    public void A_text_of_any_length_is_unmasked(int length)
    {
        var text = new string('x', length);
        Parse(Text(text)).ShouldBe([$"Text {text}"]);
    }

    [Fact]
    public void Every_split_of_a_stream_gives_the_same_frames()
    {
        byte[] stream =
        [
            .. Text("안녕 👋"), .. Frame(Opcode.Ping, "p"u8), .. Frame(Opcode.Text, "one "u8, final: false), .. Frame(Opcode.Pong, ""u8),
            .. Frame(Opcode.Continuation, "two "u8, final: false), .. Frame(Opcode.Ping, "q"u8), .. Frame(Opcode.Continuation, "three"u8),
            .. Text(new string('y', 200)), .. Close(1000, "bye"),
        ];
        string[] frames = ["Text 안녕 👋", "Ping p", "Pong ", "Ping q", "Text one two three", $"Text {new string('y', 200)}", "Close \u0003\ufffdbye"];

        Parse(stream).ShouldBe(frames);
        for (var cut = 0; cut <= stream.Length; cut++)
        {
            // As one input of two pieces, and as two inputs.
            Parse(InPieces(stream, cut)).ShouldBe(frames);
            ParseInSteps(stream, cut, stream.Length - cut).ShouldBe(frames);
        }

        ParseInSteps(stream, Enumerable.Repeat(1, stream.Length).ToArray()).ShouldBe(frames);
        Parse(InPieces(stream, Enumerable.Repeat(1, stream.Length).ToArray())).ShouldBe(frames);
    }

    [Fact]
    public void Random_splits_of_random_messages_give_the_same_frames()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 300; round++)
        {
            List<byte> stream = [];
            List<string> frames = [];
            for (var message = random.Next(1, 6); message > 0; message--)
            {
                var text = new string((char)random.Next('a', 'z'), random.Next(0, 3_000));
                frames.Add($"Text {text}");
                var rest = Encoding.ASCII.GetBytes(text).AsSpan();
                var opcode = Opcode.Text;
                while (random.Next(3) == 0)
                {
                    var part = random.Next(rest.Length + 1);
                    stream.AddRange(Frame(opcode, rest[..part], final: false));
                    rest = rest[part..];
                    opcode = Opcode.Continuation;
                }

                stream.AddRange(Frame(opcode, rest));
            }

            var lengths = Enumerable.Range(0, random.Next(1, 20)).Select(_ => random.Next(0, stream.Count)).ToArray();
            ParseInSteps([.. stream], lengths).ShouldBe(frames, $"seed {seed}, round {round}");
        }
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = new byte[random.Next(1, 40)];
            random.NextBytes(bytes);
            bytes[0] &= 0x8F;
            bytes[^1] |= 0x80;
            try
            {
                Parse(bytes);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}, round {round}: {Convert.ToHexString(bytes)}", e);
            }
        }
    }

    public static TheoryData<string, byte[], CloseCode> Violations => new()
    {
        { "unmasked", Frame(Opcode.Text, "x"u8, masked: false), CloseCode.ProtocolError },
        { "reserved bit 1", Frame(Opcode.Text, "x"u8, reserved: 4), CloseCode.ProtocolError },
        { "reserved bit 3", Frame(Opcode.Text, "x"u8, reserved: 1), CloseCode.ProtocolError },
        { "reserved opcode", Frame((Opcode)3, "x"u8), CloseCode.ProtocolError },
        { "reserved control opcode", Frame((Opcode)11, "x"u8), CloseCode.ProtocolError },
        { "binary", Frame(Opcode.Binary, "x"u8), CloseCode.BadFrame },
        { "continuation of nothing", Frame(Opcode.Continuation, "x"u8), CloseCode.ProtocolError },
        { "fragmented ping", Frame(Opcode.Ping, "x"u8, final: false), CloseCode.ProtocolError },
        { "long ping", Frame(Opcode.Ping, new byte[126]), CloseCode.ProtocolError },
        { "text inside a message", [.. Frame(Opcode.Text, "x"u8, final: false), .. Text("y")], CloseCode.ProtocolError },
        { "binary inside a message", [.. Frame(Opcode.Text, "x"u8, final: false), .. Frame(Opcode.Binary, "y"u8)], CloseCode.ProtocolError },
        { "length not minimal", [0x81, 0xFE, 0, 5, 1, 2, 3, 4, 0, 0, 0, 0, 0], CloseCode.ProtocolError },
        { "long length not minimal", [0x81, 0xFF, 0, 0, 0, 0, 0, 0, 1, 0], CloseCode.ProtocolError },
        { "negative length", [0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0], CloseCode.ProtocolError },
        { "not UTF-8", Frame(Opcode.Text, [0xED, 0xA0, 0x80]), CloseCode.InvalidUtf8 },
        { "not UTF-8 over fragments", [.. Frame(Opcode.Text, [0xF0, 0x9F], final: false), .. Frame(Opcode.Continuation, [0x91])], CloseCode.InvalidUtf8 },
        { "close of one byte", Frame(Opcode.Close, [3]), CloseCode.ProtocolError },
        { "close with a reserved code", Close(1005), CloseCode.ProtocolError },
        { "close with an unknown code", Close(2000), CloseCode.ProtocolError },
        { "close with a bad reason", Frame(Opcode.Close, [3, 0xE8, 0xFF]), CloseCode.InvalidUtf8 },
    };

    [Theory]
    [MemberData(nameof(Violations))]
    public void A_broken_rule_is_a_violation(string rule, byte[] bytes, CloseCode code)
    {
        Parse(bytes).ShouldBe([$"Violation {code}"], rule);
        ParseInSteps(bytes, Enumerable.Repeat(1, bytes.Length).ToArray()).ShouldBe([$"Violation {code}"], rule);
    }

    [Fact]
    public void Utf8_may_be_cut_by_fragments()
    {
        var wave = "👋"u8.ToArray();
        Parse([.. Frame(Opcode.Text, wave.AsSpan(0, 3), final: false), .. Frame(Opcode.Continuation, wave.AsSpan(3))]).ShouldBe(["Text 👋"]);
    }

    [Theory]
    [InlineData(Limit + 1)]
    [InlineData(1_000_000_000_000)]
    public void An_oversize_frame_is_refused_by_its_header_alone(ulong length)
    {
        // The key and the payload needn't have come.
        var header = Header(Opcode.Text, length);
        Parse(header.AsSpan(0, header.Length - 4).ToArray()).ShouldBe([$"Violation {CloseCode.FrameTooLarge}"]);
    }

    [Fact]
    public void Fragments_that_grow_too_large_are_refused_before_the_last_is_there()
    {
        byte[] stream = [.. Frame(Opcode.Text, new byte[Limit - 1], final: false), .. Frame(Opcode.Continuation, "x"u8, final: false), .. Header(Opcode.Continuation, 1)];
        Parse(stream).ShouldBe([$"Violation {CloseCode.FrameTooLarge}"]);
    }

    [Fact]
    public void A_message_that_never_ends_stays_a_message()
    {
        var parser = new FrameParser(Limit);
        var input = new ReadOnlySequence<byte>(Frame(Opcode.Text, ""u8, final: false));
        parser.Read(ref input, out _, out _).ShouldBe(ParseStatus.NeedMore);
        for (var i = 0; i < 1_000; i++)
        {
            input = new ReadOnlySequence<byte>(Frame(Opcode.Continuation, ""u8, final: false));
            parser.Read(ref input, out _, out _).ShouldBe(ParseStatus.NeedMore);
            parser.InMessage.ShouldBeTrue();
        }

        parser.Dispose();
    }

    private static List<string> Parse(byte[] bytes) => Parse(new ReadOnlySequence<byte>(bytes.ToArray()));

    private static List<string> Parse(ReadOnlySequence<byte> input)
    {
        var parser = new FrameParser(Limit);
        List<string> frames = [];
        Drain(ref parser, ref input, frames);
        parser.Dispose();
        return frames;
    }

    // As a connection reads: what isn't consumed comes again with more behind it.
    private static List<string> ParseInSteps(byte[] bytes, params int[] lengths)
    {
        var parser = new FrameParser(Limit);
        List<string> frames = [];
        byte[] kept = [];
        var at = 0;
        foreach (var length in lengths.Append(bytes.Length))
        {
            var taken = Math.Min(length, bytes.Length - at);
            var input = new ReadOnlySequence<byte>([.. kept, .. bytes.AsSpan(at, taken)]);
            at += taken;
            if (!Drain(ref parser, ref input, frames))
            {
                break;
            }

            kept = input.ToArray();
        }

        parser.Dispose();
        return frames;
    }

    private static bool Drain(ref FrameParser parser, ref ReadOnlySequence<byte> input, List<string> frames)
    {
        while (true)
        {
            var status = parser.Read(ref input, out var payload, out var violation);
            switch (status)
            {
                case ParseStatus.NeedMore:
                    return true;
                case ParseStatus.Violation:
                    frames.Add($"Violation {violation}");
                    return false;
                default:
                    frames.Add($"{status} {Encoding.UTF8.GetString(payload)}");
                    break;
            }
        }
    }
}
