using System.Text.Json;
using System.Text.RegularExpressions;

namespace ChatAkka.EndToEnd.Tests.Documents;

/// <summary>
/// What stands for what: the ids of the documents (1173 and fourteen digits) stand for ids of the server. One that isn't known yet is
/// learned from the first answer that has it, and stands for the same from then on. <c>…</c> stands for any text, times of
/// the documents (18 and eleven digits) for any number.
/// </summary>
internal sealed partial class Cast
{
    private const string Anything = "…";

    private Dictionary<string, string> _real = [];

    /// <summary>An id of the documents stands for this one.</summary>
    public void Add(string documented, string real) => _real.Add(documented, real);

    /// <summary>What an id of the documents stands for, if that is known.</summary>
    public string? Real(string documented) => _real.GetValueOrDefault(documented);

    /// <summary>A text of the documents with the server's ids.</summary>
    public string Play(string text) => Id().Replace(text, id => _real.GetValueOrDefault(id.Value, id.Value));

    /// <summary>What differs between an example and what came; null if nothing does, and then the example's new ids are learned.</summary>
    public string? Compare(JsonElement example, JsonElement actual)
    {
        var learned = new Dictionary<string, string>(_real);
        var difference = Compare(example, actual, "$", learned);
        _real = difference is null ? learned : _real;
        return difference;
    }

    private static string? Compare(JsonElement example, JsonElement actual, string path, Dictionary<string, string> real)
    {
        if (example.ValueKind != actual.ValueKind)
        {
            return $"{path} is {actual.GetRawText()}, not {example.GetRawText()}";
        }

        switch (example.ValueKind)
        {
            case JsonValueKind.Object:
                var missing = example.EnumerateObject().Select(member => member.Name)
                    .Except(actual.EnumerateObject().Select(member => member.Name)).ToList();
                var further = actual.EnumerateObject().Select(member => member.Name)
                    .Except(example.EnumerateObject().Select(member => member.Name)).ToList();
                return missing.Count + further.Count > 0
                    ? $"{path} lacks [{string.Join(", ", missing)}] and has [{string.Join(", ", further)}] besides"
                    : First(example.EnumerateObject()
                        .Select(member => Compare(member.Value, actual.GetProperty(member.Name), $"{path}.{member.Name}", real)));
            case JsonValueKind.Array:
                return example.GetArrayLength() != actual.GetArrayLength()
                    ? $"{path} has {actual.GetArrayLength()} items, not {example.GetArrayLength()}"
                    : First(example.EnumerateArray().Zip(actual.EnumerateArray())
                        .Select((pair, i) => Compare(pair.First, pair.Second, $"{path}[{i}]", real)));
            case JsonValueKind.String:
                return Compare(example.GetString()!, actual.GetString()!, path, real);
            case JsonValueKind.Number when Time().IsMatch(example.GetRawText()):
                return null;
            default:
                return example.GetRawText() == actual.GetRawText() ? null : $"{path} is {actual.GetRawText()}, not {example.GetRawText()}";
        }
    }

    private static string? Compare(string example, string actual, string path, Dictionary<string, string> real)
    {
        if (example.Contains(Anything))
        {
            var pattern = $"^{Regex.Escape(example).Replace(Anything, ".+")}$";
            return Regex.IsMatch(actual, pattern) ? null : $"{path} is “{actual}”, not “{example}”";
        }

        // Two ids, if it is that of a direct channel.
        var (examples, actuals) = Ids().IsMatch(example) ? (example.Split('-'), actual.Split('-')) : ([example], [actual]);
        foreach (var (documented, given) in examples.Zip(actuals))
        {
            var isNew = Id().IsMatch(documented) && real.TryAdd(documented, given);
            var expected = isNew ? given : real.GetValueOrDefault(documented, documented);
            if (expected != given || examples.Length != actuals.Length)
            {
                return $"{path} is “{actual}”, not “{example}” ({expected})";
            }
        }

        return null;
    }

    // In order: each comparison learns for the next.
    private static string? First(IEnumerable<string?> differences) => differences.FirstOrDefault(difference => difference is not null);

    [GeneratedRegex(@"\b1173\d{14}\b")]
    private static partial Regex Id();

    [GeneratedRegex(@"^1173\d{14}(-1173\d{14})?$")]
    private static partial Regex Ids();

    [GeneratedRegex(@"^18\d{11}$")]
    private static partial Regex Time();
}
