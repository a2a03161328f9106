using System.Net;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Processes;
using ChatAkka.EndToEnd.Tests.Harness.Waiting;
using ChatAkka.Tests;

namespace ChatAkka.EndToEnd.Tests.Stores;

/// <summary>Nodes on PostgreSQL: they outlive a cut to it without a restart (P1), and two can't both be a channel (P6).</summary>
public sealed class PostgresTests : EndToEndTest
{
    private string? _database;
    private LinkToServer? _link;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (_link is not null)
        {
            await _link.DisposeAsync();
        }

        if (_database is not null)
        {
            await PostgresServer.DropAsync(_database);
        }
    }

    [SkippableFact]
    public async Task Everything_is_there_after_a_crash()
    {
        var server = await StartServerAsync(Settings(await CreateDatabaseAsync()));
        var people = await MeetAsync("anna", "ben");
        var (anna, ben) = (await ConnectAsync(people[0]), await ConnectAsync(people[1]));
        var first = await anna.PostToAsync(people[1].UserId, "c1", "before the crash");
        var channel = first.Json.String("channel");
        await ben.TakeMessageAsync(channel, "before the crash");
        (await anna.RequestAsync(new { op = "edit", channel, id = first.Id.ToString(), text = "edited before the crash" })).ShouldBeOk();

        await server.RestartAsync();

        var again = await ConnectAsync(people[0]);
        (await again.PostAsync(channel, "c1", "before the crash")).Json.Bool("duplicate").ShouldBeTrue();
        await again.PostAsync(channel, "c2", "after the crash");
        (await Api.ReadAllAsync(people[1], channel)).Select(m => m.String("text")).ShouldBe(["edited before the crash", "after the crash"]);
    }

    [SkippableFact]
    public async Task Node_that_is_cut_from_its_store_answers_unavailable_keeps_its_sockets_and_recovers()
    {
        _link = new LinkToServer(await CreateDatabaseAsync());
        var server = await StartServerAsync(Settings(_link.ConnectionString));
        var people = await MeetAsync("anna", "ben");
        var (anna, ben) = (await ConnectAsync(people[0]), await ConnectAsync(people[1]));
        var first = await anna.PostToAsync(people[1].UserId, "c1", "before the cut");
        var channel = first.Json.String("channel");
        await ben.TakeMessageAsync(channel, "before the cut");

        for (var round = 0; round < 3; round++)
        {
            _link.Cut();
            for (var i = 0; i < 5; i++)
            {
                var refused = (await anna.TryPostAsync(channel, $"r{round}-{i}", $"during cut {round}, number {i}")).ShouldBeError("unavailable");
                refused.Json.Number("retry_ms").ShouldBeGreaterThan(0);
            }

            (await Api.PostAsync($"/v1/channels/{channel}/messages", new { client_id = $"h{round}", text = "over http" }, people[0].Token))
                .ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
            var (status, reason) = (await ServerProcess.AskReadinessAsync(server.Address)).ShouldNotBeNull();
            status.ShouldBe(HttpStatusCode.ServiceUnavailable);
            Json.Read(reason).String("reason").ShouldStartWith("PostgreSQL can't be reached");
            (await Api.GetAsync("/healthz")).ShouldBe(HttpStatusCode.OK);

            _link.Heal();
            await Wait.UntilAsync(
                "the server is ready again", async () => await ServerProcess.AskReadinessAsync(server.Address) is (HttpStatusCode.OK, _));
            for (var i = 0; i < 5; i++)
            {
                (await anna.PostAsync(channel, $"r{round}-{i}", $"during cut {round}, number {i}")).Json.Has("duplicate").ShouldBeFalse();
            }

            await ben.TakeMessageAsync(channel, $"during cut {round}, number 4");
        }

        anna.Closed.IsCompleted.ShouldBeFalse("the sockets have stayed");
        ben.Closed.IsCompleted.ShouldBeFalse("the sockets have stayed");
        var stored = await Api.ReadAllAsync(people[1], channel);
        stored.Select(m => m.Id()).ShouldBe(Enumerable.Range((int)first.Id, 16).Select(i => (long)i));
    }

    [SkippableFact]
    public async Task Store_that_is_cut_under_load_again_and_again_has_all_that_was_acknowledged_once()
    {
        _link = new LinkToServer(await CreateDatabaseAsync());
        await StartServerAsync(Settings(_link.ConnectionString));
        var people = await MeetAsync("anna", "ben");
        var (anna, ben) = (await ConnectAsync(people[0]), await ConnectAsync(people[1]));
        var channel = (await anna.PostToAsync(people[1].UserId, "c0", "message 0")).Json.String("channel");
        Dictionary<long, string> acknowledged = [];
        for (var i = 1; i <= 200; i++)
        {
            if (i % 40 == 0)
            {
                _link.Cut();
                _link.Heal();
            }

            // As a client does: the same client id until there is an ok.
            var text = $"message {i}";
            Frame reply;
            while ((reply = await anna.TryPostAsync(channel, $"c{i}", text)).Op != "ok")
            {
                reply.ShouldBeError("unavailable");
            }

            acknowledged.Add(reply.Id, text);
        }

        await ben.TakeMessageAsync(channel, "message 200");
        var stored = (await Api.ReadAllAsync(people[1], channel)).ToDictionary(m => m.Id(), m => m.String("text"));
        stored.Remove(2).ShouldBeTrue("message 0");
        stored.OrderBy(m => m.Key).ShouldBe(acknowledged.OrderBy(m => m.Key));
        ben.Events(channel).Where(e => e.String("type") == "message").Select(e => e.String("text"))
            .ShouldBe(Enumerable.Range(0, 201).Select(i => $"message {i}"));
    }

    // No cluster is formed: each node believes that every channel and every user is its own.
    [SkippableFact]
    public async Task Two_nodes_that_believe_they_are_the_same_channel_never_both_commit()
    {
        var database = await CreateDatabaseAsync();
        var settings = Settings(database);
        var left = await StartServerAsync(settings);
        var right = await StartServerAsync(settings);
        var people = await MeetAsync("anna", "ben");
        var anna = await ConnectAsync(people[0]);
        var channel = (await anna.PostToAsync(people[1].UserId, "c0", "at first")).Json.String("channel");
        List<(long Id, string Text)> acknowledged = [(2, "at first")];
        using (var rival = new Api(right.Address, right.Log))
        {
            var outcomes = await Task.WhenAll(
                SendAllAsync(left.Api, people[0], channel, "left"), SendAllAsync(rival, people[1], channel, "right"));
            acknowledged.AddRange(outcomes.SelectMany(outcome => outcome.Acknowledged));
            outcomes.ShouldAllBe(outcome => outcome.Acknowledged.Count == 40);
            outcomes.Sum(outcome => outcome.Refused).ShouldBeGreaterThan(0, "they have met");
        }

        acknowledged.Select(m => m.Id).Order().ShouldBe(Enumerable.Range(2, 81).Select(i => (long)i), "each id was given once");
        await left.RestartAsync();
        (await Api.ReadAllAsync(people[0], channel)).Select(m => (m.Id(), m.String("text"))).ShouldBe(acknowledged.OrderBy(m => m.Id));
    }

    private static ServerSettings Settings(string database) => ServerSettings.Unlimited
        .With("Storage:Provider", "postgres").With("Storage:ConnectionString", database).With("Storage:HealthProbeIntervalMs", 50);

    private static async Task<(List<(long Id, string Text)> Acknowledged, int Refused)> SendAllAsync(Api api, Person from, string channel, string name)
    {
        List<(long Id, string Text)> acknowledged = [];
        var refused = 0;
        for (var i = 0; i < 40;)
        {
            var answer = await api.PostAsync($"/v1/channels/{channel}/messages", new { client_id = $"{name}{i}", text = $"{name} {i}" }, from.Token);
            if (answer.Status is HttpStatusCode.Created or HttpStatusCode.OK)
            {
                acknowledged.Add((answer.Json.Id(), $"{name} {i++}"));
            }
            else
            {
                answer.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
                refused++;
            }
        }

        return (acknowledged, refused);
    }

    private async Task<string> CreateDatabaseAsync() => _database = await PostgresServer.CreateDatabaseAsync();
}
