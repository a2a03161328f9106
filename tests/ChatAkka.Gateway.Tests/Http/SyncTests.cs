using System.Net;
using System.Text.Json;
using ChatAkka.Actors.Users;
using ChatAkka.Gateway.Auth;
using ChatAkka.Gateway.Limits;
using ChatAkka.Gateway.LongPoll;
using ChatAkka.Gateway.Tests.Support;

namespace ChatAkka.Gateway.Tests.Http;

/// <summary>The long poll as HTTP sees it.</summary>
public sealed class SyncTests : IAsyncLifetime
{
    private const string Beat = """{"frames":[{"op":"heartbeat","ref":"b"}]}""";

    private Node _node = null!;

    public async Task InitializeAsync() => _node = await Node.StartAsync(new LimitsOptions { SocketsPerAccount = 2 });

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task A_session_opens_goes_on_and_is_opened_anew()
    {
        var (token, user, device) = await _node.LogInAsync("kim");

        var (frames, poll) = await PollAsync(token, "?timeout_ms=500");
        frames.Select(Op).ShouldBe(["ok", "synced"]);
        string?[] said = [.. new[] { "ref", "user_id", "device_id" }.Select(name => frames[0].GetProperty(name).GetString())];
        said.ShouldBe(["0", user.Value, device.Value]);

        (await _node.SendAsync("POST", "/v1/sync", Beat, token)).ShouldBe((HttpStatusCode.NoContent, null, ""));
        (frames, var next) = await PollAsync(token, $"?poll={poll}");
        frames.Single().GetProperty("ref").GetString().ShouldBe("b");

        (frames, var same) = await PollAsync(token, $"?poll={next}&timeout_ms=0");
        (frames.Length, same).ShouldBe((0, next));

        // The answer that named the next poll may not have arrived.
        (frames, var other) = await PollAsync(token, $"?poll={poll}&timeout_ms=500");
        frames.Select(Op).ShouldBe(["ok", "synced"]);
        other.ShouldNotBe(next);
        _node.Told.OfType<AttachSession>().Count().ShouldBe(2);
    }

    [Fact]
    public async Task A_post_opens_a_session_that_the_first_poll_goes_on_with()
    {
        var (token, _, _) = await _node.LogInAsync("kim");

        (await _node.SendAsync("POST", "/v1/sync", Beat, token)).Status.ShouldBe(HttpStatusCode.NoContent);

        var (frames, _) = await PollAsync(token);
        frames.Select(Op).ShouldBe(["ok", "synced", "ok"]);
        _node.Told.OfType<AttachSession>().Count().ShouldBe(1);
    }

