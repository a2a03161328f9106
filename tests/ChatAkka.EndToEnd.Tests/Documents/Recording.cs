using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.Tests.Documents;

namespace ChatAkka.EndToEnd.Tests.Documents;

/// <summary>What a server has said, and what of the documents it hasn't.</summary>
internal sealed class Recording
{
    private readonly HashSet<string> _seen = [];

    public void Add(HttpCall? call, ApiAnswer answer)
    {
        if (call is null)
        {
            return;
        }

        Add($"{call.Name} {(int)answer.Status}", answer.Text.Length == 0 ? [] : MemberPaths.Of(answer.Json));
        if (answer.Text.Length > 0 && answer.Json.Has("frames"))
        {
            foreach (var frame in answer.Json.Array("frames"))
            {
                Add(new Frame(frame.GetRawText()), []);
            }
        }
    }

    public void Add(ChatClient client)
    {
        foreach (var frame in client.Received)
        {
            Add(frame, client.RequestsOf(frame));
        }
    }

    /// <summary>Messages, types of events, successful answers, and members of all these, that are documented and weren't there.</summary>
    public IEnumerable<string> Missing() => Documented().Except(_seen);

    private static IEnumerable<string> Documented()
    {
        var (frames, http) = (AsyncApi.Published, OpenApi.Published);
        var requests = frames.Operations.Values.Select(operation => operation.Request);
        foreach (var message in frames.Messages.Values.Except(requests))
        {
            yield return message.Name;
            foreach (var path in MemberPaths.Of(message.Schema, frames.Resolve))
            {
                yield return $"{message.Name} {path}";
            }
        }

        foreach (var example in frames.Messages["event"].Examples)
        {
            yield return $"event of type {example.String("type")}";
        }

        foreach (var call in http.Calls)
        {
            foreach (var status in call.Operation.Member("responses").EnumerateObject().Select(answer => int.Parse(answer.Name))
                .Where(status => status is >= 200 and < 300))
            {
                yield return $"{call.Name} {status}";
                foreach (var path in http.MembersOf(call, status))
                {
                    yield return $"{call.Name} {status} {path}";
                }
            }
        }
    }

    private void Add(Frame frame, IReadOnlyCollection<string> requests)
    {
        var (message, errors) = AsyncApi.Published.CheckFrame(frame.Json, requests);
        errors.ShouldBeEmpty($"{frame}");
        Add(message!.Name, MemberPaths.Of(frame.Json));
        if (frame.Op == "event")
        {
            _seen.Add($"event of type {frame.Json.String("type")}");
        }
    }

    private void Add(string what, IEnumerable<string> paths)
    {
        _seen.Add(what);
        _seen.UnionWith(paths.Select(path => $"{what} {path}"));
    }
}
