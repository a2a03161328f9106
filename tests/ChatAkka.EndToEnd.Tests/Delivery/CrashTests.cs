using System.Collections.Concurrent;
using System.Net;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Processes;

namespace ChatAkka.EndToEnd.Tests.Delivery;

/// <summary>kill -9 at any moment loses nothing acknowledged (P5).</summary>
public sealed class CrashTests : EndToEndTest
{
    [Fact]
    public async Task Retry_after_a_crash_returns_the_first_id()
    {
        var server = await StartServerAsync(ServerSettings.Unlimited);
        var people = await MeetAsync("anna", "ben");
        var before = await ConnectAsync(people[0]);
        var first = await before.PostToAsync(people[1].UserId, "c1", "before the crash");

        await server.RestartAsync();

        (await before.ClosedAsync()).Code.ShouldBe(1006);
        var after = await ConnectAsync(people[0]);
        var again = await after.PostToAsync(people[1].UserId, "c1", "before the crash");
        again.Id.ShouldBe(first.Id);
        again.Json.Bool("duplicate").ShouldBeTrue();
        (await after.PostToAsync(people[1].UserId, "c2", "after the crash")).Id.ShouldBe(first.Id + 1);
    }

    [Fact]
    public async Task Accounts_sessions_groups_and_cursors_survive_a_crash()
    {
        const string password = "correct horse battery";
        var server = await StartServerAsync(ServerSettings.Unlimited);
        var user = await Api.SignUpAsync("survivor", password);
        var token = (await Api.LogInAsync("survivor", password)).String("token");
        var owner = await MeetAsync("owner");
        var group = (await Api.PostAsync("/v1/channels", new { kind = "group", title = "group", members = new[] { user } }, owner.Token)).Json.Member("channel").String("id");
        var phone = await ConnectAsync(token);
        await Api.PostMessageAsync(owner, group, "c1", "before the crash");
        await phone.TakeMessageAsync(group, "before the crash");
        await phone.DeliveredAsync(group, 2);
        await phone.CloseAsync();
        await (await ConnectAsync(token)).CloseAsync();

        await server.RestartAsync();
        await Api.PostMessageAsync(owner, group, "c2", "after the crash");

        var again = await ConnectAsync(token);
        var texts = again.Syncs.SelectMany(s => s.Json.Array("events")).Where(e => e.String("type") == "message").Select(e => e.String("text")).ToArray();
        texts.ShouldContain("after the crash");
        (await Api.LogInAsync("survivor", password)).String("user_id").ShouldBe(user);
        (await Api.GetAsync($"/v1/channels/{group}", token)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Membership_that_was_acknowledged_survives_a_crash_on_both_sides()
    {
        var server = await StartServerAsync(ServerSettings.Unlimited);
        var people = await MeetAsync("owner", "ben", "cora");
        for (var i = 0; i < 3; i++)
        {
            var group = await Api.CreateGroupAsync(people[0], $"group {i}", people[1]);
            (await Api.PutAsync($"/v1/channels/{group}/members/{people[2].UserId}", people[0].Token)).Status.ShouldBe(HttpStatusCode.OK);
            (await Api.DeleteAsync($"/v1/channels/{group}/members/{people[1].UserId}", people[1].Token)).Status.ShouldBe(HttpStatusCode.NoContent);
            await server.RestartAsync();

            (await GroupsAsync(people[0])).ShouldContain(group);
            (await GroupsAsync(people[1])).ShouldNotContain(group);
            (await GroupsAsync(people[2])).ShouldContain(group);
            var cora = await ConnectAsync(people[2]);
            await cora.PostAsync(group, $"c{i}", "a member after the crash");
            (await Api.GetAsync($"/v1/channels/{group}", people[1].Token)).ShouldBeProblem(HttpStatusCode.NotFound, "channel_not_found");
        }

        async Task<IEnumerable<string>> GroupsAsync(Person person) =>
            (await Api.GetAsync("/v1/channels", person.Token)).ShouldBe(HttpStatusCode.OK).Json.Array("channels").Select(c => c.String("id"));
    }

    [Fact]
    public async Task Cursors_survive_a_graceful_stop()
    {
        var server = await StartServerAsync(ServerSettings.Unlimited);
        var people = await MeetAsync("writer", "reader");
        var group = await Api.CreateGroupAsync(people[0], "group", people[1]);
        var phone = await ConnectAsync(people[1]);
        await Api.PostMessageAsync(people[0], group, "c1", "before the stop");
        await phone.DeliveredAsync(group, (await phone.TakeMessageAsync(group, "before the stop")).Id);

        (await server.StopAsync()).ShouldBe(0);
        await server.StartAgainAsync();
        await Api.PostMessageAsync(people[0], group, "c2", "after the stop");

        var again = await ConnectAsync(people[1]);
        again.Syncs.ShouldHaveSingleItem().Json.Array("events").Select(e => e.String("text")).ShouldBe(["after the stop"]);
    }

    [Fact]
    public async Task Everything_acknowledged_survives_kills_under_load()
    {
        const int members = 6, kills = 3, inFlight = 8;
        var server = await StartServerAsync(ServerSettings.Unlimited);
        var people = await MeetAsync(Enumerable.Range(0, members).Select(i => $"p{i}").ToArray());
        var group = await Api.CreateGroupAsync(people[0], "group", people[1..]);
        var acknowledged = new ConcurrentDictionary<string, long>();
        var writers = people.Select(p => new Writer(p, group, inFlight, acknowledged)).ToArray();

        for (var life = 0; life <= kills; life++)
        {
            foreach (var writer in writers)
            {
                writer.Client = await ConnectAsync(writer.Person);
            }

            var goal = acknowledged.Count + 200 + 37 * life;
            var posting = writers.Select(w => w.PostUntilLostAsync()).ToArray();
            await Harness.Waiting.Wait.UntilAsync("messages are acknowledged", () => acknowledged.Count >= goal, TimeSpan.FromSeconds(30));
            await server.KillAsync();
            await Task.WhenAll(posting);
            await server.StartAgainAsync();
        }

        foreach (var writer in writers)
        {
            writer.Client = await ConnectAsync(writer.Person);
            await writer.RepeatUnacknowledgedAsync();
        }

        var history = await Api.ReadAllAsync(people[0], group);
        history.Select(m => m.Id()).ShouldBe(Enumerable.Range(2, history.Count).Select(i => (long)i), "ids are dense");
        var stored = history.ToDictionary(m => m.String("text"), m => m.Id());
        stored.Count.ShouldBe(history.Count, "nothing is stored twice");
        acknowledged.Where(a => !stored.TryGetValue(a.Key, out var id) || id != a.Value).ShouldBeEmpty("acknowledged, but not stored as acknowledged");
        stored.Keys.Except(acknowledged.Keys).ShouldBeEmpty("stored, but never acknowledged, even to the repeat");
    }

    private sealed class Writer(Person person, string group, int inFlight, ConcurrentDictionary<string, long> acknowledged)
    {
        private readonly Dictionary<string, string> _open = [];
        private int _last;

        public Person Person { get; } = person;

        public ChatClient Client { get; set; } = null!;

        /// <summary>First what a crash left open, then new texts, until the connection breaks.</summary>
        public async Task PostUntilLostAsync()
        {
            try
            {
                await RepeatUnacknowledgedAsync();
                while (true)
                {
                    for (var i = 0; i < inFlight; i++)
                    {
                        var id = $"c{++_last}";
                        _open[id] = $"{Person.Subject} says {id}";
                    }

                    await RepeatUnacknowledgedAsync();
                }
            }
            catch (Exception e) when (e is ConnectionLostException or System.Net.Sockets.SocketException)
            {
                // The kill.
            }
        }

        /// <summary>Sends everything open and waits for the oks.</summary>
        public async Task RepeatUnacknowledgedAsync()
        {
            List<(string Id, string Reference)> sent = [];
            foreach (var (id, text) in _open)
            {
                sent.Add((id, await Client.BeginAsync(new { op = "send", channel = group, client_id = id, text })));
            }

            foreach (var (id, reference) in sent)
            {
                var ok = (await Client.ReplyAsync(reference)).ShouldBeOk();
                acknowledged[_open[id]] = ok.Id;
                _open.Remove(id);
            }
        }
    }
}
