using System.Text.Json;
using System.Text.RegularExpressions;

namespace ChatAkka.Tests.Documents;

/// <summary>A call of openapi.json.</summary>
/// <param name="Path">With its parameters in braces.</param>
internal sealed record HttpCall(string Method, string Path, JsonElement Operation)
{
    private readonly Regex _address = new($"^{Regex.Replace(Path, @"\{\w+\}", "[^/?]+")}$");

    /// <summary>The call as messages and lists name it.</summary>
    public string Name => $"{Method} {Path}";

    /// <summary>Literal parts count: <c>/v1/users/me</c> is not <c>/v1/users/{user_id}</c>.</summary>
    public int Parameters => Path.Count(c => c == '{');

    /// <param name="address">Path and query.</param>
    public bool Is(string method, string address) => Method == method && _address.IsMatch(address.Split('?')[0]);
}

/// <summary>HTTP as docs/openapi.json describes it.</summary>
internal sealed class OpenApi
{
    private const string Json = "application/json";
    private const string Problem = "application/problem+json";
    private readonly SchemaCheck _check;

    private OpenApi(JsonElement document)
    {
        Document = document;
        _check = new SchemaCheck(document);
        Calls =
        [
            .. document.GetProperty("paths").EnumerateObject().SelectMany(
                path => path.Value.EnumerateObject()
                    .Select(operation => new HttpCall(operation.Name.ToUpperInvariant(), path.Name, operation.Value))),
        ];
    }

    public static OpenApi Published { get; } = new(PublishedDocuments.Json("openapi.json"));

    public JsonElement Document { get; }

    public IReadOnlyList<HttpCall> Calls { get; }

    /// <summary>The call that a request makes; null if it isn't documented.</summary>
    public HttpCall? Find(string method, string address) => Calls.Where(call => call.Is(method, address)).MinBy(call => call.Parameters);

    /// <summary>The answer of a call with this status; null if there isn't one.</summary>
    public JsonElement? Answer(HttpCall call, int status) =>
        call.Operation.GetProperty("responses").TryGetProperty($"{status}", out var response) ? _check.Resolve(response) : null;

    /// <summary>The members that an answer may have, as <see cref="MemberPaths"/> names them.</summary>
    public IEnumerable<string> MembersOf(HttpCall call, int status) =>
        Answer(call, status) is { } answer && answer.TryGetProperty("content", out var content)
            && content.TryGetProperty(Json, out var json)
            ? MemberPaths.Of(json.GetProperty("schema"), _check.Resolve)
            : [];

    /// <summary>What is wrong with a value of a schema of this document.</summary>
    public IReadOnlyList<string> Check(JsonElement schema, JsonElement value) => _check.Check(schema, value);

    /// <summary>What is wrong with a request's body.</summary>
    public IReadOnlyList<string> CheckRequest(HttpCall call, JsonElement? body)
    {
        if (!call.Operation.TryGetProperty("requestBody", out var documented))
        {
            return body is null ? [] : [$"{call.Name} has no body"];
        }

        return body is { } given ? Check(documented.GetProperty("content").GetProperty(Json).GetProperty("schema"), given)
            : documented.GetProperty("required").GetBoolean() ? [$"{call.Name} has a body"] : [];
    }

    /// <summary>What is wrong with an answer.</summary>
    /// <param name="call">Null for a request that isn't documented: then a problem must say so.</param>
    /// <param name="type">The media type; null without a body.</param>
    public IReadOnlyList<string> CheckAnswer(HttpCall? call, int status, string? type, string body)
    {
        // What isn't HTTP is refused before anything of ours sees it.
        if (status == 400 && type is null && body.Length == 0)
        {
            return [];
        }

        if (call is null)
        {
            return CheckProblem(type, body, ["unknown_op", "bad_request"]);
        }

        if (Answer(call, status) is not { } answer)
        {
            return [$"the status {status} of {call.Name} isn't documented"];
        }

        if (!answer.TryGetProperty("content", out var content))
        {
            return body.Length == 0 ? [] : [$"the status {status} of {call.Name} has no body"];
        }

        if (type is null || !content.TryGetProperty(type, out var media))
        {
            return [$"the status {status} of {call.Name} isn't {type ?? "empty"}"];
        }

        if (type == "text/plain")
        {
            return [];
        }

        return type == Problem
            ? CheckProblem(type, body, [.. answer.GetProperty("x-codes").EnumerateArray().Select(code => code.GetString()!)])
            : Check(media.GetProperty("schema"), JsonDocument.Parse(body).RootElement);
    }

    private IReadOnlyList<string> CheckProblem(string? type, string body, string[] codes)
    {
        if (type != Problem)
        {
            return [$"an error is {type ?? "empty"}: {body}"];
        }

        var problem = JsonDocument.Parse(body).RootElement;
        var schema = Document.GetProperty("components").GetProperty("schemas").GetProperty("Problem");
        var isKnown = codes.Contains(problem.GetProperty("code").GetString());
        return [.. Check(schema, problem), .. isKnown ? Array.Empty<string>() : [$"the code isn't documented: {body}"]];
    }
}
