using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Sockets;

namespace ChatAkka.EndToEnd.Tests.BadInput;

/// <summary>Bad requests over HTTP: a problem with a stable code, and nothing else.</summary>
public sealed class HttpTests(ServerFixture fixture) : BadInputTest(fixture), IClassFixture<ServerFixture>
{
    private static readonly string[] Posts = ["/v1/users", "/v1/sessions", "/v1/channels", "/v1/channels/1/messages", "/v1/sync"];

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("42")]
    [InlineData("\"text\"")]
    [InlineData("{} trailing")]
    [InlineData("{\"username\":1,\"password\":2,\"kind\":3,\"client_id\":4,\"text\":5}")]
    [InlineData("{\"username\":[],\"device\":[],\"kind\":{},\"members\":{},\"text\":{}}")]
    [InlineData("{}")]
    public async Task Malformed_body_is_a_bad_request(string body)
    {
        var token = (await MeetAsync("offender")).Token;
        foreach (var path in Posts)
        {
            // Membership is looked at first where the path names a channel.
            var answer = await PostAsync(path, body, token);
            var isNoMember = path.Contains("messages") && answer.Status == HttpStatusCode.NotFound;
            answer.ShouldBeProblem(
                isNoMember ? HttpStatusCode.NotFound : HttpStatusCode.BadRequest, isNoMember ? "channel_not_found" : "bad_request");
        }
    }

    [Fact]
    public async Task Body_nested_a_thousand_levels_deep_is_a_bad_request()
    {
        var token = (await MeetAsync("offender")).Token;
        var body = "{\"kind\":" + string.Concat(Enumerable.Repeat("[", 1000)) + string.Concat(Enumerable.Repeat("]", 1000)) + "}";

        (await PostAsync("/v1/channels", body, token)).ShouldBeProblem(HttpStatusCode.BadRequest, "bad_request");
    }

    [Fact]
    public async Task Body_that_is_not_utf8_is_a_bad_request()
    {
        var token = (await MeetAsync("offender")).Token;
        using var content = new ByteArrayContent([.. "{\"username\":\""u8, 0xFF, 0xFE, .. "\"}"u8]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        (await Api.SendAsync(HttpMethod.Post, "/v1/users", content, token)).ShouldBeProblem(HttpStatusCode.BadRequest, "bad_request");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Body_over_its_limit_is_too_large(bool announced)
    {
        var token = (await MeetAsync("offender")).Token;
        foreach (var path in Posts)
        {
            // Where it brings messages, it may be as large as a frame.
            var most = path.Contains("messages") || path.Contains("sync") ? 1024 * 1024 : 64 * 1024;
            var bytes = Encoding.UTF8.GetBytes($"{{\"text\":\"{new string('x', most)}\"}}");
            using HttpContent content = announced ? new ByteArrayContent(bytes) : new StreamContent(new Unannounced(bytes));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

            var answer = await Api.SendAsync(HttpMethod.Post, path, content, token);

            answer.ShouldBeProblem(HttpStatusCode.RequestEntityTooLarge, "frame_too_large");
        }
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/xml")]
    [InlineData(null)]
    public async Task Body_of_another_content_type_is_refused(string? type)
    {
        var token = (await MeetAsync("offender")).Token;
        using var content = new ByteArrayContent("{\"kind\":\"group\",\"title\":\"t\",\"members\":[]}"u8.ToArray());
        content.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);

        var answer = await Api.SendAsync(HttpMethod.Post, "/v1/channels", content, token);

        answer.Status.ShouldBeOneOf(HttpStatusCode.UnsupportedMediaType, HttpStatusCode.BadRequest);
        answer.ShouldBeProblem(answer.Status, "bad_request");
    }

    [Theory]
    [InlineData("PUT", "/v1/users")]
    [InlineData("DELETE", "/v1/users/me")]
    [InlineData("POST", "/v1/users/me")]
    [InlineData("PATCH", "/v1/sessions")]
    [InlineData("GET", "/v1/channels/1/members/1")]
    [InlineData("DELETE", "/v1/channels/1/messages")]
    [InlineData("POST", "/healthz")]
    [InlineData("TRACE", "/v1/users/me")]
    [InlineData("NONSENSE", "/v1/users/me")]
    public async Task Wrong_method_is_a_problem(string method, string path)
    {
        var answer = await Api.SendAsync(new HttpMethod(method), path, null, (await MeetAsync("offender")).Token);

        answer.Status.ShouldBeOneOf(HttpStatusCode.MethodNotAllowed, HttpStatusCode.NotFound);
        answer.ShouldBeProblem(answer.Status, "unknown_op");
    }

    [Theory]
    [InlineData("Authorization: Basic dXNlcjpwYXNz")]
    [InlineData("Authorization: Bearer")]
    [InlineData("Authorization: Bearer ")]
    [InlineData("Authorization: bearer a b")]
    [InlineData("Authorization: ")]
    [InlineData("Authorization: Bearer x\r\nAuthorization: Bearer y")]
    public async Task Strange_authorization_is_unauthorized(string header)
    {
        using var socket = await RawWebSocket.ConnectAsync(Server.Endpoint);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /v1/users/me HTTP/1.1\r\nHost: {Server.Endpoint}\r\n{header}\r\n\r\n"));

        var answer = await socket.ReadHeadAsync();

        answer.Status.ShouldBe(401);
        answer.Headers["Content-Type"].ShouldStartWith("application/problem+json");
    }

    [Theory]
    [InlineData("/v1/channels/%00/messages")]
    [InlineData("/v1/channels/%ff")]
    [InlineData("/v1/channels/%F0%9F%98%80")]
    [InlineData("/v1/users?username=%00")]
    [InlineData("/v1/users?username=%ff%fe")]
    [InlineData("/v1/users?external=%00")]
    [InlineData("/v1/users?external=x&username=y")]
    [InlineData("/v1/users")]
    [InlineData("/v1/channels?cursor=nonsense")]
    [InlineData("/v1/channels?cursor=%00")]
    [InlineData("/v1/channels?limit=-1")]
    [InlineData("/v1/channels?limit=99999999999999")]
    [InlineData("/v1/servers?region=%00")]
    public async Task Strange_address_never_makes_a_fault(string path)
    {
        var answer = await Api.GetAsync(path, (await MeetAsync("offender")).Token);

        ((int)answer.Status).ShouldBeLessThan(500, answer.Text);
    }

    [Theory]
    [InlineData("""{"kind":"group"}""")]
    [InlineData("""{"kind":"group","title":"","members":[]}""")]
    [InlineData("""{"kind":"group","title":"   ","members":[]}""")]
    [InlineData("""{"kind":"group","title":"line\nbreak","members":[]}""")]
    [InlineData("""{"kind":"group","title":"nul\u0000","members":[]}""")]
    [InlineData("""{"kind":"group","title":"t","members":[null]}""")]
    [InlineData("""{"kind":"direct"}""")]
    [InlineData("""{"kind":"club","title":"t","members":[]}""")]
    [InlineData("""{"title":"t","members":[]}""")]
    public async Task Channel_that_makes_no_sense_is_a_bad_request(string body) =>
        (await PostAsync("/v1/channels", body, (await MeetAsync("offender")).Token)).ShouldBeProblem(HttpStatusCode.BadRequest, "bad_request");

    private async Task<ApiAnswer> PostAsync(string path, string body, string token)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await Api.SendAsync(HttpMethod.Post, path, content, token);
    }

    /// <summary>A stream whose length nobody knows, so that it is sent in chunks.</summary>
    private sealed class Unannounced(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
