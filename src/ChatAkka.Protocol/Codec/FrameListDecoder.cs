using System.Text.Json;
using System.Text.Unicode;

namespace ChatAkka.Protocol.Codec;

/// <summary>
/// Reads the body of <c>POST /v1/sync</c>, <c>{"frames":[{…},…]}</c>. The frames are those that a client writes to a socket after its
/// hello; each is looked at as far as is needed to know that <see cref="ClientFrameDecoder"/> won't call it a bad one. It never throws,
/// whatever the bytes are.
/// </summary>
public static class FrameListDecoder
{
    private const string Malformed = "The body must be an object with frames, an array of objects that have a string op.";

    // The body is an object with an array in it.
    private const int DepthOfFrames = 2;

    /// <summary>Finds the frames of a body, all or none.</summary>
    /// <param name="frames">Where each frame lies in the body, in order.</param>
    /// <returns>What is wrong, for people; null if nothing is.</returns>
    public static string? Decode(ReadOnlySpan<byte> body, out IReadOnlyList<Range> frames)
    {
        List<Range> found = [];
        var wrong = Utf8.IsValid(body) ? Read(body, found) : Malformed;
        frames = wrong is null ? found : [];
        return wrong;
    }

    private static string? Read(ReadOnlySpan<byte> body, List<Range> frames)
    {
        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = ProtocolLimits.MaxDepth + DepthOfFrames });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return Malformed;
            }

            var has = false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var named = !reader.ValueIsEscaped && reader.ValueSpan.SequenceEqual("frames"u8);
                reader.Read();
                if (!named)
                {
                    reader.Skip();
                    continue;
                }

                // Of a repeated member the last one counts.
                has = true;
                frames.Clear();
                if (ReadArray(body, ref reader, frames) is { } wrong)
                {
                    return wrong;
                }
            }

            reader.Read(); // throws if something follows the object
            return has ? null : Malformed;
        }
        catch (JsonException)
        {
            return Malformed;
        }
    }

    private static string? ReadArray(ReadOnlySpan<byte> body, ref Utf8JsonReader reader, List<Range> frames)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return Malformed;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (frames.Count == ProtocolLimits.MaxPostedFrames)
            {
                return $"At most {ProtocolLimits.MaxPostedFrames} frames can be posted at once.";
            }

            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            var frame = start..(int)reader.BytesConsumed;
            if (!ClientFields.TryScan(body[frame], out var fields) || fields.Type(ClientField.Op) != JsonTokenType.String)
            {
                return Malformed;
            }

            if (fields.Bytes(ClientField.Op).SequenceEqual("hello"u8))
            {
                return "hello isn't posted: the server says it for the token of the request.";
            }

            frames.Add(frame);
        }

        return null;
    }
}
