using System.Buffers;
using Akka.Remote.Wire;
using Google.Protobuf;

namespace Akka.Embedded.Tests.Internals.Remote;

/// <summary>The frame that is written by hand has the bytes that remote.proto says.</summary>
public sealed class EnvelopeFrameTests
{
    [Fact]
    public void Hand_written_frames_are_those_of_the_generated_class()
    {
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var expected = RandomEnvelope(random);
            var bytes = Write(expected);
            bytes.ShouldBe(new Frame { Envelope = expected }.ToByteArray());

            EnvelopeFrame.TryRead(bytes, out var read).ShouldBeTrue();
            Envelope(read).ShouldBe(expected);
        }
    }

    [Fact]
    public void Fields_that_are_not_known_are_skipped()
    {
        byte[] unknown = [0x48, 0x05, 0x52, 0x01, 0xff, 0x59, 1, 2, 3, 4, 5, 6, 7, 8, 0x65, 1, 2, 3, 4]; // fields 9 to 12, of each wire type
        var envelope = new Envelope { To = "/user/a", Serializer = 4, Payload = ByteString.CopyFrom(9) };
        byte[] body = [.. unknown, .. envelope.ToByteArray(), .. unknown];

        EnvelopeFrame.TryRead([EnvelopeFrame.FrameTag, (byte)body.Length, .. body], out var read).ShouldBeTrue();

        Envelope(read).ShouldBe(envelope);
    }

    [Fact]
    public void Garbage_is_refused_or_read_but_never_fails()
    {
        var random = new Random(2);
        for (var i = 0; i < 50_000; i++)
        {
            var bytes = Write(RandomEnvelope(random));
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                bytes[random.Next(1, bytes.Length)] = (byte)random.Next(256);
            if (random.Next(3) == 0)
                bytes = bytes[..random.Next(1, bytes.Length)];
            EnvelopeFrame.TryRead(bytes, out _);
        }
    }

    [Fact]
    public void Bytes_of_every_frame_stay_what_they_are()
    {
        Hex(new Frame
        {
            Hello = new Hello { MinVersion = 1, MaxVersion = 2, Address = "akka.tcp://chat@a:1", Uid = -2, To = "akka.tcp://chat@b:2" },
        }).ShouldBe(Golden.Hello);
        Hex(new Frame { Welcome = new Welcome { Version = 1, Uid = 7, Acknowledged = 300 } }).ShouldBe(Golden.Welcome);
        Hex(new Frame { Refusal = new Refusal { Reason = Refusal.Types.Reason.Quarantined, Text = "dead" } }).ShouldBe(Golden.Refusal);
        Hex(new Frame { Envelope = Full() }).ShouldBe(Golden.Envelope);
        Hex(new Frame { System = new SystemEnvelope { Number = 5, To = "/user/a#1", Watch = new Watch { Watcher = "/user/b#2" } } })
            .ShouldBe(Golden.Watch);
        Hex(new Frame { System = new SystemEnvelope { Number = 5, To = "/user/a#1", Unwatch = new Unwatch { Watcher = "/user/b#2" } } })
            .ShouldBe(Golden.Unwatch);
        Hex(new Frame { System = new SystemEnvelope { Number = 5, To = "/user/b#2", Death = new Death { Actor = "/user/a#1", Existed = true } } })
            .ShouldBe(Golden.Death);
        Hex(new Frame { System = new SystemEnvelope { Number = 5, To = "/user/a#1", Stop = new Stop() } }).ShouldBe(Golden.Stop);
        Hex(new Frame { Acknowledgement = new Acknowledgement { Number = 5 } }).ShouldBe(Golden.Acknowledgement);
    }

    private static string Hex(Frame frame) => Convert.ToHexString(frame.ToByteArray());

    private static Envelope Full() => new()
    {
        To = "/user/a#1",
        ToNumber = 1,
        From = "/user/b#2",
        FromNumber = 300,
        Serializer = 17,
        Manifest = "S",
        ManifestNumber = 3,
        Payload = ByteString.CopyFromUtf8("hi"),
    };

    private static Envelope RandomEnvelope(Random random) => new()
    {
        To = random.Next(2) == 0 ? "" : "/user/" + new string('x', random.Next(200)),
        ToNumber = random.Next(2) == 0 ? 0 : (uint)random.NextInt64(1L << 32),
        From = random.Next(2) == 0 ? "" : "/user/" + new string('y', random.Next(200)),
        FromNumber = random.Next(2) == 0 ? 0 : (uint)random.Next(1000),
        Serializer = random.Next(3) switch { 0 => 0, 1 => random.Next(100), _ => random.Next(int.MinValue, int.MaxValue) },
        Manifest = random.Next(2) == 0 ? "" : "m",
        ManifestNumber = (uint)random.Next(3),
        Payload = ByteString.CopyFrom(new byte[random.Next(random.Next(2) == 0 ? 4 : 70_000)]),
    };

    private static byte[] Write(Envelope envelope)
    {
        var writer = new ArrayBufferWriter<byte>();
        new EnvelopeFrame
        {
            To = envelope.To.ToUtf8(),
            ToNumber = envelope.ToNumber,
            From = envelope.From.ToUtf8(),
            FromNumber = envelope.FromNumber,
            Serializer = envelope.Serializer,
            Manifest = envelope.Manifest.ToUtf8(),
            ManifestNumber = envelope.ManifestNumber,
            Payload = envelope.Payload.Span,
        }.Write(writer);
        return writer.WrittenSpan.ToArray();
    }

    private static Envelope Envelope(in EnvelopeFrame frame) => new()
    {
        To = System.Text.Encoding.UTF8.GetString(frame.To),
        ToNumber = frame.ToNumber,
        From = System.Text.Encoding.UTF8.GetString(frame.From),
        FromNumber = frame.FromNumber,
        Serializer = frame.Serializer,
        Manifest = System.Text.Encoding.UTF8.GetString(frame.Manifest),
        ManifestNumber = frame.ManifestNumber,
        Payload = ByteString.CopyFrom(frame.Payload),
    };

    private static class Golden
    {
        public const string Hello =
            "0A33080110021A13616B6B612E7463703A2F2F6368617440613A3125FEFFFFFF2A13616B6B612E7463703A2F2F6368617440"
            + "623A32";
        public const string Welcome =
            "120A0801150700000018AC02";
        public const string Refusal =
            "1A080803120464656164";
        public const string Envelope =
            "22260A092F757365722F61233110011A092F757365722F62233220AC022822320153380342026869";
        public const string Watch =
            "2A1A080512092F757365722F6123311A0B0A092F757365722F622332";
        public const string Unwatch =
            "2A1A080512092F757365722F612331220B0A092F757365722F622332";
        public const string Death =
            "2A1C080512092F757365722F6223322A0D0A092F757365722F6123311001";
        public const string Stop =
            "2A0F080512092F757365722F6123313200";
        public const string Acknowledgement =
            "32020805";
    }
}

internal static class Utf8
{
    public static byte[] ToUtf8(this string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
