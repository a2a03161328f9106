using System.Net;
using System.Text.RegularExpressions;
using ChatAkka.Domain.Channels;
using ChatAkka.Gateway.Tests.Support;
using ChatAkka.Tests.Documents;

namespace ChatAkka.Gateway.Tests.Documents;

/// <summary>openapi.json and the routes of the server are the same list.</summary>
public sealed partial class OpenApiTests : IAsyncLifetime
{
    private static readonly OpenApi Api = OpenApi.Published;

    private Node _node = null!;

    public static TheoryData<string> Calls => [.. Api.Calls.Select(call => call.Name)];

    public async Task InitializeAsync() => _node = await Node.StartAsync();

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public void Every_route_is_documented_and_every_documented_call_is_a_route() =>
        _node.Routes.Select(Nameless).ShouldBe(Api.Calls.Select(call => Nameless(call.Name)), ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Calls))]
    public void Every_call_is_on_the_page(string call) =>
        Regex.IsMatch(PublishedDocuments.Text("protocol.md"), $"`{Regex.Escape(call)}[`?]").ShouldBeTrue();

    [Fact]
    public async Task Document_is_served_as_it_is_to_everybody()
    {
        var answer = await _node.SendAsync("GET", "/openapi/v1.json");
        (answer.Status, answer.Type, answer.Body)
            .ShouldBe((HttpStatusCode.OK, "application/json", PublishedDocuments.Text("openapi.json")));
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void Examples_fit_their_schemas(string name)
    {
        var call = Api.Calls.Single(call => call.Name == name);
        foreach (var media in ContentsOf(call))
        {
            var examples = media.TryGetProperty("examples", out var several)
                ? several.EnumerateObject().Select(example => example.Value.GetProperty("value"))
                : media.TryGetProperty("example", out var one) ? [one] : [];
            foreach (var example in examples)
            {
                Api.Check(media.GetProperty("schema"), example).ShouldBeEmpty($"{name}: {example}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_call_without_a_token_is_unauthorized_unless_it_is_documented_as_open(string name)
    {
        var call = Api.Calls.Single(call => call.Name == name);
        var answer = await _node.SendAsync(call.Method, call.Path.Replace("{", "").Replace("}", ""));

        var isOpen = call.Operation.TryGetProperty("security", out var security) && security.GetArrayLength() == 0;
        (answer.Status == HttpStatusCode.Unauthorized).ShouldBe(!isOpen, answer.Body);
        Api.CheckAnswer(call, (int)answer.Status, answer.Type, answer.Body).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_fault_is_internal()
    {
        var (token, _, _) = await _node.LogInAsync("kim");

        // An answer that no channel gives to this.
        _node.Channel = command => new Posted(command.Channel, command.Request, 1, 1, 1, false);
        var answer = await _node.SendAsync("GET", "/v1/channels/77", token: token);

        Api.CheckAnswer(Api.Find("GET", "/v1/channels/77"), (int)answer.Status, answer.Type, answer.Body).ShouldBeEmpty();
        answer.Body.ShouldContain("\"code\":\"internal\"");
    }

    private static IEnumerable<System.Text.Json.JsonElement> ContentsOf(HttpCall call)
    {
        var answers = call.Operation.GetProperty("responses").EnumerateObject()
            .Select(answer => Api.Answer(call, int.Parse(answer.Name))!.Value).ToList();
        if (call.Operation.TryGetProperty("requestBody", out var body))
        {
            answers.Add(body);
        }

        return answers.Where(answer => answer.TryGetProperty("content", out _))
            .SelectMany(answer => answer.GetProperty("content").EnumerateObject()).Select(media => media.Value);
    }

    // What a parameter is called is the document's to say.
    private static string Nameless(string call) => Parameter().Replace(call, "{}");

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Parameter();
}
