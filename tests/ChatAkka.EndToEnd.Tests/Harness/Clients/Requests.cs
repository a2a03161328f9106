using System.Collections.Concurrent;
using System.Text.Json;
using ChatAkka.EndToEnd.Tests.Harness.Processes;

namespace ChatAkka.EndToEnd.Tests.Harness.Clients;

/// <summary>The requests of one client: gives each its ref, and knows which were sends.</summary>
internal sealed class Requests(ServerLog log)
{
    private readonly ConcurrentDictionary<string, bool> _sendRefs = [];
    private int _lastRef;

    public (string Reference, string Text) Prepare(object request)
    {
        var json = Json.Object(request);
        if (json["ref"] is null)
        {
            json["ref"] = Interlocked.Increment(ref _lastRef).ToString();
        }

        var reference = json["ref"]!.GetValue<string>();
        if (json["op"]?.GetValue<string>() == "send")
        {
            _sendRefs[reference] = true;
        }

        foreach (var secret in new[] { "token", "text" })
        {
            if (json[secret]?.GetValueKind() == JsonValueKind.String)
            {
                log.Keep(json[secret]!.GetValue<string>());
            }
        }

        return (reference, Json.Write(json));
    }

    /// <summary>What was received must be in order and complete.</summary>
    public void Check(IReadOnlyList<Frame> received)
    {
        var answered = received.Where(f => f.Op is "ok" or "error" && f.Ref is not null).Select(f => f.Ref!).ToHashSet();
        OrderWatch.Check(received, _sendRefs.Keys.ToHashSet(), _sendRefs.Keys.Count(r => !answered.Contains(r)));
    }
}
