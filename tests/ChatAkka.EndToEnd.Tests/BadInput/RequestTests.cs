using System.Net;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;

namespace ChatAkka.EndToEnd.Tests.BadInput;

/// <summary>Frames that are frames but can't be served: an error with the ref, and the socket stays.</summary>
public sealed class RequestTests(ServerFixture fixture) : BadInputTest(fixture), IClassFixture<ServerFixture>
{
    private const string Id64 = "0123456789012345678901234567890123456789012345678901234567890123";

    private static List<string> WrongFields
    {
        get
        {
            List<string> data = [];
            string[] notStrings = ["1", "true", "[]", "{}", "[\"x\"]"];
            foreach (var wrong in notStrings)
            {
                data.Add($$"""{"op":"send","ref":"r","channel":{{wrong}},"client_id":"c","text":"t"}""");
                data.Add($$"""{"op":"send","ref":"r","to":{{wrong}},"client_id":"c","text":"t"}""");
                data.Add($$"""{"op":"send","ref":"r","to":"1","client_id":{{wrong}},"text":"t"}""");
                data.Add($$"""{"op":"send","ref":"r","to":"1","client_id":"c","text":{{wrong}}}""");
                data.Add($$"""{"op":"send","ref":"r","to":"1","client_id":"c","text":"t","reply_to":{{wrong}}}""");
                data.Add($$"""{"op":"history","ref":"r","channel":{{wrong}}}""");
                data.Add($$"""{"op":"history","ref":"r","channel":"1","before":{{wrong}}}""");
                data.Add($$"""{"op":"history","ref":"r","channel":"1","after":{{wrong}}}""");
                data.Add($$"""{"op":"history","ref":"r","channel":"1","around":{{wrong}}}""");
                data.Add($$"""{"op":"delivered","ref":"r","channel":{{wrong}},"id":"1"}""");
                data.Add($$"""{"op":"delivered","ref":"r","channel":"1","id":{{wrong}}}""");
            }

            data.AddRange(
            [
                """{"op":"send","ref":"r"}""",
                """{"op":"send","ref":"r","client_id":"c","text":"t"}""",
                """{"op":"send","ref":"r","channel":"1","to":"2","client_id":"c","text":"t"}""",
                """{"op":"send","ref":"r","to":"1","text":"t"}""",
                """{"op":"send","ref":"r","to":"1","client_id":"","text":"t"}""",
                """{"op":"send","ref":"r","to":"1","client_id":"c"}""",
                """{"op":"send","ref":"r","to":"1","client_id":"c","text":null}""",
                """{"op":"send","ref":"r","to":"1","client_id":"c\uD800","text":"t"}""",
                """{"op":"send","ref":"r","to":"1","client_id":"c","text":"t","mentions":"1"}""",
                """{"op":"send","ref":"r","to":"1","client_id":"c","text":"t","mentions":[1]}""",
                """{"op":"send","ref":"r","to":"1","client_id":"c","text":"t","mentions":[["1"]]}""",
                """{"op":"send","ref":"r","to":"1","client_id":"c","text":"t","reply_to":"x"}""",
                """{"op":"send","ref":"r","to":"1","client_id":"c","text":"t","reply_to":"0"}""",
                """{"op":"send","ref":"r","to":"1","client_id":"c","text":"t","reply_to":"-1"}""",
                """{"op":"send","ref":"r","to":"1","client_id":"c","text":"t","reply_to":"99999999999999999999"}""",
                """{"op":"history","ref":"r"}""",
                """{"op":"history","ref":"r","channel":"1","limit":0}""",
                """{"op":"history","ref":"r","channel":"1","limit":201}""",
                """{"op":"history","ref":"r","channel":"1","limit":1.5}""",
                """{"op":"history","ref":"r","channel":"1","limit":1e2}""",
                """{"op":"history","ref":"r","channel":"1","limit":99999999999}""",
                """{"op":"history","ref":"r","channel":"1","limit":"10"}""",
                """{"op":"history","ref":"r","channel":"1","before":"5","after":"2"}""",
                """{"op":"delivered","ref":"r","channel":"1"}""",
                """{"op":"delivered","ref":"r","id":"1"}""",
                """{"op":"delivered","ref":"r","channel":"1","id":"one"}""",
            ]);
            return data;
        }
    }

    [Fact]
    public async Task Field_of_the_wrong_type_is_a_bad_request()
    {
        // One session for all of them: it must survive each.
        var client = await ConnectAsync(await MeetAsync("offender"));
        foreach (var request in WrongFields)
        {
            await client.SendTextAsync(request);

            var reply = await client.TakeAsync($"an error for {request}", f => f.Op == "error");
            reply.ShouldBeError("bad_request");
            reply.Ref.ShouldBe("r", request);
        }

        await client.SettleAsync();
        client.Received.Count(f => f.Op == "error").ShouldBe(WrongFields.Count, "one error each");
    }

