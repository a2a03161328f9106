using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using ChatAkka.Replay.Judging;

namespace ChatAkka.Replay.Clients;

/// <summary>
/// Writes a client's requests. Not thread-safe: one for each client, under its lock. The returned memory is valid until the next call.
/// </summary>
/// <param name="escape">Write everything beyond ASCII as <c>\u</c> escapes, which JSON allows and some clients do.</param>
internal sealed class ClientFrames(bool escape)
{
    /// <summary>Keeps the connection alive; without a ref it isn't answered.</summary>
    public static readonly ReadOnlyMemory<byte> Heartbeat = """{"op":"heartbeat"}"""u8.ToArray();

    private readonly ArrayBufferWriter<byte> _buffer = new(256);
    private readonly JsonWriterOptions _options = new()
    {
        Encoder = escape ? JavaScriptEncoder.Default : JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <param name="cursors">Null to leave it to the server's cursors.</param>
    public ReadOnlySpan<byte> Hello(long reference, string token, IEnumerable<KeyValuePair<string, long>>? cursors)
    {
        using var json = Begin("hello", reference);
        json.WriteString("token", token);
        if (cursors is not null)
        {
            json.WriteStartObject("cursors");
            foreach (var (channel, id) in cursors)
            {
                json.WriteString(channel, Decimal(id));
            }

            json.WriteEndObject();
        }

        return End(json);
    }

    public ReadOnlySpan<byte> Send(long reference, Send send)
    {
        using var json = Begin("send", reference);
        json.WriteString(send.Channel is null ? "to" : "channel", send.Channel ?? send.To);
        json.WriteString("client_id", send.ClientId);
        json.WriteString("text", send.Utf8);
        return End(json);
    }

    public ReadOnlySpan<byte> Delivered(string channel, long id)
    {
        using var json = Begin("delivered", null);
        json.WriteString("channel", channel);
        json.WriteString("id", Decimal(id));
        return End(json);
    }

    public ReadOnlySpan<byte> History(long reference, string channel, long after, int limit)
    {
        using var json = Begin("history", reference);
        json.WriteString("channel", channel);
        json.WriteString("after", Decimal(after));
        json.WriteNumber("limit", limit);
        return End(json);
    }

    private static string Decimal(long number) => number.ToString(CultureInfo.InvariantCulture);

    private Utf8JsonWriter Begin(string op, long? reference)
    {
        _buffer.ResetWrittenCount();
        var json = new Utf8JsonWriter(_buffer, _options);
        json.WriteStartObject();
        json.WriteString("op", op);
        if (reference is { } number)
        {
            json.WriteString("ref", Decimal(number));
        }

        return json;
    }

    private ReadOnlySpan<byte> End(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.Flush();
        return _buffer.WrittenSpan;
    }
}
