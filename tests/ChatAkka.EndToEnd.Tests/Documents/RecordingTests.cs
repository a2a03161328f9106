using System.Net;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Processes;

namespace ChatAkka.EndToEnd.Tests.Documents;

/// <summary>
/// One rich conversation, over HTTP and WebSocket, in which a server says everything that the documents let it say. That it says nothing
/// else is checked of every frame and answer, here and in all other tests of this project.
/// </summary>
public sealed class RecordingTests : EndToEndTest
{
    private const string Password = "correct horse battery";
    private readonly Recording _recording = new();

    [Fact]
    public async Task Everything_that_is_documented_is_said()
    {
        var server = await StartServerAsync(ServerSettings.Unlimited.With("Limits:SocketsPerAccount", 3).With("Limits:FailedLogInsPerAccount", 1));
        Api.Answered = _recording.Add;
        var people = await MeetAsync("anna", "ben", "cora");
        await AccountsAsync(people[0]);
        await ContactsAsync(people);
        await TalkAsync(people);
        await ChannelsAsync(people);
        await LongPollAsync(At(people[2], "old-phone"));
        await HealthAsync();
        await GoodbyeAsync(server, people[0]);

        // Opening a socket is none of the recorded calls; why a node isn't ready, FullStoreTests see, and what isn't JSON, MetricsTests.
        _recording.Missing()
            .Where(missing => !missing.EndsWith(" .reason", StringComparison.Ordinal)
                && !missing.Contains("GET /metrics", StringComparison.Ordinal)
                && !missing.StartsWith("reconnect .servers", StringComparison.Ordinal)) // where to go, which only a node with others says
            .ShouldBeEmpty();
    }

    private async Task GoodbyeAsync(ServerProcess server, Person person)
    {
        var client = await ConnectAsync(person);
        var stopped = server.StopAsync();
        await client.TakeAsync("the goodbye", frame => frame.Op == "reconnect");
        (await client.ClosedAsync()).Code.ShouldBe(1001);
        _recording.Add(client);
        (await stopped).ShouldBe(0);
    }

    private async Task AccountsAsync(Person anna)
    {
        var user = await Api.SignUpAsync("dora", Password);
        await Api.PostAsync("/v1/users", new { username = "dora", password = Password });
        var token = (await Api.LogInAsync("dora", Password)).String("token");
        foreach (var attempt in new[] { "a wrong password", "another wrong password" })
        {
            await Api.PostAsync("/v1/sessions", new { username = "dora", password = attempt });
        }

        await Api.PatchAsync("/v1/users/me", new { display_name = "Dora" }, token);
        await Api.GetAsync($"/v1/users/{user}", anna.Token);
        await Api.GetAsync($"/v1/users?external={anna.Subject}", token);
        await Api.GetAsync("/v1/sessions", token);
        await Api.GetAsync("/v1/servers", token);
        await Api.DeleteAsync("/v1/sessions/1", token);
        await Api.DeleteAsync("/v1/sessions/current", token);
    }

    private async Task ContactsAsync(Person[] people)
    {
        var (anna, ben, cora) = (people[0], people[1], people[2]);
        foreach (var (one, other) in new[] { (anna, ben), (ben, anna), (anna, cora) })
        {
            await Api.PutAsync($"/v1/friends/{other.UserId}", one.Token);
        }

        await Api.GetAsync("/v1/friends", anna.Token);
        await Api.DeleteAsync($"/v1/friends/{cora.UserId}", anna.Token);
        await Api.PutAsync($"/v1/blocks/{cora.UserId}", anna.Token);
        await Api.GetAsync("/v1/blocks", anna.Token);
        await Api.DeleteAsync($"/v1/blocks/{cora.UserId}", anna.Token);
    }

    private async Task TalkAsync(Person[] people)
    {
        var phone = await ConnectAsync(people[0]);
        var group = await Api.CreateGroupAsync(people[0], "Friday", people[1]);
        await phone.TakeAsync("the group", frame => frame.Op == "channel");
        await phone.RequestAsync(new { op = "watch", users = new[] { people[1].UserId } });
        var ben = await ConnectAsync(people[1]);
        await phone.TakeAsync("ben is there", frame => frame.Op == "presence");
        await phone.RequestAsync(new { op = "heartbeat" });
        var cora = await ConnectAsync(people[2]);
        await Api.PostMessageAsync(people[0], group, "a-0", "by post");
        var first = await phone.PostAsync(group, "a-1", "one");
        (await phone.PostAsync(group, "a-1", "one")).Json.Bool("duplicate").ShouldBeTrue();
        var mentions = new[] { people[0].UserId };
        var answer = new { op = "send", channel = group, client_id = "b-1", text = "two", reply_to = $"{first.Id}", mentions };
        var second = (await ben.RequestAsync(answer)).ShouldBeOk();
        await AnnotateAsync(ben, group, second.Id);
        await phone.RequestAsync(new { op = "delete", channel = group, id = $"{first.Id}" });
        await phone.RequestAsync(new { op = "edit", channel = group, id = "99", text = "nothing" });
        await ben.RequestAsync(new { op = "history", channel = group });
        await phone.RequestAsync(new { op = "watch", users = new[] { people[1].UserId } });
        await Api.GetAsync($"/v1/channels/{group}/messages", people[1].Token);

        // A channel in the list whose last message is gone.
        var other = await Api.CreateGroupAsync(people[1], "Monday");
        var gone = await ben.PostAsync(other, "b-2", "soon gone");
        (await ben.RequestAsync(new { op = "delete", channel = other, id = $"{gone.Id}" })).ShouldBeOk();
        await phone.WriteAsync(Json.Object(new { op = "typing", channel = group }));
        await ben.TakeAsync("typing", frame => frame.Op == "typing");
        await phone.WriteAsync(Json.Object(new { op = "read", channel = group, id = $"{second.Id}" }));
        await ben.TakeAsync("a receipt", frame => frame.Op == "receipt" && frame.Json.Has("read") && frame.Json.Has("delivered"));
        await MembersAsync(group, people);
        await cora.TakeAsync("the end", frame => frame.Op == "channel" && frame.Json.Has("removed"));
        await LaptopsAsync(people[1], group);
        foreach (var client in new[] { phone, ben, cora })
        {
            await client.SettleAsync();
            _recording.Add(client);
        }
    }

