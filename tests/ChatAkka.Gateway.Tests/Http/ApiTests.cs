using System.Net;
using System.Text.Json;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Gateway.Tests.Support;

namespace ChatAkka.Gateway.Tests.Http;

public sealed class ApiTests : IAsyncLifetime
{
    private Node _node = null!;

    public async Task InitializeAsync() => _node = await Node.StartAsync();

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Theory]
    [InlineData("GET", "/nothing", 404, "unknown_op")]
    [InlineData("GET", "/v1/enemies", 404, "unknown_op")]
    [InlineData("PUT", "/v1/users", 405, "unknown_op")]
    [InlineData("POST", "/v1/ws", 405, "unknown_op")]
    [InlineData("GET", "/v1/users/me", 401, "unauthorized")]
    [InlineData("GET", "/v1/channels", 401, "unauthorized")]
    [InlineData("DELETE", "/v1/sessions/current", 401, "unauthorized")]
    public async Task Errors_are_problems_with_a_code(string method, string path, int status, string code)
    {
        var answer = await _node.SendAsync(method, path);
        ((int)answer.Status, answer.Type, Code(answer.Body)).ShouldBe((status, "application/problem+json", code));
    }

    [Theory]
    [InlineData("", "application/json", 400, "bad_request")]
    [InlineData("not json", "application/json", 400, "bad_request")]
    [InlineData("[]", "application/json", 400, "bad_request")]
    [InlineData("null", "application/json", 400, "bad_request")]
    [InlineData("{}", "application/json", 400, "bad_request")]
    [InlineData("{\"username\":5,\"password\":\"long enough\"}", "application/json", 400, "bad_request")]
    [InlineData("{\"username\":\"\\ud800abc\",\"password\":\"long enough\"}", "application/json", 400, "bad_request")]
    [InlineData("{\"username\":\"ab\",\"password\":\"long enough\"}", "application/json", 400, "bad_request")]
    [InlineData("{\"username\":\"kim kim\",\"password\":\"long enough\"}", "application/json", 400, "bad_request")]
    [InlineData("{\"username\":\"kim\",\"password\":\"short\"}", "application/json", 400, "bad_request")]
    [InlineData("{\"username\":\"kim\",\"password\":\"long enough\",\"display_name\":\"\"}", "application/json", 400, "bad_request")]
    [InlineData("{\"username\":\"kim\",\"password\":\"long enough\"}", "text/plain", 415, "bad_request")]
    public async Task A_wrong_sign_up_is_refused(string body, string type, int status, string code)
    {
        var answer = await _node.SendAsync("POST", "/v1/users", body, type: type);
        ((int)answer.Status, Code(answer.Body)).ShouldBe((status, code));
    }

    [Fact]
    public async Task A_body_over_64_kilobytes_is_refused()
    {
        var answer = await _node.SendAsync("POST", "/v1/users", $$"""{"username":"{{new string('x', 70_000)}}"}""");
        (answer.Status, Code(answer.Body)).ShouldBe((HttpStatusCode.RequestEntityTooLarge, "frame_too_large"));
    }

    [Fact]
    public async Task A_user_signs_up_logs_in_and_changes_the_profile()
    {
        var created = await _node.SendAsync("POST", "/v1/users", """{"username":"Kim.1","password":"long enough","display_name":"김 👋"}""");
        created.Status.ShouldBe(HttpStatusCode.Created);
        created.Body.ShouldEndWith(""","username":"kim.1","display_name":"김 👋"}""");
        var again = await _node.SendAsync("POST", "/v1/users", """{"username":"kim.1","password":"long enough"}""");
        (again.Status, Code(again.Body)).ShouldBe((HttpStatusCode.Conflict, "username_taken"));

        var (token, user, device) = await _node.LogInAsync("kim.1");
        _node.Told.ShouldContain(new RegisterDevice(user, device));
        (await _node.SendAsync("GET", "/v1/users/me", token: token)).Body.ShouldContain($"\"user_id\":\"{user}\"");
        (await _node.SendAsync("PATCH", "/v1/users/me", """{"display_name":"이"}""", token)).Body.ShouldContain("\"display_name\":\"이\"");
        (await _node.SendAsync("GET", $"/v1/users/{user}", token: token)).Body.ShouldContain("\"display_name\":\"이\"");
        (await _node.SendAsync("GET", "/v1/users?username=KIM.1", token: token)).Status.ShouldBe(HttpStatusCode.OK);
        Code((await _node.SendAsync("GET", "/v1/users?username=nobody", token: token)).Body).ShouldBe("user_not_found");
        Code((await _node.SendAsync("GET", "/v1/users/nonsense", token: token)).Body).ShouldBe("user_not_found");
        Code((await _node.SendAsync("GET", "/v1/users", token: token)).Body).ShouldBe("bad_request");
        (await _node.SendAsync("GET", "/v1/servers", token: token)).Body.ShouldContain($"ws://127.0.0.1:{_node.Address.Port}/v1/ws");
    }

    [Fact]
    public async Task An_unknown_user_and_a_wrong_password_get_the_same_answer()
    {
        await _node.LogInAsync("kim");
        var wrong = await _node.SendAsync("POST", "/v1/sessions", """{"username":"kim","password":"something else"}""");
        var unknown = await _node.SendAsync("POST", "/v1/sessions", """{"username":"nobody","password":"something else"}""");
        (wrong.Status, Code(wrong.Body)).ShouldBe((HttpStatusCode.Unauthorized, "bad_credentials"));
        unknown.ShouldBe(wrong);
    }

    [Fact]
    public async Task Sessions_are_listed_and_revoked_in_the_store_first()
    {
        var (phone, user, device) = await _node.LogInAsync("kim");
        var (tablet, _, tabletDevice) = await _node.LogInAsync("kim");
        var sessions = JsonDocument.Parse((await _node.SendAsync("GET", "/v1/sessions", token: phone)).Body).RootElement.GetProperty("sessions");
        sessions.EnumerateArray().Single(s => s.GetProperty("device_id").GetString() == device.Value).GetProperty("current").GetBoolean().ShouldBeTrue();
        sessions.GetArrayLength().ShouldBe(2);

        (await _node.SendAsync("DELETE", $"/v1/sessions/{tabletDevice}", token: phone)).Status.ShouldBe(HttpStatusCode.NoContent);

        // The log-in asks the same actor, so that what was told before has arrived after it.
        await _node.LogInAsync("lee");
        _node.Told.ShouldContain(new RevokeDevice(user, tabletDevice));
        (await _node.SendAsync("GET", "/v1/users/me", token: tablet)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await _node.SendAsync("DELETE", "/v1/sessions/current", token: phone)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await _node.SendAsync("GET", "/v1/users/me", token: phone)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_store_that_is_off_is_unavailable_with_a_time_to_retry()
    {
        var (token, _, _) = await _node.LogInAsync("kim");
        _node.Accounts.Fails = true;
        var answer = await _node.SendAsync("GET", "/v1/users/me", token: token);
        (answer.Status, Code(answer.Body)).ShouldBe((HttpStatusCode.ServiceUnavailable, "unavailable"));
        JsonDocument.Parse(answer.Body).RootElement.GetProperty("retry_ms").GetInt32().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Channels_are_created_shown_and_managed()
    {
        var (token, user, _) = await _node.LogInAsync("kim");
        _node.Channel = command => new ChannelInfo(command.Channel, command.Request, Some.View(1, 0, command.Channel, user), command is CreateGroup or OpenDirect);

        var group = await _node.SendAsync("POST", "/v1/channels", """{"kind":"group","title":" 우리 ","members":["2","3"]}""", token);
        group.Status.ShouldBe(HttpStatusCode.Created);
        var create = _node.Told.OfType<CreateGroup>().Single();
        (create.By, create.Title).ShouldBe((user, "우리"));
        create.Members.ShouldBe([new UserId("2"), new UserId("3")]);
        var id = JsonDocument.Parse(group.Body).RootElement.GetProperty("channel").GetProperty("id").GetString();
        group.Body.ShouldContain(
            $$"""members":[{"user":"{{user}}","role":"owner","delivered":"0","read":"0"},{"user":"2","role":"member","delivered":"0","read":"0"}]""");

        (await _node.SendAsync("POST", "/v1/channels", """{"kind":"direct","user_id":"2"}""", token)).Status.ShouldBe(HttpStatusCode.Created);
        _node.Told.OfType<OpenDirect>().Single().Channel.ShouldBe(ChannelId.Direct(user, new UserId("2")));
        (await _node.SendAsync("GET", $"/v1/channels/{id}", token: token)).Status.ShouldBe(HttpStatusCode.OK);
        (await _node.SendAsync("PATCH", $"/v1/channels/{id}", """{"title":"새"}""", token)).Status.ShouldBe(HttpStatusCode.OK);
        _node.Told.OfType<ChangeTitle>().Single().Title.ShouldBe("새");
        (await _node.SendAsync("PUT", $"/v1/channels/{id}/members/5", token: token)).Status.ShouldBe(HttpStatusCode.OK);
        _node.Told.OfType<AddMember>().Single().User.ShouldBe(new UserId("5"));
        (await _node.SendAsync("PUT", $"/v1/channels/{id}/members/6", """{"role":"admin"}""", token)).Status.ShouldBe(HttpStatusCode.OK);
        _node.Told.OfType<AddMember>().Last().Role.ShouldBe(MemberRole.Admin);
        Code((await _node.SendAsync("PUT", $"/v1/channels/{id}/members/6", """{"role":"king"}""", token)).Body).ShouldBe("bad_request");
        (await _node.SendAsync("DELETE", $"/v1/channels/{id}/members/{user}", token: token)).Status.ShouldBe(HttpStatusCode.NoContent);
        _node.Told.OfType<RemoveMember>().Single().User.ShouldBe(user);
    }

    [Theory]
    [InlineData("""{"kind":"other"}""", "bad_request")]
    [InlineData("""{"kind":"direct"}""", "bad_request")]
    [InlineData("""{"kind":"direct","user_id":"nonsense"}""", "user_not_found")]
    [InlineData("""{"kind":"group","title":"","members":[]}""", "bad_request")]
    [InlineData("""{"kind":"group","title":"t","members":[null]}""", "bad_request")]
    [InlineData("""{"kind":"group","title":"t","members":["nonsense"]}""", "user_not_found")]
    [InlineData("""{"kind":"group","title":"t","members":5}""", "bad_request")]
    public async Task A_wrong_channel_is_refused_without_asking_anyone(string body, string code)
    {
        var (token, _, _) = await _node.LogInAsync("kim");
        Code((await _node.SendAsync("POST", "/v1/channels", body, token)).Body).ShouldBe(code);
        _node.Told.OfType<ChannelCommand>().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Refusal.ChannelNotFound, 404, "channel_not_found")]
    [InlineData(Refusal.NotAllowed, 403, "not_allowed")]
    [InlineData(Refusal.GroupTooLarge, 422, "group_too_large")]
    [InlineData(Refusal.Busy, 503, "busy")]
    public async Task A_refusal_has_its_status(Refusal reason, int status, string code)
    {
        var (token, _, _) = await _node.LogInAsync("kim");
        _node.Channel = command => new Refused(command.Channel, command.Request, reason);
        var answer = await _node.SendAsync("PUT", "/v1/channels/77/members/5", token: token);
        ((int)answer.Status, Code(answer.Body)).ShouldBe((status, code));
        answer = await _node.SendAsync("GET", "/v1/channels/nonsense", token: token);
        ((int)answer.Status, Code(answer.Body)).ShouldBe((404, "channel_not_found"));
    }

    [Fact]
    public async Task A_message_is_posted_over_http()
    {
        var (token, user, device) = await _node.LogInAsync("kim");
        var duplicate = false;
        _node.Channel = command => new Posted(command.Channel, command.Request, 9, 8, 7, duplicate);
        var posted = await _node.SendAsync("POST", "/v1/channels/77/messages", """{"client_id":"c","text":"안녕","reply_to":"3"}""", token);
        (posted.Status, posted.Body).ShouldBe((HttpStatusCode.Created, """{"id":"9","n":8,"at":7}"""));
        var post = _node.Told.OfType<PostMessage>().Single();
        (post.By, post.Device, post.ClientId, post.Text, post.ReplyTo, post.MayOpen).ShouldBe((user, device, "c", "안녕", 3L, false));
        duplicate = true;
        (await _node.SendAsync("POST", "/v1/channels/77/messages", """{"client_id":"c","text":"안녕"}""", token)).Status.ShouldBe(HttpStatusCode.OK);
        Code((await _node.SendAsync("POST", "/v1/channels/77/messages", """{"client_id":"c","text":""}""", token)).Body)
            .ShouldBe("text_empty");
        Code((await _node.SendAsync("POST", "/v1/channels/77/messages", """{"client_id":"c","text":"\ud800"}""", token)).Body)
            .ShouldBe("text_invalid");
        Code((await _node.SendAsync("POST", "/v1/channels/77/messages", """{"text":"x"}""", token)).Body).ShouldBe("bad_request");
        Code((await _node.SendAsync("POST", "/v1/channels/77/messages", "[]", token)).Body).ShouldBe("bad_request");
    }

    [Fact]
    public async Task History_is_a_page()
    {
        var (token, _, _) = await _node.LogInAsync("kim");
        _node.Timeline.Events[Some.Group] = [.. Enumerable.Range(1, 9).Select(id => Some.Message(id, Some.Lee, Some.LeesPhone))];
        _node.Channel = command => new ChannelInfo(command.Channel, command.Request, Some.View(9, 9, command.Channel), false);
        var page = JsonDocument.Parse((await _node.SendAsync("GET", "/v1/channels/77/messages?after=3&limit=2", token: token)).Body).RootElement;
        page.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("id").GetString()).ShouldBe(["4", "5"]);
        foreach (var wrong in new[] { "before=0", "before=x", "before=1&after=1", "limit=0", "limit=201", "limit=x", "around=-1" })
        {
            Code((await _node.SendAsync("GET", $"/v1/channels/77/messages?{wrong}", token: token)).Body).ShouldBe("bad_request", wrong);
        }
    }

    [Fact]
    public async Task Channels_are_listed_newest_first_in_pages()
    {
        var (token, user, _) = await _node.LogInAsync("kim");
        var ids = Enumerable.Range(100, 120).Select(id => new ChannelId($"{id}")).ToList();
        foreach (var (channel, i) in ids.Select((channel, i) => (channel, i)))
        {
            // Two at a time have the same moment.
            _node.Timeline.Events[channel] = [Some.Message(1, Some.Lee, Some.LeesPhone, text: channel.Value) with { At = i / 2 }];
        }

        _node.User = message => message is ListChannels ? new UserChannels([.. ids], new HashSet<ChannelId> { ids[7] }) : DeviceRegistered.Instance;
        _node.Channel = command => command.Channel.Value == "150"
            ? new Refused(command.Channel, command.Request, Refusal.ChannelNotFound)
            : new ChannelInfo(command.Channel, command.Request, Some.View(1, 1, command.Channel, user), false);
        List<string> listed = [];
        var cursor = "";
        do
        {
            var page = JsonDocument.Parse((await _node.SendAsync("GET", $"/v1/channels{cursor}", token: token)).Body).RootElement;
            foreach (var channel in page.GetProperty("channels").EnumerateArray())
            {
                listed.Add(channel.GetProperty("id").GetString()!);
                channel.GetProperty("last_message").GetProperty("text").GetString().ShouldBe(listed[^1]);
                channel.TryGetProperty("muted", out _).ShouldBe(listed[^1] == ids[7].Value);
            }

            cursor = page.TryGetProperty("cursor", out var next) ? $"?cursor={next.GetString()}" : "";
        }
        while (cursor.Length > 0);

        listed.ShouldBe(ids.Where(id => id.Value != "150").OrderByDescending(id => (int.Parse(id.Value) - 100) / 2).ThenBy(id => id.Value).Select(id => id.Value));
        Code((await _node.SendAsync("GET", "/v1/channels?cursor=nonsense!", token: token)).Body).ShouldBe("bad_request");
    }

    [Fact]
    public async Task Readiness_follows_the_node()
    {
        (await _node.SendAsync("GET", "/healthz")).Body.ShouldBe("""{"status":"ok"}""");
        (await _node.SendAsync("GET", "/readyz")).Status.ShouldBe(HttpStatusCode.OK);
        _node.NotReadyReason = "The store is off.";
        var answer = await _node.SendAsync("GET", "/readyz");
        (answer.Status, answer.Body)
            .ShouldBe((HttpStatusCode.ServiceUnavailable, """{"status":"unavailable","reason":"The store is off."}"""));
        (await _node.SendAsync("GET", "/healthz")).Status.ShouldBe(HttpStatusCode.OK);
    }

    private static string? Code(string body) => JsonDocument.Parse(body).RootElement.GetProperty("code").GetString();
}
