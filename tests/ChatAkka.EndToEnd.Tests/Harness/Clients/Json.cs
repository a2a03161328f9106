using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChatAkka.EndToEnd.Tests.Harness.Clients;

/// <summary>JSON as clients write it: text as itself, but emoji as escapes.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(object value) =>
        value is JsonNode node ? node.ToJsonString(Options) : JsonSerializer.Serialize(value, Options);

    public static JsonObject Object(object value) => JsonSerializer.SerializeToNode(value, Options)!.AsObject();

    public static JsonElement Read(string text)
    {
        using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 64 });
        return document.RootElement.Clone();
    }

    public static string String(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new ShouldAssertException($"there is no string \"{name}\" in {element.GetRawText()}");

    public static long Number(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            ? value.GetInt64()
            : throw new ShouldAssertException($"there is no number \"{name}\" in {element.GetRawText()}");

    public static bool Bool(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : throw new ShouldAssertException($"there is no truth value \"{name}\" in {element.GetRawText()}");

    public static JsonElement[] Array(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray()]
            : throw new ShouldAssertException($"there is no array \"{name}\" in {element.GetRawText()}");

    public static JsonElement Member(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value)
            ? value
            : throw new ShouldAssertException($"there is no \"{name}\" in {element.GetRawText()}");

    public static bool Has(this JsonElement element, string name) => element.TryGetProperty(name, out _);

    /// <summary>A message id, which is a number in a string.</summary>
    public static long Id(this JsonElement element, string name = "id")
    {
        var text = element.String(name);
        var id = long.Parse(text);
        text.ShouldBe(id.ToString(), "an id isn't canonical");
        return id;
    }
}