    [Theory]
    [InlineData("timeout_ms=-1")]
    [InlineData("timeout_ms=30001")]
    [InlineData("timeout_ms=99999999999999999999")]
    [InlineData("timeout_ms=")]
    [InlineData("timeout_ms=1s")]
    [InlineData("timeout_ms=1.5")]
    [InlineData("timeout_ms=1&timeout_ms=2")]
    public async Task A_timeout_that_makes_no_sense_is_refused(string query)
    {
        var (token, _, _) = await _node.LogInAsync("kim");

        ShouldBeProblem(await _node.SendAsync("GET", $"/v1/sync?{query}", token: token), HttpStatusCode.BadRequest, "bad_request");
        _node.Told.OfType<AttachSession>().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("not json", 400, "bad_request")]
    [InlineData("{}", 400, "bad_request")]
    [InlineData("""{"frames":[{"op":"delivered","channel":"1","id":"1"},{"op":"hello","ref":"1","token":"t"}]}""", 400, "bad_request")]
    [InlineData("""{"frames":[{"op":"delivered","channel":"1","id":"1"},{}]}""", 400, "bad_request")]
    public async Task A_post_that_makes_no_sense_is_refused_as_a_whole(string body, int status, string code)
    {
        var (token, _, _) = await _node.LogInAsync("kim");

        ShouldBeProblem(await _node.SendAsync("POST", "/v1/sync", body, token), (HttpStatusCode)status, code);
        var plain = await _node.SendAsync("POST", "/v1/sync", body, token, "text/plain");
        ShouldBeProblem(plain, HttpStatusCode.UnsupportedMediaType, "bad_request");

        await PollAsync(token, "?timeout_ms=500");
        _node.Told.OfType<MoveCursor>().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Nobody_polls_or_posts_without_a_token(string method) => ShouldBeProblem(
        await _node.SendAsync(method, "/v1/sync", method == "POST" ? Beat : null, "nonsense"), HttpStatusCode.Unauthorized, "unauthorized");

    [Fact]
    public async Task A_post_to_a_session_that_has_ended_is_to_be_tried_again_after_the_poll_that_tells_why()
    {
        var (token, _, _) = await _node.LogInAsync("kim");
        _node.User = message => message is AttachSession ? SessionUnavailable.Instance : DeviceRegistered.Instance;
        var (frames, poll) = await PollAsync(token, "?timeout_ms=0");
        for (var attempt = 0; frames.Any(frame => Op(frame) == "close"); attempt++)
        {
            attempt.ShouldBeLessThan(100, "an answer now and then is faster than the end of its session");
            (frames, poll) = await PollAsync(token, "?timeout_ms=0");
        }

        var answer = await PostUntilRefusedAsync(token);
        ShouldBeProblem(answer, HttpStatusCode.ServiceUnavailable, "unavailable");

        var (rest, _) = await PollAsync(token, $"?poll={poll}");
        frames.Concat(rest).Select(Op).ShouldBe(["ok", "close"]);
        (await _node.SendAsync("POST", "/v1/sync", Beat, token)).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task An_account_with_too_many_sessions_is_told_to_come_back_later()
    {
        var tokens = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            tokens.Add((await _node.LogInAsync("kim")).Token);
        }

        await PollAsync(tokens[0], "?timeout_ms=0");
        await PollAsync(tokens[1], "?timeout_ms=0");

        ShouldBeProblem(await _node.SendAsync("GET", "/v1/sync", token: tokens[2]), HttpStatusCode.TooManyRequests, "rate_limited");
        ShouldBeProblem(await _node.SendAsync("POST", "/v1/sync", Beat, tokens[2]), HttpStatusCode.TooManyRequests, "rate_limited");
    }

    [Fact]
    public async Task A_node_that_goes_away_answers_the_poll_that_waits_and_opens_no_session()
    {
        var (token, user, device) = await _node.LogInAsync("kim");
        var (_, poll) = await PollAsync(token, "?timeout_ms=500");
        var session = _node.Service<PollSessions>().Find(new Authenticated(user, device))!;
        var waiting = PollAsync(token, $"?poll={poll}");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!session.Transport.Polled.IsPolled)
        {
            patience.IsCancellationRequested.ShouldBeFalse("the poll doesn't arrive");
            await Task.Yield();
        }

        var stopped = _node.StopAsync();

        var (frames, _) = await waiting;
        frames.Select(Op).ShouldBe(["reconnect", "close"]);
        frames[1].GetProperty("code").GetInt32().ShouldBe(1001);
        await stopped;
    }

    // Until the session has ended it takes posts.
    private async Task<(HttpStatusCode Status, string? Type, string Body)> PostUntilRefusedAsync(string token)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (true)
        {
            var answer = await _node.SendAsync("POST", "/v1/sync", Beat, token);
            if (answer.Status != HttpStatusCode.NoContent)
            {
                return answer;
            }

            patience.IsCancellationRequested.ShouldBeFalse("the session doesn't end");
        }
    }

    private static string Op(JsonElement frame) => frame.GetProperty("op").GetString()!;

    private static void ShouldBeProblem((HttpStatusCode Status, string? Type, string Body) answer, HttpStatusCode status, string code)
    {
        (answer.Status, answer.Type).ShouldBe((status, "application/problem+json"), answer.Body);
        JsonDocument.Parse(answer.Body).RootElement.GetProperty("code").GetString().ShouldBe(code);
    }

    private async Task<(JsonElement[] Frames, string Poll)> PollAsync(string token, string query = "")
    {
        var answer = await _node.SendAsync("GET", "/v1/sync" + query, token: token);
        (answer.Status, answer.Type).ShouldBe((HttpStatusCode.OK, "application/json"), answer.Body);
        var json = JsonDocument.Parse(answer.Body).RootElement;
        return ([.. json.GetProperty("frames").EnumerateArray()], json.GetProperty("poll").GetString()!);
    }
}
