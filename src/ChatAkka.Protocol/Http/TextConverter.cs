using System.Text.Json;
using System.Text.Json.Serialization;
using ChatAkka.Protocol.Codec;

namespace ChatAkka.Protocol.Http;

/// <summary>Writes strings as <see cref="FrameWriter"/> does. The framework's most relaxed encoder still escapes emoji.</summary>
internal sealed class TextConverter : JsonConverter<string>
{
    /// <inheritdoc/>
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
        ? reader.GetString()
        : throw new JsonException();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        var text = new FrameWriter();
        text.String(value);
        writer.WriteRawValue(text.Written, skipInputValidation: true);
    }
}
