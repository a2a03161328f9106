using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ChatAkka.Domain.Channels;
using ChatAkka.Gateway.Limits;
using ChatAkka.Gateway.Tests.Support;
using ChatAkka.Protocol;

namespace ChatAkka.Gateway.Tests.Http;

/// <summary>How much a body may hold: what fits in a frame where it brings messages, 64 KiB elsewhere.</summary>
public sealed class BodyTests : IAsyncLifetime
{
    private const string Send = "/v1/channels/5/messages";
    private const string Sync = "/v1/sync";

    private static readonly string Longest = string.Concat(Enumerable.Repeat("😀", ProtocolLimits.MaxTextLength));

    private Node _node = null!;

    public async Task InitializeAsync()
    {
        _node = await Node.StartAsync(new LimitsOptions());
        _node.Channel = command => new Posted(command.Channel, command.Request, 7, 3, 1_000, false);
    }

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task The_longest_text_is_sent_over_HTTP()
    {
        var (token, _, _) = await _node.LogInAsync("kim");

        var answer = await _node.SendAsync("POST", Send, $$"""{"client_id":"c","text":"{{Longest}}"}""", token);

        answer.Status.ShouldBe(HttpStatusCode.Created, answer.Body);
        _node.Told.OfType<PostMessage>().Single().Text.ShouldBe(Longest);
    }

    [Fact]
    public async Task The_longest_text_is_sent_over_the_long_poll()
    {
        var (token, _, _) = await _node.LogInAsync("kim");
        var send = $$"""{"frames":[{"op":"send","ref":"s","channel":"5","client_id":"c","text":"{{Longest}}"}]}""";

        (await _node.SendAsync("POST", Sync, send, token)).Status.ShouldBe(HttpStatusCode.NoContent);

        var answer = await _node.SendAsync("GET", $"{Sync}?timeout_ms=10000", token: token);
        answer.Body.ShouldContain("\"ref\":\"s\"");
        _node.Told.OfType<PostMessage>().Single().Text.ShouldBe(Longest);
    }

    [Theory]
    [InlineData("POST", Send, ProtocolLimits.MaxFrameBytes)]
    [InlineData("POST", Sync, ProtocolLimits.MaxFrameBytes)]
    [InlineData("POST", "/v1/users", ProtocolLimits.MaxBodyBytes)]
    [InlineData("POST", "/v1/sessions", ProtocolLimits.MaxBodyBytes)]
    [InlineData("PATCH", "/v1/users/me", ProtocolLimits.MaxBodyBytes)]
    [InlineData("POST", "/v1/channels", ProtocolLimits.MaxBodyBytes)]
    [InlineData("PATCH", "/v1/channels/5", ProtocolLimits.MaxBodyBytes)]
    [InlineData("PUT", "/v1/channels/5/members/6", ProtocolLimits.MaxBodyBytes)]
    public async Task The_largest_body_is_read_and_one_byte_more_is_refused(string method, string path, int most)
    {
        var (token, _, _) = await _node.LogInAsync("kim");
        foreach (var isAnnounced in new[] { true, false })
        {
            // Kestrel counts what frames the chunks of a body, too.
            var (read, body) = await SendAsync(method, path, token, isAnnounced ? most : most - 64, isAnnounced);
            read.ShouldNotBe(HttpStatusCode.RequestEntityTooLarge, body);

            var (refused, problem) = await SendAsync(method, path, token, most + 1, isAnnounced);
            refused.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
            JsonDocument.Parse(problem).RootElement.GetProperty("code").GetString().ShouldBe("frame_too_large");
        }
    }

    [Fact]
    public async Task A_body_that_grows_is_read_as_it_came()
    {
        var (token, _, _) = await _node.LogInAsync("kim");
        foreach (var length in new[] { 1, 4_000, 4_096, 50_000, 99_999 })
        {
            var text = string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i % 23))));
            (await _node.SendAsync("POST", Send, $$"""{"client_id":"c","text":"{{text}}"}""", token)).Status.ShouldBe(HttpStatusCode.Created);
            _node.Told.OfType<PostMessage>().Last().Text.ShouldBe(text);
        }
    }

    // What it says matters to none: it is padded to the length that it is to have.
    private async Task<(HttpStatusCode Status, string Body)> SendAsync(string method, string path, string token, int bytes, bool isAnnounced)
    {
        const string useful = """{"client_id":"c","text":"t","frames":[]}""";
        var body = Encoding.ASCII.GetBytes(useful.PadRight(bytes));
        using var client = new HttpClient { BaseAddress = _node.Address };
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.TransferEncodingChunked = !isAnnounced;

        // Who goes on sending what was refused already may find the connection cut before the answer is read.
        request.Headers.ExpectContinue = true;
        using var response = await client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
