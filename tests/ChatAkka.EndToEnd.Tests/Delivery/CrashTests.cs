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
        var created = await Api.PostAsync("/v1/channels", new { kind = "group", title = "group", members = new[] { user } }, owner.Token);
        var group = created.Json.Member("channel").String("id");
        var phone = await ConnectAsync(token);
        await Api.PostMessageAsync(owner, group, "c1", "before the crash");
        await phone.TakeMessageAsync(group, "before the crash");
        await phone.DeliveredAsync(group, 2);
        await phone.CloseAsync();
        await (await ConnectAsync(token)).CloseAsync();

        await server.RestartAsync();
        await Api.PostMessageAsync(owner, group, "c2", "after the crash");

        var again = await ConnectAsync(token);
        again.SyncedTexts(group).ShouldContain("after the crash");
        (await Api.LogInAsync("survivor", password)).String("user_id").ShouldBe(user);
        (await Api.GetAsync($"/v1/channels/{group}", token)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Receipt_that_was_shown_survives_a_crash()
    {
        var server = await StartServerAsync(ServerSettings.Unlimited);
        var people = await MeetAsync("anna", "ben");
        var (anna, ben) = (await ConnectAsync(people[0]), await ConnectAsync(people[1]));
        var sent = await anna.PostToAsync(people[1].UserId, "c1", "hello");
        var channel = sent.Json.String("channel");
        await ben.TakeMessageAsync(channel, "hello");
        await ben.SendTextAsync(Json.Write(new { op = "read", channel, id = sent.Id.ToString() }));
        await anna.TakeAsync("the receipt", f => f.Op == "receipt" && f.Json.Has("read"));

        await server.RestartAsync();

        var shown = (await Api.GetAsync($"/v1/channels/{channel}", people[0].Token)).ShouldBe(HttpStatusCode.OK).Json.Member("channel");
        var member = shown.Array("members").Single(m => m.String("user") == people[1].UserId);
        (member.Id("delivered"), member.Id("read")).ShouldBe((sent.Id, sent.Id));
        (await Api.GetAsync($"/v1/channels/{channel}", people[1].Token)).Json.Member("channel").Number("unread").ShouldBe(0);
    }

    [Fact]
    public async Task Membership_that_was_acknowledged_survives_a_crash_on_both_sides()
    {
        var server = await StartServerAsync(ServerSettings.Unlimited);
        var people = await MeetAsync("owner", "ben", "cora");
        for (var i = 0; i < 3; i++)
        {
            var group = await Api.CreateGroupAsync(people[0], $"group {i}", people[1]);
            (await Api.AddMemberAsync(group, people[2], people[0])).Status.ShouldBe(HttpStatusCode.OK);
            (await Api.RemoveMemberAsync(group, people[1], people[1])).Status.ShouldBe(HttpStatusCode.NoContent);
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
}
