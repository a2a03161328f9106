using System.Net;
using System.Text.RegularExpressions;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Processes;

namespace ChatAkka.EndToEnd.Tests.HappyPath;

/// <summary>
/// The long poll carries what a socket carries: every scenario runs over both, and the frames that it expects are the same to the letter.
/// </summary>
public sealed class LongPollTests(ServerFixture fixture) : EndToEndTest(fixture), IClassFixture<ServerFixture>
{
    private const string Password = "correct horse battery";

    public enum Transport
    {
        WebSocket,
        LongPoll,
    }

    [Theory]
    [InlineData(Transport.WebSocket)]
    [InlineData(Transport.LongPoll)]
    public async Task Every_device_sees_the_same_frames_in_the_same_order(Transport transport)
    {
        var (anna, ben) = (await MeetAsync("anna"), await MeetAsync("ben"));
        var (phone, laptop) = (await ConnectAsync(transport, anna), await ConnectAsync(transport, At(anna, "laptop")));
        var bens = await ConnectAsync(transport, ben);

        var sent = await phone.RequestAsync(new { op = "send", @ref = "r1", to = ben.UserId, client_id = "c1", text = "안녕 😀" });
        var channel = sent.ShouldBeOk().Json.String("channel");
        var id = sent.Json.String("id");
        await bens.TakeAsync("the message", f => f.IsMessage(channel, "안녕 😀"));
        var answer = await bens.RequestAsync(new { op = "send", @ref = "r2", channel, client_id = "c1", text = "hi", reply_to = id });
        var edit = await phone.RequestAsync(new { op = "edit", @ref = "r3", channel, id, text = "hello" });
        var react = await bens.RequestAsync(new { op = "react", @ref = "r4", channel, id, emoji = "👍" });
        foreach (var device in new[] { phone, laptop, bens })
        {
            await device.TakeAsync("the reaction", f => f.IsEvent(channel, "reacted"));
        }

        var script = new Script(channel, (anna.UserId, "anna"), (ben.UserId, "ben"));
        script.Of(sent, answer, edit, react).ShouldBe(
        [
            """{"op":"ok","ref":"r1","channel":"C","id":"2","n":1,"at":0}""",
            """{"op":"ok","ref":"r2","channel":"C","id":"3","n":2,"at":0}""",
            """{"op":"ok","ref":"r3","channel":"C","id":"4"}""",
            """{"op":"ok","ref":"r4","channel":"C","id":"5"}""",
        ]);
        string[] rest =
        [
            """{"op":"event","channel":"C","id":"4","n":2,"at":0,"from":"anna","type":"edited","target":"2","text":"hello"}""",
            """{"op":"event","channel":"C","id":"5","n":2,"at":0,"from":"ben","type":"reacted","target":"2","emoji":"👍"}""",
        ];
        const string Hello = """{"op":"event","channel":"C","id":"2","n":1,"at":0,"from":"anna","type":"message","text":"안녕 😀"}""";
        const string Hi = """{"op":"event","channel":"C","id":"3","n":2,"at":0,"from":"ben","type":"message","text":"hi","reply_to":"2"}""";
        script.EventsOf(phone).ShouldBe([Hi, .. rest]);
        script.EventsOf(laptop).ShouldBe([Hello.Replace("\"}", "\",\"client_id\":\"c1\"}"), Hi, .. rest]);
        script.EventsOf(bens).ShouldBe([Hello, .. rest]);
    }

    [Theory]
    [InlineData(Transport.WebSocket)]
    [InlineData(Transport.LongPoll)]
    public async Task Signals_and_history_are_the_same(Transport transport)
    {
        var (anna, ben) = (await MeetAsync("anna"), await MeetAsync("ben"));
        var (annas, bens) = (await ConnectAsync(transport, anna), await ConnectAsync(transport, ben));
        var (channel, id) = await TalkAsync(annas, ben, "one");
        await bens.TakeAsync("the message", f => f.IsMessage(channel, "one"));

        await bens.SendTextAsync(Json.Write(new { op = "typing", channel }));
        var typing = await annas.TakeAsync("typing", f => f.Op == "typing");
        await bens.SendTextAsync(Json.Write(new { op = "delivered", channel, id }));
        var delivered = await annas.TakeAsync("delivered", f => f.Op == "receipt" && f.Json.Has("delivered"));
        await bens.SendTextAsync(Json.Write(new { op = "read", channel, id }));
        var read = await annas.TakeAsync("read", f => f.Op == "receipt" && f.Json.Has("read"));
        var history = await bens.RequestAsync(new { op = "history", @ref = "r1", channel, limit = 10 });
        var refused = await bens.RequestAsync(new { op = "send", @ref = "r2", channel = "77", client_id = "c", text = "x" });

        new Script(channel, (anna.UserId, "anna"), (ben.UserId, "ben")).Of(typing, delivered, read, history, refused).ShouldBe(
        [
            """{"op":"typing","channel":"C","user":"ben"}""",
            """{"op":"receipt","channel":"C","user":"ben","delivered":"2"}""",
            """{"op":"receipt","channel":"C","user":"ben","read":"2"}""",
            """{"op":"ok","ref":"r1","messages":[{"id":"2","n":1,"at":0,"from":"anna","type":"message","text":"one"}]"""
            + ""","has_before":false,"has_after":false}""",
            """{"op":"error","ref":"r2","code":"channel_not_found","message":"There is no such channel."}""",
        ]);
    }

