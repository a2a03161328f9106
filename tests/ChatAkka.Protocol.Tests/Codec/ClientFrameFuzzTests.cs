using System.Text;
using System.Text.Json;
using ChatAkka.Protocol.Codec;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Protocol.Tests.Codec;

/// <summary>The decoder never throws, and agrees with a real JSON parser on what is an object. Failures print the seed.</summary>
public sealed class ClientFrameFuzzTests
{
    private const int Rounds = 20_000;

    private static readonly byte[][] Valid =
    [
        .. new[]
        {
            """{"op":"hello","ref":"1","token":"abc.def","cursors":{"1-2":"17","9":"0"}}""",
            """{"op":"send","ref":"r","channel":"5","client_id":"c-1","text":"안녕 \ud83d\udc4b \n","reply_to":"3","mentions":["7","8"]}""",
            """{"op":"delivered","channel":"5","id":"12"}""",
            """{"op":"history","ref":"r","channel":"5","before":"9","limit":200}""",
            """{"op":"heartbeat","ref":"h","x":[1,2,{"y":null}]}""",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    [Fact]
    public void Random_bytes_never_throw() => Fuzz(random =>
    {
        var bytes = new byte[random.Next(64)];
        random.NextBytes(bytes);
        return bytes;
    });

    [Fact]
    public void Random_json_tokens_never_throw()
    {
        string[] tokens = ["{", "}", "[", "]", ",", ":", "\"op\"", "\"send\"", "\"ref\"", "\"text\"", "\"\\ud800\"", "1", "null", "true", "\"cursors\"", "\"mentions\"", " "];
        Fuzz(random => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(24)).Select(_ => tokens[random.Next(tokens.Length)]))));
    }

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

    private static void Fuzz(Func<Random, byte[]> make)
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var json = make(random);
            ClientFrame frame;
            try
            {
                frame = ClientFrameDecoder.Decode(json);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}, round {round}: {Convert.ToHexString(json)}", e);
            }

            if (HasOp(json) is { } hasOp)
            {
                (frame is BadFrame).ShouldBe(!hasOp, $"seed {seed}, round {round}: {Convert.ToHexString(json)}");
            }
        }
    }

    // Null where the framework can't tell: it throws for half a surrogate pair in a name.
    private static bool? HasOp(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("op", out var op) && op.ValueKind == JsonValueKind.String;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false; // the latter for half a surrogate pair in a name
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
