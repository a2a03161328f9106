using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChatAkka.EndToEnd.Tests.Harness.Processes;
using ChatAkka.Tests.Documents;

namespace ChatAkka.EndToEnd.Tests.Harness.Clients;

/// <summary>The requests of one client: gives each its ref, and knows what they were, to judge the answers by.</summary>
internal sealed class Requests(ServerLog log)
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, bool>> _ops = [];
    private int _lastRef;

    public (string Reference, string Text) Prepare(object request)
    {
        var json = Json.Object(request);
        if (json["ref"] is null)
        {
            json["ref"] = Interlocked.Increment(ref _lastRef).ToString();
        }

        return (json["ref"]!.GetValue<string>(), Note(json));
    }

    /// <summary>Takes note of a frame as it is, and of what of it mustn't be found in the server's log.</summary>
    public string Note(JsonObject frame)
    {
        if (frame["ref"]?.GetValue<string>() is { } reference && frame["op"]?.GetValue<string>() is { } op)
        {
            _ops.GetOrAdd(reference, static _ => []).TryAdd(op, true);
        }

        foreach (var secret in new[] { "token", "text" })
        {
            if (frame[secret]?.GetValueKind() == JsonValueKind.String)
            {
                log.Keep(frame[secret]!.GetValue<string>());
            }
        }

        return Json.Write(frame);
    }

    /// <summary>The ops of the requests that had the frame's ref; empty if there was none that is known.</summary>
    public IReadOnlyCollection<string> Of(Frame frame) =>
        frame.Ref is { } reference && _ops.TryGetValue(reference, out var ops) ? [.. ops.Keys] : [];

    /// <summary>What was received must be in order and complete.</summary>
    /// <param name="isCut">The connection broke.</param>
    public void Check(IReadOnlyList<Frame> received, bool isCut)
    {
        var answered = received.Where(f => f.Op is "ok" or "error" && f.Ref is not null).Select(f => f.Ref!).ToHashSet();
        var sends = _ops.Where(request => request.Value.ContainsKey("send")).Select(request => request.Key).ToHashSet();
        OrderWatch.Check(received, sends, sends.Count(r => !answered.Contains(r)), isCut);
    }

    /// <summary>What was received must be what docs/asyncapi.json says, member by member.</summary>
    public void CheckForms(IReadOnlyList<Frame> received)
    {
        foreach (var frame in received)
        {
            AsyncApi.Published.CheckFrame(frame.Json, Of(frame)).Errors.ShouldBeEmpty($"{frame}");
        }
    }
}
