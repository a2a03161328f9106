using System.Net;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Processes;
using ChatAkka.EndToEnd.Tests.Harness.Waiting;
using ChatAkka.Tests.Processes;

namespace ChatAkka.EndToEnd.Tests.Delivery;

/// <summary>A store that can't be written makes sends fail, never an ok that isn't true (P1, P6).</summary>
public sealed class FullStoreTests : EndToEndTest
{
    [SkippableFact]
    public async Task Full_store_refuses_sends_says_so_serves_reading_and_recovers()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Limits the size of the server's files with prlimit(2), which only Linux has; run it there.");
        // Without the trap the limit's signal would end the process instead of failing the write.
        var server = await StartServerAsync(ServerSettings.Unlimited with { Preparation = "trap '' XFSZ" });
        var people = await MeetAsync("anna", "ben");
        var (anna, ben) = (await ConnectAsync(people[0]), await ConnectAsync(people[1]));
        var first = await anna.PostToAsync(people[1].UserId, "c1", "while there was room");
        var channel = first.Json.String("channel");
        await ben.TakeMessageAsync(channel, "while there was room");

        Posix.LimitFileSize(server.Pid, 4096);

        for (var i = 0; i < 5; i++)
        {
            var refused = (await anna.TryPostAsync(channel, $"full{i}", $"no room for this {i}")).ShouldBeError("unavailable");
            refused.Json.Number("retry_ms").ShouldBeGreaterThan(0);
        }

        (await Api.PostAsync($"/v1/channels/{channel}/messages", new { client_id = "h1", text = "no room for this over http" }, people[0].Token))
            .ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
        var (status, reason) = (await ServerProcess.AskReadinessAsync(server.Address)).ShouldNotBeNull();
        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        Json.Read(reason).String("reason").ShouldNotBeEmpty();
        (await Api.GetAsync("/healthz")).ShouldBe(HttpStatusCode.OK);
        (await Api.ReadAllAsync(people[1], channel)).Select(m => m.String("text")).ShouldBe(["while there was room"]);
        (await ben.RequestAsync(new { op = "history", channel })).ShouldBeOk().Json.Array("messages").Length.ShouldBe(1);

        Posix.LimitFileSize(server.Pid, null);

        await Wait.UntilAsync(
            "the server is ready again", async () => await ServerProcess.AskReadinessAsync(server.Address) is (HttpStatusCode.OK, _));
        var annaAgain = anna.Closed.IsCompleted ? await ConnectAsync(people[0]) : anna;
        var benAgain = ben.Closed.IsCompleted ? await ConnectAsync(people[1]) : ben;
        for (var i = 0; i < 5; i++)
        {
            (await annaAgain.PostAsync(channel, $"full{i}", $"no room for this {i}")).Id.ShouldBe(first.Id + 1 + i);
        }

        await benAgain.TakeMessageAsync(channel, "no room for this 4");
        (await Api.ReadAllAsync(people[1], channel)).Count.ShouldBe(6, "nothing that was refused had been stored");
    }

    [SkippableFact]
    public async Task Full_store_under_load_acknowledges_only_what_it_keeps()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Limits the size of the server's files with prlimit(2), which only Linux has; run it there.");
        var server = await StartServerAsync(ServerSettings.Unlimited with { Preparation = "trap '' XFSZ" });
        var people = await MeetAsync("anna", "ben");
        var anna = await ConnectAsync(people[0]);
        var channel = (await anna.PostToAsync(people[1].UserId, "c0", "the first message")).Json.String("channel");
        List<(string Text, string Reference)> sent = [];
        for (var i = 1; i <= 400; i++)
        {
            if (i == 200)
            {
                Posix.LimitFileSize(server.Pid, 4096);
            }

            var text = $"message number {i}";
            sent.Add((text, await anna.BeginPostAsync(channel, $"c{i}", text)));
        }

        Dictionary<string, long> acknowledged = [];
        var refused = 0;
        foreach (var (text, reference) in sent)
        {
            var reply = await anna.ReplyAsync(reference);
            if (reply.Op == "ok")
            {
                acknowledged[text] = reply.Id;
            }
            else
            {
                reply.Code.ShouldBeOneOf("unavailable", "busy");
                refused++;
            }
        }

        refused.ShouldBeGreaterThan(0);
        await server.KillAsync();
        await server.StartAgainAsync();
        var stored = (await Api.ReadAllAsync(people[1], channel)).ToDictionary(m => m.String("text"), m => m.Id());
        acknowledged.Where(a => !stored.TryGetValue(a.Key, out var id) || id != a.Value).ShouldBeEmpty();
        stored.Values.Order().ShouldBe(Enumerable.Range(2, stored.Count).Select(i => (long)i));
    }
}