    // The answer stays the last message that isn't deleted: lists and pages show it with everything.
    private static async Task AnnotateAsync(ChatClient client, string group, long id)
    {
        await client.RequestAsync(new { op = "edit", channel = group, id = $"{id}", text = "TWO" });
        await client.RequestAsync(new { op = "react", channel = group, id = $"{id}", emoji = "👍" });
        await client.RequestAsync(new { op = "react", channel = group, id = $"{id}", emoji = "🍜" });
        await client.RequestAsync(new { op = "unreact", channel = group, id = $"{id}", emoji = "👍" });
    }

    private async Task MembersAsync(string group, Person[] people)
    {
        await Api.AddMemberAsync(group, people[2], people[0]);
        await Api.RenameAsync(group, "Saturday", people[0]);
        using var admin = new StringContent("""{"role":"admin"}""", System.Text.Encoding.UTF8, "application/json");
        await Api.SendAsync(HttpMethod.Put, $"/v1/channels/{group}/members/{people[1].UserId}", admin, people[0].Token);
        await Api.RemoveMemberAsync(group, people[2], people[0]);
        await Api.GetAsync($"/v1/channels/{group}", people[1].Token);
    }

    // One that is sent the whole timeline, and one more than there may be.
    private async Task LaptopsAsync(Person ben, string group)
    {
        var laptop = await ConnectAsync(At(ben, "laptop"), new Dictionary<string, string> { [group] = "0" });
        _recording.Add(laptop);
        await ConnectAsync(At(ben, "tablet"));
        var fourth = await OpenAsync();
        await fourth.RequestAsync(new { op = "hello", token = At(ben, "watch").Token });
        (await fourth.ClosedAsync()).Code.ShouldBe(4429);
        _recording.Add(fourth);
    }

    private async Task ChannelsAsync(Person[] people)
    {
        var direct = await Api.OpenDirectAsync(people[0], people[1].UserId);
        await Api.OpenDirectAsync(people[1], people[0].UserId);
        var channel = direct.Json.Member("channel").String("id");
        foreach (var status in new[] { HttpStatusCode.Created, HttpStatusCode.OK })
        {
            var message = new { client_id = "h-1", text = "over http" };
            (await Api.PostAsync($"/v1/channels/{channel}/messages", message, people[0].Token)).ShouldBe(status);
        }

        await Api.GetAsync("/v1/channels", people[0].Token);
        await Api.PutAsync($"/v1/channels/{channel}/mute", people[1].Token);
        await Api.GetAsync("/v1/channels", people[1].Token);
        await Api.DeleteAsync($"/v1/channels/{channel}/mute", people[1].Token);
        for (var i = 0; i < 51; i++)
        {
            await Api.CreateGroupAsync(people[1], $"group {i}");
        }

        await Api.GetAsync("/v1/channels", people[1].Token);
    }

    // A session that another one of the same device ends.
    private async Task LongPollAsync(Person person)
    {
        var poll = (await Api.GetAsync("/v1/sync?timeout_ms=0", person.Token)).Json.String("poll");
        await Api.PostAsync("/v1/sync", new { frames = new[] { new { op = "heartbeat", @ref = "1" } } }, person.Token);
        await ConnectAsync(person);
        for (var ended = false; !ended;)
        {
            var answer = (await Api.GetAsync($"/v1/sync?timeout_ms=1000&poll={poll}", person.Token)).Json;
            ended = answer.Array("frames").Any(frame => frame.String("op") == "close");
            poll = answer.String("poll");
        }
    }

    private async Task HealthAsync()
    {
        foreach (var path in new[] { "/healthz", "/readyz", "/openapi/v1.json" })
        {
            (await Api.GetAsync(path)).ShouldBe(HttpStatusCode.OK);
        }
    }
}
