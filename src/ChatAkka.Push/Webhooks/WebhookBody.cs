using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Push;

namespace ChatAkka.Push.Webhooks;

/// <summary>What is posted: docs/push.md describes it. Members are only added.</summary>
internal static class WebhookBody
{
    // It is read as JSON and nothing else, so only what JSON demands is escaped.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(PushNotification notification)
    {
        var bytes = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteString("id", notification.Id);
            json.WriteString("type", "message");
            json.WriteString("user", notification.User.Value);
            json.WriteString("channel", notification.Channel.Value);
            json.WriteString("kind", Kind(notification.Kind));
            json.WriteString("title", notification.Title);
            json.WriteString("from", notification.From.Value);
            json.WriteString("from_name", notification.FromName);
            json.WriteString("message_id", notification.MessageId.ToString(CultureInfo.InvariantCulture));
            json.WriteNumber("at", notification.At);
            json.WriteNumber("count", notification.Count);
            json.WriteString("preview", notification.Preview);
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static string Kind(ChannelKind kind) => kind switch
    {
        ChannelKind.Direct => "direct",
        ChannelKind.Group => "group",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "a kind that the webhook doesn't know"),
    };
}
