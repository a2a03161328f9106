using System.Text.Json;
using ChatAkka.Tests.Documents;

namespace ChatAkka.EndToEnd.Tests.Documents;

/// <summary>The examples of docs/protocol.md: each fits the schemas, and each is what a server does.</summary>
public sealed class StoryTests : StoryTest
{
    public static TheoryData<string> Headings => [.. Story.All.Select(story => story.Heading)];

    [Theory]
    [MemberData(nameof(Headings))]
    public void Every_line_fits_its_schema(string heading)
    {
        var story = Story.All.Single(story => story.Heading == heading);
        Dictionary<string, Step.Called> calls = [];
        Dictionary<(string Who, string Ref), string> requests = [];
        var refused = story.Steps.OfType<Step.Received>().Where(received => received.Frame.GetProperty("op").GetString() == "error")
            .Select(received => (received.Who, RefOf(received.Frame))).ToHashSet();
        foreach (var step in story.Steps)
        {
            Errors(step).ShouldBeEmpty(step.Text);
        }

        IEnumerable<string> Errors(Step step)
        {
            switch (step)
            {
                case Step.Called called:
                    calls[called.Who] = called;
                    JsonElement? body = called.Body is null ? null : Read(called.Body);
                    return [.. OpenApi.Published.CheckRequest(CallOf(called), body), .. FramesOf(body)
                        .SelectMany(AsyncApi.Published.CheckRequest)];
                case Step.Answered { Body: null } answered:
                    return OpenApi.Published.CheckAnswer(CallOf(calls[answered.Who]), answered.Status, null, "");
                case Step.Answered answered:
                    var type = answered.Status < 400 ? "application/json" : "application/problem+json";
                    return
                    [
                        .. OpenApi.Published.CheckAnswer(CallOf(calls[answered.Who]), answered.Status, type,
                        answered.Body.Value.GetRawText()),
                        .. FramesOf(answered.Body.Value).SelectMany(polled => AsyncApi.Published.CheckFrame(polled, []).Errors),
                    ];
                case Step.Written written:
                    var frame = Read(written.Frame);
                    requests[(written.Who, RefOf(frame))] = frame.GetProperty("op").GetString()!;
                    return refused.Contains((written.Who, RefOf(frame))) ? [] : AsyncApi.Published.CheckRequest(frame);
                case Step.Received received:
                    var op = requests.GetValueOrDefault((received.Who, RefOf(received.Frame)));
                    return AsyncApi.Published.CheckFrame(received.Frame, op is null ? [] : [op]).Errors;
                default:
                    return [];
            }
        }
    }

    [Theory]
    [MemberData(nameof(Headings))]
    public Task Every_line_happens(string heading) => PlayAsync(Story.All.Single(story => story.Heading == heading));

    [Fact]
    public void Stories_have_different_headings_and_lines() =>
        Story.All.ShouldAllBe(story => story.Steps.Count > 0 && Story.All.Count(other => other.Heading == story.Heading) == 1);

    [Fact]
    public void Every_operation_is_in_a_story() =>
        Story.All.SelectMany(story => story.Steps).OfType<Step.Written>()
            .Select(written => Read(written.Frame).GetProperty("op").GetString()).Distinct()
            .ShouldBe(AsyncApi.Published.Operations.Keys, ignoreOrder: true);

    // Of a long poll.
    private static IEnumerable<JsonElement> FramesOf(JsonElement? body) =>
        body is { } given && given.TryGetProperty("frames", out var frames) ? frames.EnumerateArray() : [];

    private static HttpCall CallOf(Step.Called called) =>
        OpenApi.Published.Find(called.Method, called.Address).ShouldNotBeNull(called.Text);

    private static string RefOf(JsonElement frame) => frame.TryGetProperty("ref", out var reference) ? reference.GetString()! : "";

    private static JsonElement Read(string text) => JsonDocument.Parse(text).RootElement;
}
