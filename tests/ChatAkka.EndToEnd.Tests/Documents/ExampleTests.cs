using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.Tests.Documents;

namespace ChatAkka.EndToEnd.Tests.Documents;

/// <summary>
/// The requests that openapi.json and asyncapi.json give as examples succeed: each in a world of its own, in which Anna calls, Ben is
/// the other user, and their group has the message 2, which Anna wrote and reacted to. That the answers are those of the documents is what
/// the harness checks of every answer and frame.
/// </summary>
public sealed partial class ExampleTests(ServerFixture fixture) : EndToEndTest(fixture), IClassFixture<ServerFixture>
{
    private readonly Cast _cast = new();

    public static TheoryData<string> Calls => [.. OpenApi.Published.Calls.Select(call => call.Name).Where(call => call != "GET /v1/ws")];

    public static TheoryData<string, int> Frames
    {
        get
        {
            TheoryData<string, int> data = [];
            foreach (var request in AsyncApi.Published.Operations.Values.Select(operation => operation.Request))
            {
                for (var i = 0; i < request.Examples.Count; i++)
                {
                    data.Add(request.Op, i);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Example_of_a_call_succeeds(string name)
    {
        var (anna, _) = await PrepareAsync();
        var call = OpenApi.Published.Calls.Single(call => call.Name == name);
        foreach (var body in Bodies(call))
        {
            using var content = body is null ? null
                : new StringContent(_cast.Play(body), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));

            var answer = await Api.SendAsync(new HttpMethod(call.Method), Address(call), content, anna.Token);

            answer.ShouldSucceed();
        }
    }

    [Theory]
    [MemberData(nameof(Frames))]
    public async Task Example_of_a_request_succeeds(string op, int index)
    {
        var (anna, _) = await PrepareAsync();
        var operation = AsyncApi.Published.Operations[op];
        var frame = JsonNode.Parse(_cast.Play(operation.Request.Examples[index].GetRawText()))!.AsObject();
        if (frame.ContainsKey("token"))
        {
            frame["token"] = anna.Token;
        }

        var client = op == "hello" ? await OpenAsync() : await ConnectAsync(anna);
        await client.WriteAsync(frame);

        if (operation.Ok is not null && frame["ref"] is not null)
        {
            (await client.ReplyAsync(frame["ref"]!.GetValue<string>())).ShouldBeOk();
        }

        // The reply would come before this one's.
        (await client.RequestAsync(new { op = "heartbeat", @ref = "after" })).ShouldBeOk();
        client.Received.ShouldNotContain(received => received.Op == "error");
    }

    private async Task<(Person Anna, Person Ben)> PrepareAsync()
    {
        var people = await MeetAsync("anna", "ben");
        _cast.Add("117300000000000001", people[0].UserId);
        _cast.Add("117300000000000002", people[1].UserId);
        _cast.Add("117300000000000003", (await MeetAsync("cora")).UserId);
        var group = await Api.CreateGroupAsync(people[0], "Friday", people[1]);
        _cast.Add("117300000000000091", group);
        await Api.PostMessageAsync(people[0], group, "a-1", "Dumplings at six?");
        var phone = await ConnectAsync(At(people[0], "tablet"));
        (await phone.RequestAsync(new { op = "react", channel = group, id = "2", emoji = "👍" })).ShouldBeOk();
        await Api.PostAsync("/v1/users", new { username = "erin", password = "correct horse battery" });
        return (people[0], people[1]);
    }

    private string Address(HttpCall call)
    {
        var parameters = call.Operation.TryGetProperty("parameters", out var list) ? list.EnumerateArray().ToList() : [];
        var path = Parameter().Replace(call.Path,
            parameter => Example(parameters.Single(p => p.String("name") == parameter.Groups["name"].Value)));
        var query = parameters.Where(p => p.String("in") == "query" && p.Has("example")).Select(p => $"{p.String("name")}={Example(p)}");
        return path + "?" + string.Join('&', query);
    }

    private string Example(JsonElement parameter) => _cast.Play(parameter.Member("example").ToString());

    private static IEnumerable<string?> Bodies(HttpCall call)
    {
        if (!call.Operation.TryGetProperty("requestBody", out var body))
        {
            return [null];
        }

        var media = body.Member("content").Member("application/json");
        return media.TryGetProperty("examples", out var several)
            ? several.EnumerateObject().Select(example => example.Value.Member("value").GetRawText())
            : [media.Member("example").GetRawText()];
    }

    [GeneratedRegex(@"\{(?<name>\w+)\}")]
    private static partial Regex Parameter();
}
