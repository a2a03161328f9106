using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Tests.Serialization;

/// <summary>Everything that a stored value is made of, comparable: records compare their lists by reference, and states don't compare at
/// all.</summary>
internal static class Contents
{
    private static readonly JsonSerializerOptions Json = new()
    {
        Converters = { new ChannelIds() },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of(object value) => value switch
    {
        ChannelState state => Of(state),
        UserState user => $"{user.Id}: {string.Join(' ', user.Changes.Select(change => change.ToString()).Order(StringComparer.Ordinal))}",
        _ => $"{value.GetType().Name} {JsonSerializer.Serialize(value, value.GetType(), Json)}",
    };

    private static string Of(ChannelState state)
    {
        var sends = state.Sends;
        var blocks = sends.Blocks.Select(block => $"{block.First}-{block.Last}:{block.Shift}:{Convert.ToHexString(block.Bytes.Span)}");
        var open = string.Join(' ', sends.OpenKeys.ToArray());
        return $"{JsonSerializer.Serialize(state.View(), Json)} by {state.Creator} {string.Join(' ', blocks)} {sends.OpenFirst}: {open}";
    }

    // A group's id throws when it is asked for its two users.
    private sealed class ChannelIds : JsonConverter<ChannelId>
    {
        public override ChannelId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, ChannelId value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Value);
    }
}
