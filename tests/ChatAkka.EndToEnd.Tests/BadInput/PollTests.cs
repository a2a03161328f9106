using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Sockets;
using ChatAkka.EndToEnd.Tests.Harness.Waiting;

namespace ChatAkka.EndToEnd.Tests.BadInput;

/// <summary>Clients who misuse the long poll: a problem with a stable code, and the session of who behaves goes on.</summary>
public sealed class PollTests(ServerFixture fixture) : BadInputTest(fixture), IClassFixture<ServerFixture>
{
    [Theory]
    [InlineData("timeout_ms=-1")]
    [InlineData("timeout_ms=30001")]
    [InlineData("timeout_ms=now")]
    [InlineData("timeout_ms=%00")]
    [InlineData("timeout_ms=")]
    public async Task Timeout_that_makes_no_sense_is_a_bad_request(string query)
    {
        var answer = await Api.GetAsync($"/v1/sync?{query}", (await MeetAsync("offender")).Token);

        answer.ShouldBeProblem(HttpStatusCode.BadRequest, "bad_request");
    }

    [Theory]
    [InlineData("poll=")]
    [InlineData("poll=nonsense")]
    [InlineData("poll=%00%ff")]
    [InlineData("poll=a&poll=b")]
    [InlineData("nonsense=%F0%9F%98%80")]
    public async Task Poll_that_was_never_named_opens_a_session(string query)
    {
        var answer = await Api.GetAsync($"/v1/sync?timeout_ms=200&{query}", (await MeetAsync("offender")).Token);

        answer.ShouldBe(HttpStatusCode.OK).Json.Array("frames").Select(f => f.String("op")).ShouldBe(["ok", "synced"]);
    }

    [Theory]
    [InlineData("""{"frames":[{"op":"heartbeat","ref":"x"},5]}""")]
    [InlineData("""{"frames":[{"op":"heartbeat","ref":"x"},{"ref":"y"}]}""")]
    [InlineData("""{"frames":[{"op":"heartbeat","ref":"x"},{"op":"hello","ref":"y","token":"z"}]}""")]
    [InlineData("""{"frames":[{"op":"heartbeat","ref":"x"}]} trailing""")]
    [InlineData("""{"frames":[{"op":"heartbeat","ref":"x"}],"frames":null}""")]
    public async Task Post_with_one_bad_frame_is_refused_as_a_whole_and_the_session_goes_on(string body)
    {
        var offender = await MeetAsync("offender");
        var client = await PollAsync(offender.Token);

        (await PostAsync(body, offender.Token)).ShouldBeProblem(HttpStatusCode.BadRequest, "bad_request");

        (await client.RequestAsync(new { op = "heartbeat" })).ShouldBeOk();
        client.Received.ShouldNotContain(f => f.Ref == "x");
    }

    [Fact]
    public async Task Post_of_too_much_is_refused_and_the_session_goes_on()
    {
        var offender = await MeetAsync("offender");
        var client = await PollAsync(offender.Token);
        var beats = string.Join(',', Enumerable.Repeat("""{"op":"heartbeat"}""", 101));

        (await PostAsync($$"""{"frames":[{{beats}}]}""", offender.Token)).ShouldBeProblem(HttpStatusCode.BadRequest, "bad_request");
        (await PostAsync($$"""{"frames":[{"op":"x{{new string('x', 1024 * 1024)}}"}]}""", offender.Token))
            .ShouldBeProblem(HttpStatusCode.RequestEntityTooLarge, "frame_too_large");
        var deep = new string('[', 1000) + new string(']', 1000);
        (await PostAsync($$"""{"frames":[{"op":"x","x":{{deep}}}]}""", offender.Token))
            .ShouldBeProblem(HttpStatusCode.BadRequest, "bad_request");

        (await client.RequestAsync(new { op = "heartbeat" })).ShouldBeOk();
    }

    [Fact]
    public async Task Post_that_is_not_utf8_is_refused_and_the_session_goes_on()
    {
        var offender = await MeetAsync("offender");
        var client = await PollAsync(offender.Token);
        using var content = new ByteArrayContent([.. "{\"frames\":[{\"op\":\"x\",\"x\":\""u8, 0xFF, .. "\"}]}"u8]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        (await Api.SendAsync(HttpMethod.Post, "/v1/sync", content, offender.Token)).ShouldBeProblem(HttpStatusCode.BadRequest, "bad_request");

        (await client.RequestAsync(new { op = "heartbeat" })).ShouldBeOk();
    }

    [Fact]
    public async Task Frames_that_cant_be_served_are_answered_as_on_a_socket()
    {
        var client = await PollAsync((await MeetAsync("offender")).Token);

        (await client.RequestAsync(new { op = "nonsense" })).ShouldBeError("unknown_op");
        (await client.RequestAsync(new { op = "send", channel = "1" })).ShouldBeError("bad_request");
        (await client.RequestAsync(new { op = "history", channel = "1", limit = 0 })).ShouldBeError("bad_request");
        await client.SendTextAsync("""{"op":"send","ref":7}""");
        (await client.TakeAsync("the error", f => f.Op == "error" && f.Ref is null)).ShouldBeError("bad_request");
    }

    [Fact]
    public async Task Many_polls_of_one_session_at_once_are_all_answered_and_the_last_goes_on()
    {
        var token = (await MeetAsync("offender")).Token;
        var opened = (await Api.GetAsync("/v1/sync?timeout_ms=200", token)).ShouldBe(HttpStatusCode.OK).Json;
        var path = $"/v1/sync?timeout_ms=1000&poll={opened.String("poll")}";

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Api.GetAsync(path, token)));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);
        answers.ShouldAllBe(answer => answer.Json.Array("frames").Length == 0);
        (await Api.GetAsync(path, token)).ShouldBe(HttpStatusCode.OK).Json.Array("frames").ShouldBeEmpty();
    }

    [Fact]
    public async Task Many_sessions_of_one_device_at_once_are_all_answered_and_the_next_one_is_served()
    {
        var offender = await MeetAsync("offender");

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Api.GetAsync("/v1/sync?timeout_ms=1000", offender.Token)));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);
        (await (await PollAsync(offender.Token)).RequestAsync(new { op = "heartbeat" })).ShouldBeOk();
    }

    [Fact]
    public async Task Clients_who_hang_up_while_they_wait_leave_nothing_behind()
    {
        var people = await MeetAsync("offender", "friend");
        var before = Server.OpenFiles();
        for (var i = 0; i < 50; i++)
        {
            using var socket = await RawWebSocket.ConnectAsync(Server.Endpoint);
            var request = $"GET /v1/sync HTTP/1.1\r\nHost: {Server.Endpoint}\r\nAuthorization: Bearer {people[0].Token}\r\n\r\n";
            await socket.SendAsync(Encoding.ASCII.GetBytes(request));
        }

        var friend = await ConnectAsync(people[1]);
        var sent = await friend.PostToAsync(people[0].UserId, "c1", "are you there?");
        var back = await PollAsync(people[0].Token);

        var missed = back.Syncs.ShouldHaveSingleItem().Json.Array("events");
        missed.Select(e => e.Id()).ShouldContain(sent.Id);
        await Wait.UntilAsync("the connections are given back", () => Server.OpenFiles() <= before + 10);
    }

    private async Task<ApiAnswer> PostAsync(string body, string token)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await Api.SendAsync(HttpMethod.Post, "/v1/sync", content, token);
    }
}