    [Theory]
    [InlineData("""{"op":"heartbeat","ref":1}""")]
    [InlineData("""{"op":"heartbeat","ref":["1"]}""")]
    [InlineData("""{"op":"heartbeat","ref":"\uD800"}""")]
    [InlineData("""{"op":"send","to":"1","client_id":"c","text":"t"}""")]
    [InlineData("""{"op":"history","channel":"1"}""")]
    public async Task Request_without_a_usable_ref_is_a_bad_request_without_one(string request)
    {
        var client = await ConnectAsync(await MeetAsync("offender"));

        await client.SendTextAsync(request);

        (await client.TakeAsync("an error", f => f.Op == "error")).ShouldBeError("bad_request").Ref.ShouldBeNull();
        await client.SettleAsync();
    }

    [Fact]
    public async Task Ref_and_client_id_of_64_characters_are_taken_and_longer_ones_refused()
    {
        var people = await MeetAsync("offender", "ben");
        var client = await ConnectAsync(people[0]);
        var emoji64 = string.Concat(Enumerable.Repeat("😀", 64));
        foreach (var longest in new[] { Id64, emoji64 })
        {
            var shortEnough = new { op = "send", @ref = longest, to = people[1].UserId, client_id = longest, text = "just short enough" };
            (await client.RequestAsync(shortEnough)).ShouldBeOk();
            (await client.TryPostToAsync(people[1].UserId, longest + "x", "too long an id")).ShouldBeError("bad_request");
            await client.SendTextAsync(Json.Write(new { op = "heartbeat", @ref = longest + "x" }));
            (await client.TakeAsync("an error", f => f.Op == "error" && f.Ref is null)).ShouldBeError("bad_request");
        }

        var path = $"/v1/channels/{await ChannelOfAsync(people[0])}/messages";
        var http = await Api.PostAsync(path, new { client_id = Id64 + "x", text = "too long an id" }, people[0].Token);
        http.ShouldBeProblem(HttpStatusCode.BadRequest, "bad_request");
    }

    [Fact]
    public async Task Unknown_op_is_told_with_the_ref_and_the_socket_stays()
    {
        var client = await ConnectAsync(await MeetAsync("offender"));

        foreach (var op in new[] { "sned", "SEND", "send ", "", "hello\u0000", new string('x', 10_000), "보내기" })
        {
            (await client.RequestAsync(new { op })).ShouldBeError("unknown_op");
        }
    }

    [Fact]
    public async Task Foreign_channel_and_one_that_does_not_exist_are_answered_alike()
    {
        var people = await MeetAsync("anna", "ben", "offender");
        var group = await Api.CreateGroupAsync(people[0], "a secret group", people[1]);
        var opened = await Api.OpenDirectAsync(people[0], people[1].UserId);
        var direct = opened.Json.Member("channel").String("id");
        await Api.PostMessageAsync(people[0], group, "c1", "nothing for strangers");
        var (offender, token) = (await ConnectAsync(people[2]), people[2].Token);
        string[] channels =
            [group, direct, "1", "999999999999999", "1-2", $"{people[0].UserId}-1", "-", "1-", "x", "", "../1", "18446744073709551616"];

        var answers = new List<(string[] Frames, ApiAnswer[] Answers)>();
        foreach (var channel in channels)
        {
            string[] frames =
            [
                (await offender.RequestAsync(new { op = "send", @ref = "s", channel, client_id = "c1", text = "let me in, please" })).Text,
                (await offender.RequestAsync(new { op = "history", @ref = "h", channel })).Text,
            ];
            ApiAnswer[] http = channel is "" or "../1" ? [] :
            [
                await Api.GetAsync($"/v1/channels/{channel}", token),
                await Api.GetAsync($"/v1/channels/{channel}/messages", token),
                await Api.PostAsync($"/v1/channels/{channel}/messages", new { client_id = "c1", text = "let me in, please" }, token),
                await Api.PatchAsync($"/v1/channels/{channel}", new { title = "mine" }, token),
                await Api.PutAsync($"/v1/channels/{channel}/members/{people[2].UserId}", token),
                await Api.DeleteAsync($"/v1/channels/{channel}/members/{people[2].UserId}", token),
            ];
            answers.Add((frames, http));
        }

        foreach (var (frames, http) in answers)
        {
            frames.ShouldBe(answers[0].Frames);
            http.ShouldAllBe(a => a.Status == HttpStatusCode.NotFound);
            http.Zip(answers[0].Answers).ShouldAllBe(pair => pair.First == pair.Second);
        }

        new Frame(answers[0].Frames[0]).ShouldBeError("channel_not_found");
        answers[0].Answers[0].ShouldBeProblem(HttpStatusCode.NotFound, "channel_not_found");
        await offender.SendTextAsync(Json.Write(new { op = "delivered", channel = group, id = "1" }));
        await offender.SettleAsync();
        (await Api.ReadAllAsync(people[1], group)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Repeated_and_unknown_members_are_borne()
    {
        var client = await ConnectAsync(await MeetAsync("sender"));

        await client.SendTextAsync("""{"x":1,"op":"nonsense","y":{"op":"send"},"op":"heartbeat","ref":"a","ref":"b","z":[[]]}""");

        (await client.ReplyAsync("b")).ShouldBeOk();
    }

    private async Task<string> ChannelOfAsync(Person person) =>
        (await Api.GetAsync("/v1/channels", person.Token)).Json.Array("channels")[0].String("id");
}
