using System.Text;
using System.Text.Json;
using ChatAkka.Protocol.Codec;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Protocol.Tests.Codec;

/// <summary>The client's decoder never throws, whatever a server, or something between, says. Failures print the seed.</summary>
public sealed class ServerFrameFuzzTests
{
    private const int Rounds = 20_000;

    private static readonly byte[][] Valid =
    [
        .. new[]
        {
            """{"op":"ok","ref":"1","user_id":"42","device_id":"43","node":"a","time":7,"heartbeat_ms":500,"timeout_ms":3000,"max_text":10}""",
            """{"op":"event","channel":"5","id":"17","n":12,"at":99,"from":"42","type":"message","text":"안녕 \ud83d\udc4b","mentions":["7"]}""",
            """{"op":"sync","channel":{"id":"5","kind":"group","title":"t","head":"17","n":1,"unread":1,"read":"0","member_count":3},"events":[{"id":"1","n":0,"at":9,"from":"4","type":"created"}],"more":true}""",
            """{"op":"ok","ref":"r","messages":[{"id":"2","n":1,"at":9,"from":"4","type":"message","text":"x","reactions":[{"emoji":"👍","users":["7"]}]}],"has_before":true}""",
            """{"op":"reconnect","after_ms":250,"servers":[{"url":"ws://b","region":"eu","node":"b"}]}""",
            """{"op":"error","ref":"r","code":"busy","message":"later","retry_ms":250}""",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    [Fact]
    public void Random_bytes_are_malformed() => Fuzz(random =>
    {
        var bytes = new byte[random.Next(64)];
        random.NextBytes(bytes);
        return bytes;
    });

    [Fact]
    public void Mutated_frames_never_throw() => Fuzz(random =>
    {
        var bytes = Valid[random.Next(Valid.Length)].ToList();
        for (var changes = random.Next(1, 6); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                case 2:
                    bytes.Insert(at, (byte)"{}[]\",:\\u0d8"[random.Next(12)]);
                    break;
                default:
                    bytes.RemoveRange(at, random.Next(bytes.Count - at));
                    break;
            }
        }

        return [.. bytes];
    });

    [Fact]
    public void Deep_nesting_is_malformed() =>
        ServerFrameDecoder.Decode(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"last_message\":", 10_000))))
            .ShouldBeOfType<MalformedServerFrame>();

    private static void Fuzz(Func<Random, byte[]> make)
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var json = make(random);
            try
            {
                var frame = ServerFrameDecoder.Decode(json);
                (frame is MalformedServerFrame || IsJson(json)).ShouldBeTrue();
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}, round {round}: {Convert.ToHexString(json)}", e);
            }
        }
    }

    private static bool IsJson(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