    [Theory]
    [InlineData(Transport.WebSocket)]
    [InlineData(Transport.LongPoll)]
    public async Task Device_that_comes_back_gets_what_it_has_not_acknowledged(Transport transport)
    {
        var (anna, ben) = (await MeetAsync("anna"), await MeetAsync("ben"));
        var (annas, bens) = (await ConnectAsync(transport, anna), await ConnectAsync(transport, ben));
        var (channel, first) = await TalkAsync(annas, ben, "one");
        await bens.SendTextAsync(Json.Write(new { op = "delivered", channel, id = first }));
        await TalkAsync(annas, ben, "two");
        await bens.TakeAsync("the second message", f => f.IsMessage(channel, "two"));
        (await bens.RequestAsync(new { op = "heartbeat" })).ShouldBeOk();
        bens.Reset();
        await TalkAsync(annas, ben, "three");

        var back = await ConnectAsync(transport, ben);

        new Script(channel, (anna.UserId, "anna"), (ben.UserId, "ben")).Of([.. back.Syncs]).ShouldBe(
        [
            """{"op":"sync","channel":{"id":"C","kind":"direct","title":"","head":"4","n":3,"unread":3,"read":"0","member_count":2}"""
            + ""","events":[{"id":"3","n":2,"at":0,"from":"anna","type":"message","text":"two"},"""
            + """{"id":"4","n":3,"at":0,"from":"anna","type":"message","text":"three"}],"more":false}""",
        ]);
        await back.SendTextAsync(Json.Write(new { op = "delivered", channel, id = "4" }));
        (await back.RequestAsync(new { op = "heartbeat" })).ShouldBeOk();
        back.Reset();
        (await ConnectAsync(transport, ben)).Syncs.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Transport.WebSocket, Transport.WebSocket)]
    [InlineData(Transport.WebSocket, Transport.LongPoll)]
    [InlineData(Transport.LongPoll, Transport.WebSocket)]
    [InlineData(Transport.LongPoll, Transport.LongPoll)]
    public async Task Same_device_replaces_itself_on_whichever_transport(Transport first, Transport second)
    {
        var anna = await MeetAsync("anna");
        var old = await ConnectAsync(first, anna);

        var young = await ConnectAsync(second, anna);

        var closing = await old.ClosedAsync();
        (closing.Code, closing.Reason).ShouldBe((4409, "replaced"));
        (await young.RequestAsync(new { op = "heartbeat" })).ShouldBeOk();
    }

    [Theory]
    [InlineData(Transport.WebSocket)]
    [InlineData(Transport.LongPoll)]
    public async Task Revoked_device_is_put_out_at_once(Transport transport)
    {
        var name = $"revoked.{transport}".ToLowerInvariant();
        await Api.SignUpAsync(name, Password);
        var token = (await Api.LogInAsync(name, Password)).String("token");
        var client = await ConnectAsync(transport, token);

        (await Api.DeleteAsync("/v1/sessions/current", token)).ShouldBe(HttpStatusCode.NoContent);

        // A poll that comes a moment later finds the token gone before it finds the session.
        (await client.ClosedAsync()).Code.ShouldBeOneOf(transport == Transport.LongPoll ? [4403, 4401] : [4403]);
        (await Api.GetAsync("/v1/sync", token)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task Long_text_arrives_over_a_long_poll_whole_and_many_are_split_into_answers()
    {
        var (anna, ben) = (await MeetAsync("anna"), await MeetAsync("ben"));
        var (annas, bens) = (await ConnectAsync(anna), await ConnectAsync(Transport.LongPoll, ben));
        for (var i = 0; i < 20; i++)
        {
            await annas.PostToAsync(ben.UserId, $"c{i}", $"{i} {new string('가', 99_000)}");
        }

        var last = await bens.TakeAsync("the last text", f => f.Op == "event" && f.Json.Number("n") == 20);
        last.Json.String("text").ShouldBe($"19 {new string('가', 99_000)}");
    }

    [SkippableFact]
    public async Task Stopping_server_answers_the_polls_that_wait()
    {
        Skip.If(OperatingSystem.IsWindows(), "Stops the server with SIGTERM, which Windows hasn't; run it on Linux or macOS.");
        await using var server = await ServerProcess.StartAsync(ServerSettings.Unlimited);
        var token = Tokens.Mint(server.IntegratorKey, "leaver", "phone");
        await using var client = await LongPollClient.ConnectAsync(server, token);
        (await client.RequestAsync(new { op = "heartbeat" })).ShouldBeOk();

        (await server.StopAsync()).ShouldBe(0, server.Log.Text);

        (await client.ClosedAsync()).Code.ShouldBe(1001);
        server.ShouldBeWell();
    }

    private Task<IChatClient> ConnectAsync(Transport transport, Person person) => ConnectAsync(transport, person.Token);

    private async Task<IChatClient> ConnectAsync(Transport transport, string token) =>
        transport == Transport.LongPoll ? await PollAsync(token) : await ConnectAsync(token);

    private static async Task<(string Channel, string Id)> TalkAsync(IChatClient from, Person to, string text)
    {
        var sent = await from.RequestAsync(new { op = "send", to = to.UserId, client_id = text, text });
        return (sent.ShouldBeOk().Json.String("channel"), sent.Json.String("id"));
    }

    /// <summary>Frames with names instead of what is new in every run: ids of users, the channel, times.</summary>
    private sealed class Script(string channel, params (string Id, string Name)[] users)
    {
        public string[] Of(params Frame[] frames) => [.. frames.Select(Of)];

        public string[] EventsOf(IChatClient client) =>
            Of([.. client.Received.Where(f => f.Op == "event" && !f.IsEvent(channel, "created"))]);

        private string Of(Frame frame)
        {
            var text = frame.Text.Replace($"\"{channel}\"", "\"C\"");
            foreach (var (id, name) in users)
            {
                text = text.Replace($"\"{id}\"", $"\"{name}\"");
            }

            return Regex.Replace(text, "\"at\":[0-9]+", "\"at\":0");
        }
    }
}
