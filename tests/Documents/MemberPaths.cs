using System.Text.Json;

namespace ChatAkka.Tests.Documents;

/// <summary>Which members there are, as paths such as <c>.messages[].reactions[].emoji</c>: to see that what is documented is also
/// sent.</summary>
internal static class MemberPaths
{
    /// <summary>Those that a value has.</summary>
    public static IEnumerable<string> Of(JsonElement value, string path = "") => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject()
            .SelectMany(member => Of(member.Value, $"{path}.{member.Name}").Prepend($"{path}.{member.Name}")),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(item => Of(item, path + "[]")).Distinct(),
        _ => [],
    };

    /// <summary>Those that a schema knows.</summary>
    /// <param name="resolve">Follows references.</param>
    public static IEnumerable<string> Of(JsonElement schema, Func<JsonElement, JsonElement> resolve, string path = "")
    {
        schema = resolve(schema);
        foreach (var keyword in schema.EnumerateObject())
        {
            IEnumerable<string> paths = keyword.Name switch
            {
                "properties" => keyword.Value.EnumerateObject()
                    .SelectMany(member => Of(member.Value, resolve, $"{path}.{member.Name}").Prepend($"{path}.{member.Name}")),
                "items" => Of(keyword.Value, resolve, path + "[]"),
                "allOf" or "oneOf" => keyword.Value.EnumerateArray().SelectMany(part => Of(part, resolve, path)),
                _ => [],
            };
            foreach (var found in paths)
            {
                yield return found;
            }
        }
    }
}
