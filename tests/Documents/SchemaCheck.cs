using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ChatAkka.Tests.Documents;

/// <summary>
/// Checks JSON against JSON Schema 2020-12, as far as the documents use it: a keyword that isn't known here throws. Stricter than a client
/// may be: a member that no schema names is an error, unless the schema says <c>additionalProperties</c> itself.
/// </summary>
/// <param name="document">Where <c>$ref</c>s lead to.</param>
internal sealed class SchemaCheck(JsonElement document)
{
    private static readonly ConcurrentDictionary<string, Regex> Patterns = new();
    private static readonly string[] Annotations = ["description", "title", "default", "example", "examples", "deprecated"];

    /// <summary>What is wrong with the value; empty if nothing is.</summary>
    public IReadOnlyList<string> Check(JsonElement schema, JsonElement value)
    {
        List<string> errors = [];
        CheckWhole(schema, value, "$", errors);
        return errors;
    }

    /// <summary>Follows references.</summary>
    public JsonElement Resolve(JsonElement schema)
    {
        while (schema.TryGetProperty("$ref", out var reference))
        {
            schema = reference.GetString()!.Split('/')[1..].Aggregate(document, static (at, name) => at.GetProperty(name));
        }

        return schema;
    }

    // A value, and that each of its members is named by some part of its schema.
    private void CheckWhole(JsonElement schema, JsonElement value, string path, List<string> errors)
    {
        HashSet<string> named = [];
        CheckParts(schema, value, path, errors, named);
        if (value.ValueKind == JsonValueKind.Object)
        {
            errors.AddRange(value.EnumerateObject().Where(member => !named.Contains(member.Name))
                .Select(member => $"{path}.{member.Name} isn't documented"));
        }
    }

    private void CheckParts(JsonElement schema, JsonElement value, string path, List<string> errors, HashSet<string> named)
    {
        foreach (var keyword in schema.EnumerateObject())
        {
            var rule = keyword.Value;
            switch (keyword.Name)
            {
                case "$ref":
                    CheckParts(Resolve(schema), value, path, errors, named);
                    break;
                case "allOf":
                    foreach (var part in rule.EnumerateArray())
                    {
                        CheckParts(part, value, path, errors, named);
                    }

                    break;
                case "oneOf":
                    CheckOneOf(rule, value, path, errors, named);
                    break;
                case "type" or "const" or "enum":
                    Expect(IsKind(keyword.Name, rule, value), $"{path} is {Short(value)}, not of {keyword.Name} {rule}", errors);
                    break;
                default:
                    if (!CheckString(keyword, value, path, errors) && !CheckNumber(keyword, value, path, errors)
                        && !CheckArray(keyword, value, path, errors) && !CheckObject(schema, keyword, value, path, errors, named)
                        && !Annotations.Contains(keyword.Name) && !keyword.Name.StartsWith("x-", StringComparison.Ordinal))
                    {
                        throw new NotSupportedException($"the schema of {path} says {keyword.Name}, which isn't known here");
                    }

                    break;
            }
        }
    }

    private void CheckOneOf(JsonElement branches, JsonElement value, string path, List<string> errors, HashSet<string> named)
    {
        List<(List<string> Errors, HashSet<string> Named)> tried = [];
        foreach (var branch in branches.EnumerateArray())
        {
            List<string> wrong = [];
            HashSet<string> names = [];
            CheckParts(branch, value, path, wrong, names);
            tried.Add((wrong, names));
        }

        var fitting = tried.Where(branch => branch.Errors.Count == 0).ToList();
        if (fitting.Count != 1)
        {
            errors.Add($"{path} fits {fitting.Count} of {tried.Count} alternatives");
            errors.AddRange(tried.MinBy(branch => branch.Errors.Count).Errors);
        }

        foreach (var branch in fitting)
        {
            named.UnionWith(branch.Named);
        }
    }

