using System.Text.Json;

namespace ChatAkka.Tests.Documents;

/// <summary>A message of asyncapi.json.</summary>
/// <param name="Op">The frame's <c>op</c>.</param>
/// <param name="Schema">Of the frame.</param>
internal sealed record FrameMessage(string Name, string Op, JsonElement Schema, IReadOnlyList<JsonElement> Examples);

/// <summary>An operation of asyncapi.json that a client begins.</summary>
/// <param name="Ok">The message that answers it; null for a signal.</param>
/// <param name="Codes">The errors that may answer it.</param>
internal sealed record FrameOperation(FrameMessage Request, FrameMessage? Ok, IReadOnlyList<string> Codes);

/// <summary>The WebSocket as docs/asyncapi.json describes it.</summary>
internal sealed class AsyncApi
{
    private readonly SchemaCheck _check;

    private AsyncApi(JsonElement document)
    {
        Document = document;
        _check = new SchemaCheck(document);
        var messages = document.GetProperty("components").GetProperty("messages").EnumerateObject().Select(Read)
            .ToDictionary(message => message.Name);
        List<FrameMessage> told = [];
        foreach (var operation in document.GetProperty("operations").EnumerateObject())
        {
            var message = messages[Names(operation.Value).Single()];
            if (operation.Value.GetProperty("action").GetString() == "send")
            {
                told.Add(message);
                continue;
            }

            var replies = Names(operation.Value.GetProperty("reply")).Select(name => messages[name]).ToList();
            Error = replies.Single(reply => reply.Op == "error");
            var ok = replies.SingleOrDefault(reply => reply.Op == "ok");
            Operations.Add(message.Op, new FrameOperation(message, ok, Strings(operation.Value.GetProperty("x-codes"))));
        }

        Told = told;
        Messages = messages;
    }

    public static AsyncApi Published { get; } = new(PublishedDocuments.Json("asyncapi.json"));

    public JsonElement Document { get; }

    /// <summary>All messages by name.</summary>
    public IReadOnlyDictionary<string, FrameMessage> Messages { get; }

    /// <summary>What a client may do, by <c>op</c>.</summary>
    public Dictionary<string, FrameOperation> Operations { get; } = [];

    /// <summary>What the server says by itself.</summary>
    public IReadOnlyList<FrameMessage> Told { get; }

    /// <summary>A request failed.</summary>
    public FrameMessage Error { get; } = null!;

    /// <summary>What is wrong with a value of a schema of this document.</summary>
    public IReadOnlyList<string> Check(JsonElement schema, JsonElement value) => _check.Check(schema, value);

    /// <summary>Follows references.</summary>
    public JsonElement Resolve(JsonElement schema) => _check.Resolve(schema);

    /// <summary>What is wrong with a frame of a client.</summary>
    public IReadOnlyList<string> CheckRequest(JsonElement frame) =>
        Operations.TryGetValue(OpOf(frame), out var operation) ? Check(operation.Request.Schema, frame)
            : [$"the op {OpOf(frame)} isn't documented"];

    /// <summary>Which message a frame of the server is, and what is wrong with it.</summary>
    /// <param name="requests">The ops of the requests that it may answer; empty if they aren't known.</param>
    public (FrameMessage? Message, IReadOnlyList<string> Errors) CheckFrame(JsonElement frame, IReadOnlyCollection<string> requests)
    {
        var op = OpOf(frame);
        var answered = requests.Where(Operations.ContainsKey).ToList();
        var candidates = op switch
        {
            "ok" => (answered.Count > 0 ? answered.Select(request => Operations[request]) : Operations.Values).Select(o => o.Ok)
                .OfType<FrameMessage>().Distinct(),
            "error" => [Error],
            _ => Told.Where(message => message.Op == op),
        };
        var tried = candidates.Select(message => (Message: (FrameMessage?)message, Errors: Check(message.Schema, frame))).ToList();
        if (op == "error" && answered.Count > 0
            && !answered.Any(request => Operations[request].Codes.Contains(frame.GetProperty("code").GetString())))
        {
            return (Error, [$"the error {frame.GetProperty("code")} of {string.Join(" or ", answered)} isn't documented"]);
        }

        return tried.Count == 0 ? (null, [$"a frame {op} isn't documented"]) : tried.MinBy(candidate => candidate.Errors.Count);
    }

    private static string OpOf(JsonElement frame) => frame.GetProperty("op").GetString()!;

    private static IEnumerable<string> Names(JsonElement operation) =>
        operation.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("$ref").GetString()!.Split('/')[^1]);

    private static string[] Strings(JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetString()!)];

    private FrameMessage Read(JsonProperty message)
    {
        var schema = Resolve(message.Value.GetProperty("payload"));
        var own = schema.TryGetProperty("allOf", out var parts) ? parts[0] : schema;
        var op = own.GetProperty("properties").GetProperty("op").GetProperty("const").GetString()!;
        var examples = message.Value.GetProperty("examples").EnumerateArray().Select(example => example.GetProperty("payload"));
        return new FrameMessage(message.Name, op, schema, [.. examples]);
    }
}
