using System.Net;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Processes;
using ChatAkka.EndToEnd.Tests.Harness.Sockets;

namespace ChatAkka.EndToEnd.Tests.BadInput;

/// <summary>Who gets no session.</summary>
public sealed class HelloTests(ServerFixture fixture) : BadInputTest(fixture), IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Bad_token_is_refused_on_both_transports()
    {
        foreach (var (what, token) in BadTokens())
        {
            var client = await OpenAsync();
            (await client.RequestAsync(new { op = "hello", token })).ShouldBeError("unauthorized");
            (await client.ClosedAsync()).Code.ShouldBe(4401, what);
            (await Api.GetAsync("/v1/users/me", token)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthorized");
        }
    }

    [Fact]
    public async Task Missing_token_is_refused_on_both_transports()
    {
        var client = await OpenAsync();
        (await client.RequestAsync(new { op = "hello" })).ShouldBeError("unauthorized");
        (await client.ClosedAsync()).Code.ShouldBe(4401);
        (string Method, string Path)[] calls =
        [
            ("GET", "/v1/users/me"), ("PATCH", "/v1/users/me"), ("GET", "/v1/users/1"), ("GET", "/v1/users?username=x"),
            ("GET", "/v1/sessions"), ("DELETE", "/v1/sessions/current"), ("DELETE", "/v1/sessions/1"), ("GET", "/v1/servers"),
            ("POST", "/v1/channels"), ("GET", "/v1/channels"), ("GET", "/v1/channels/1"), ("PATCH", "/v1/channels/1"),
            ("PUT", "/v1/channels/1/members/1"), ("DELETE", "/v1/channels/1/members/1"),
            ("GET", "/v1/channels/1/messages"), ("POST", "/v1/channels/1/messages"),
        ];
        foreach (var (method, path) in calls)
        {
            (await Api.SendAsync(new HttpMethod(method), path, null, null)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthorized");
        }
    }

    [Fact]
    public async Task Revoked_token_is_refused_on_both_transports()
    {
        const string password = "correct horse battery";
        await Api.SignUpAsync("revoked_one", password);
        var token = (await Api.LogInAsync("revoked_one", password)).String("token");
        await (await ConnectAsync(token)).CloseAsync();
        (await Api.DeleteAsync("/v1/sessions/current", token)).ShouldBe(HttpStatusCode.NoContent);

        var client = await OpenAsync();

        (await client.RequestAsync(new { op = "hello", token })).ShouldBeError("unauthorized");
        (await client.ClosedAsync()).Code.ShouldBe(4401);
        (await Api.GetAsync("/v1/users/me", token)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task Revoking_an_integrators_device_closes_its_socket()
    {
        var phone = await MeetAsync("integrated");
        var laptop = At(phone, "laptop");
        var socket = await ConnectAsync(phone);
        await (await ConnectAsync(laptop)).CloseAsync();

        (await Api.DeleteAsync($"/v1/sessions/{socket.Hello.Json.String("device_id")}", laptop.Token)).ShouldBe(HttpStatusCode.NoContent);

        (await socket.ClosedAsync()).Code.ShouldBe(4403);
    }

    [Fact]
    public async Task Second_hello_is_a_bad_request_and_the_session_stays()
    {
        var people = await MeetAsync("offender", "other");
        var client = await ConnectAsync(people[0]);

        (await client.RequestAsync(new { op = "hello", token = people[1].Token })).ShouldBeError("bad_request");
        (await client.RequestAsync(new { op = "hello", token = people[0].Token })).ShouldBeError("bad_request");

        await client.PostToAsync(people[1].UserId, "c1", "still the first user");
        var other = await ConnectAsync(people[1], new Dictionary<string, string>());
        (await Api.GetAsync("/v1/channels", people[1].Token)).Json.Array("channels").ShouldHaveSingleItem();
        other.Hello.Json.String("user_id").ShouldBe(people[1].UserId);
    }

    [Theory]
    [InlineData("heartbeat")]
    [InlineData("send")]
    [InlineData("history")]
    [InlineData("nonsense")]
    public async Task Request_before_hello_is_unauthorized(string op)
    {
        var client = await OpenAsync();

        await client.SendTextAsync(Json.Write(new { op, @ref = "1", to = "1", channel = "1", client_id = "c", text = "before any hello" }));

        (await client.ClosedAsync()).Code.ShouldBe(4401);
        client.Received.ShouldAllBe(f => f.Op == "error");
    }

    [Fact]
    public async Task Requests_right_behind_hello_wait_for_the_sync()
    {
        var people = await MeetAsync("eager", "ben");
        var client = await OpenAsync();

        var hello = client.BeginAsync(new { op = "hello", token = people[0].Token });
        var send = client.BeginAsync(new { op = "send", to = people[1].UserId, client_id = "c1", text = "in one breath" });
        var reference = await send;
        (await client.ReplyAsync(await hello)).ShouldBeOk();
        (await client.ReplyAsync(reference)).ShouldBeOk();

        client.Received.Select(f => f.Op).Take(2).ShouldBe(["ok", "synced"]);
    }

    [Theory]
    [InlineData("""{"op":"hello","ref":"1","token":1}""")]
    [InlineData("""{"op":"hello","ref":"1","token":"TOKEN","cursors":[]}""")]
    [InlineData("""{"op":"hello","ref":"1","token":"TOKEN","cursors":{"1":1}}""")]
    [InlineData("""{"op":"hello","ref":"1","token":"TOKEN","cursors":{"1":"x"}}""")]
    [InlineData("""{"op":"hello","ref":"1","token":"TOKEN","cursors":{"x":"1"}}""")]
    public async Task Hello_with_fields_of_the_wrong_type_opens_nothing(string hello)
    {
        var person = await MeetAsync("offender");
        var client = await OpenAsync();

        await client.SendTextAsync(hello.Replace("TOKEN", person.Token));

        (await client.ReplyAsync("1")).ShouldBeError("bad_request");
        client.Received.ShouldNotContain(f => f.Op == "synced");
    }

    [Fact]
    public async Task Cursors_of_foreign_channels_and_beyond_the_head_are_borne()
    {
        var people = await MeetAsync("anna", "ben", "offender");
        var foreign = await Api.CreateGroupAsync(people[0], "foreign", people[1]);
        var own = await Api.CreateGroupAsync(people[0], "own", people[2]);
        var cursors = new Dictionary<string, string> { [foreign] = "0", [own] = long.MaxValue.ToString(), ["1-2"] = "5" };
        var offender = await ConnectAsync(people[2], cursors);

        offender.Syncs.ShouldBeEmpty();
        await Api.PostMessageAsync(people[0], own, "c1", "seen in spite of it");

        await offender.TakeMessageAsync(own, "seen in spite of it");
        offender.Received.ShouldNotContain(f => f.Text.Contains(foreign));
    }

    [Fact]
    public async Task Integrator_token_is_refused_by_a_server_without_a_key()
    {
        var server = await StartServerAsync(ServerSettings.Unlimited with { IntegratorKey = null });
        var token = Tokens.Mint(new byte[32], "anyone", "phone");

        (await server.Api.GetAsync("/v1/users/me", token)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthorized");
        await using var client = await ChatClient.OpenAsync(server);
        (await client.RequestAsync(new { op = "hello", token })).ShouldBeError("unauthorized");
    }

    private IEnumerable<(string What, string Token)> BadTokens()
    {
        var key = Server.IntegratorKey;
        var good = new { sub = "someone", device = "phone", exp = Tokens.In(TimeSpan.FromHours(1)) };
        var valid = Tokens.Sign(key, good);
        var parts = valid.Split('.');
        return
        [
            ("nothing known", "no-such-token-at-all"),
            ("43 random characters", Convert.ToBase64String(Guid.NewGuid().ToByteArray()) + "0123456789012345678"),
            ("dots only", ".."),
            ("not base64", "a.b.c"),
            ("very long", new string('x', 6_000)),
            ("another key", Tokens.Sign(new byte[32], good)),
            ("no signature", Tokens.Unsigned(good)),
            ("alg none, signed", Tokens.Sign(key, new { alg = "none" }, good)),
            ("alg HS512", Tokens.Sign(key, new { alg = "HS512", typ = "JWT" }, good)),
            ("alg RS256", Tokens.Sign(key, new { alg = "RS256", typ = "JWT" }, good)),
            ("alg of another case", Tokens.Sign(key, new { alg = "hs256", typ = "JWT" }, good)),
            ("no alg", Tokens.Sign(key, new { typ = "JWT" }, good)),
            ("changed claims", $"{parts[0]}.{Tokens.Sign(key, good with { sub = "someone-else" }).Split('.')[1]}.{parts[2]}"),
            ("signature cut", $"{parts[0]}.{parts[1]}.{parts[2][..^4]}"),
            ("signature missing", $"{parts[0]}.{parts[1]}."),
            ("a fourth part", valid + ".x"),
            ("expired", Tokens.Sign(key, good with { exp = Tokens.In(TimeSpan.FromMinutes(-10)) })),
            ("expires beyond 24 h", Tokens.Sign(key, good with { exp = Tokens.In(TimeSpan.FromHours(25)) })),
            ("no exp", Tokens.Sign(key, new { good.sub, good.device })),
            ("exp a string", Tokens.Sign(key, new { good.sub, good.device, exp = good.exp.ToString() })),
            ("exp enormous", Tokens.Sign(key, good with { exp = long.MaxValue })),
            ("no sub", Tokens.Sign(key, new { good.device, good.exp })),
            ("sub empty", Tokens.Sign(key, good with { sub = "" })),
            ("sub a number", Tokens.Sign(key, new { sub = 1, good.device, good.exp })),
            ("sub of 65", Tokens.Sign(key, good with { sub = new string('s', 65) })),
            ("sub with a colon", Tokens.Sign(key, good with { sub = "some:one" })),
            ("sub not ASCII", Tokens.Sign(key, good with { sub = "누구" })),
            ("no device", Tokens.Sign(key, new { good.sub, good.exp })),
            ("device empty", Tokens.Sign(key, good with { device = "" })),
            ("device with a space", Tokens.Sign(key, good with { device = "my phone" })),
            ("claims no object", Tokens.Sign(key, new[] { 1, 2 })),
        ];
    }
}