    private static bool IsKind(string keyword, JsonElement rule, JsonElement value) => keyword switch
    {
        "const" => JsonElement.DeepEquals(rule, value),
        "enum" => rule.EnumerateArray().Any(allowed => JsonElement.DeepEquals(allowed, value)),
        _ => rule.GetString() switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            var type => throw new NotSupportedException($"type {type}"),
        },
    };

    private static bool CheckString(JsonProperty keyword, JsonElement value, string path, List<string> errors)
    {
        if (keyword.Name is not ("minLength" or "maxLength" or "pattern"))
        {
            return false;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            var text = value.GetString()!;
            var fits = keyword.Name switch
            {
                "pattern" => Patterns.GetOrAdd(keyword.Value.GetString()!, static pattern => new Regex(pattern)).IsMatch(text),
                "minLength" => text.EnumerateRunes().Count() >= keyword.Value.GetInt32(),
                _ => text.EnumerateRunes().Count() <= keyword.Value.GetInt32(),
            };
            Expect(fits, $"{path} is {Short(value)}, against {keyword.Name} {keyword.Value}", errors);
        }

        return true;
    }

    private static bool CheckNumber(JsonProperty keyword, JsonElement value, string path, List<string> errors)
    {
        if (keyword.Name is not ("minimum" or "maximum"))
        {
            return false;
        }

        if (value.ValueKind == JsonValueKind.Number)
        {
            var (number, bound) = (value.GetInt64(), keyword.Value.GetInt64());
            var fits = keyword.Name == "minimum" ? number >= bound : number <= bound;
            Expect(fits, $"{path} is {Short(value)}, against {keyword.Name} {keyword.Value}", errors);
        }

        return true;
    }

    private bool CheckArray(JsonProperty keyword, JsonElement value, string path, List<string> errors)
    {
        if (keyword.Name is not ("items" or "minItems" or "maxItems"))
        {
            return false;
        }

        if (value.ValueKind == JsonValueKind.Array)
        {
            if (keyword.Name == "items")
            {
                foreach (var (index, item) in value.EnumerateArray().Index())
                {
                    CheckWhole(keyword.Value, item, $"{path}[{index}]", errors);
                }
            }
            else
            {
                var (length, bound) = (value.GetArrayLength(), keyword.Value.GetInt32());
                var fits = keyword.Name == "minItems" ? length >= bound : length <= bound;
                Expect(fits, $"{path} has {length} items, against {keyword.Name} {bound}", errors);
            }
        }

        return true;
    }

    private bool CheckObject(
        JsonElement schema, JsonProperty keyword, JsonElement value, string path, List<string> errors, HashSet<string> named)
    {
        if (keyword.Name is not ("properties" or "required" or "additionalProperties" or "propertyNames"))
        {
            return false;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            return true;
        }

        switch (keyword.Name)
        {
            case "properties":
                foreach (var member in value.EnumerateObject().Where(member => keyword.Value.TryGetProperty(member.Name, out _)))
                {
                    named.Add(member.Name);
                    CheckWhole(keyword.Value.GetProperty(member.Name), member.Value, $"{path}.{member.Name}", errors);
                }

                break;
            case "required":
                errors.AddRange(keyword.Value.EnumerateArray().Select(name => name.GetString()!)
                    .Where(name => !value.TryGetProperty(name, out _))
                    .Select(name => $"{path}.{name} is missing"));
                break;
            case "propertyNames":
                foreach (var member in value.EnumerateObject())
                {
                    CheckWhole(keyword.Value, JsonSerializer.SerializeToElement(member.Name), $"{path} (a name)", errors);
                }

                break;
            case "additionalProperties":
                foreach (var member in value.EnumerateObject().Where(member => !Knows(schema, member.Name)))
                {
                    named.Add(member.Name);
                    if (keyword.Value.ValueKind == JsonValueKind.Object)
                    {
                        CheckWhole(keyword.Value, member.Value, $"{path}.{member.Name}", errors);
                    }
                }

                break;
        }

        return true;
    }

    private static bool Knows(JsonElement schema, string member) =>
        schema.TryGetProperty("properties", out var known) && known.TryGetProperty(member, out _);

    private static void Expect(bool holds, string otherwise, List<string> errors)
    {
        if (!holds)
        {
            errors.Add(otherwise);
        }
    }

    private static string Short(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length <= 100 ? text : text[..100] + "…";
    }
}
