using System.Net;
using System.Text.Json;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;

namespace ChatAkka.EndToEnd.Tests.HappyPath;

/// <summary>Who is there, and who may know.</summary>
public sealed class PresenceTests(ServerFixture fixture) : EndToEndTest(fixture), IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Watcher_sees_a_fellow_member_come()
    {
        var people = await MeetAsync("ann", "ben");
        await Api.CreateGroupAsync(people[0], "group", people[1]);
        var ann = await ConnectAsync(people[0]);

        var before = (await WatchAsync(ann, people[1])).ShouldHaveSingleItem();
        (before.String("user"), before.String("status")).ShouldBe((people[1].UserId, "offline"));
        before.Has("last_active_at").ShouldBeFalse();
        await ConnectAsync(people[1]);

        var came = await TakePresenceAsync(ann, people[1], "online");
        came.Number("last_active_at").ShouldBeGreaterThan(0);
        (await WatchAsync(ann, people[1])).ShouldHaveSingleItem().String("status").ShouldBe("online");
    }

    [Fact]
    public async Task Disconnect_is_not_yet_away()
    {
        var people = await MeetAsync("ann", "ben");
        await Api.OpenDirectAsync(people[0], people[1].UserId);
        var (ann, ben) = (await ConnectAsync(people[0]), await ConnectAsync(people[1]));
        ben.Reset();
        await ben.ClosedAsync();

        (await WatchAsync(ann, people[1])).ShouldHaveSingleItem().String("status").ShouldBe("online");
        await ConnectAsync(people[1]);
        (await WatchAsync(ann, people[1])).ShouldHaveSingleItem().String("status").ShouldBe("online");
        ann.Received.ShouldNotContain(f => f.Op == "presence" && f.Json.String("status") == "offline");
    }

    [Fact]
    public async Task Log_out_of_the_last_device_is_away_at_once()
    {
        var watcher = await MeetAsync("ann");
        var user = await Api.SignUpAsync("leaver.of.presence", "correct horse battery");
        const string name = "leaver.of.presence";
        var (phone, laptop) = ((await Api.LogInAsync(name, "correct horse battery")).String("token"), (await Api.LogInAsync(name, "correct horse battery")).String("token"));
        await Api.OpenDirectAsync(watcher, user);
        var ann = await ConnectAsync(watcher);
        await ConnectAsync(phone);
        await ConnectAsync(laptop);
        (await ann.RequestAsync(new { op = "watch", users = new[] { user } })).ShouldBeOk();

        (await Api.DeleteAsync("/v1/sessions/current", phone)).ShouldBe(HttpStatusCode.NoContent);
        (await ann.RequestAsync(new { op = "watch", users = new[] { user } })).ShouldBeOk().Json.Array("presence")[0].String("status").ShouldBe("online");
        (await Api.DeleteAsync("/v1/sessions/current", laptop)).ShouldBe(HttpStatusCode.NoContent);

        await ann.TakeAsync("away", f => f.Op == "presence" && f.Json.String("user") == user && f.Json.String("status") == "offline", TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Strangers_and_those_who_have_blocked_are_not_shown()
    {
        var people = await MeetAsync("ann", "stranger", "friend", "enemy");
        var ann = await ConnectAsync(people[0]);
        await BefriendAsync(people[0], people[2]);
        await Api.OpenDirectAsync(people[0], people[3].UserId);
        (await Api.PutAsync($"/v1/blocks/{people[0].UserId}", people[3].Token)).ShouldBe(HttpStatusCode.NoContent);

        var shown = await WatchAsync(ann, people[1], people[2], people[3]);

        shown.Select(p => p.String("user")).ShouldBe([people[2].UserId]);
        await ConnectAsync(people[1]);
        await ConnectAsync(people[3]);
        await ConnectAsync(people[2]);
        await TakePresenceAsync(ann, people[2], "online");
        ann.Received.Count(f => f.Op == "presence").ShouldBe(1);
    }

    [Fact]
    public async Task Watch_ends_with_the_friendship_and_begins_with_it()
    {
        var people = await MeetAsync("ann", "ben", "witness");
        var ann = await ConnectAsync(people[0]);
        await BefriendAsync(people[0], people[2]);
        (await WatchAsync(ann, people[1], people[2])).Select(p => p.String("user")).ShouldBe([people[2].UserId]);

        await BefriendAsync(people[0], people[1]);
        await TakePresenceAsync(ann, people[1], "offline");
        (await Api.DeleteAsync($"/v1/friends/{people[1].UserId}", people[0].Token)).ShouldBe(HttpStatusCode.OK);
        await ann.SettleAsync();
        await WatchedAgainAsync(ann, people[2]);
        var seen = ann.Received.Count(f => f.Op == "presence" && f.Json.String("user") == people[1].UserId);
        await ConnectAsync(people[1]);
        await ConnectAsync(people[2]);
        await TakePresenceAsync(ann, people[2], "online");
        ann.Received.Count(f => f.Op == "presence" && f.Json.String("user") == people[1].UserId).ShouldBe(seen);
    }

    [Fact]
    public async Task Member_who_leaves_is_not_watched_any_more()
    {
        var people = await MeetAsync("ann", "ben", "cora");
        var group = await Api.CreateGroupAsync(people[0], "group", people[1], people[2]);
        var ann = await ConnectAsync(people[0]);
        (await WatchAsync(ann, people[1], people[2])).Count.ShouldBe(2);

        (await Api.RemoveMemberAsync(group, people[1], people[1])).ShouldSucceed();
        await ann.TakeEventAsync(group, "member_removed");
        await WatchedAgainAsync(ann, people[2]);
        await ConnectAsync(people[1]);
        await ConnectAsync(people[2]);

        await TakePresenceAsync(ann, people[2], "online");
        ann.Received.ShouldNotContain(f => f.Op == "presence" && f.Json.String("user") == people[1].UserId);
    }

    [Fact]
    public async Task Watch_of_nonsense_or_too_many_is_refused()
    {
        var ann = await ConnectAsync(await MeetAsync("ann"));

        (await ann.RequestAsync(new { op = "watch", users = new[] { "nonsense" } })).ShouldBeError("bad_request");
        (await ann.RequestAsync(new { op = "watch", users = Enumerable.Range(1, 501).Select(i => i.ToString()) })).ShouldBeError("bad_request");
        (await ann.RequestAsync(new { op = "watch", users = Array.Empty<string>() })).ShouldBeOk().Json.Array("presence").ShouldBeEmpty();
    }

    [Fact]
    public async Task Blocked_user_can_not_send_from_the_moment_of_the_block_on()
    {
        var people = await MeetAsync("ann", "ben");
        var (ann, ben) = (await ConnectAsync(people[0]), await ConnectAsync(people[1]));
        var channel = (await ann.PostToAsync(people[1].UserId, "c1", "hello")).Json.String("channel");

        (await Api.PutAsync($"/v1/blocks/{people[0].UserId}", people[1].Token)).ShouldBe(HttpStatusCode.NoContent);

        (await ann.TryPostAsync(channel, "c2", "hello?")).ShouldBeError("blocked");
        (await ann.TryPostToAsync(people[1].UserId, "c3", "hello?")).ShouldBeError("blocked");
        (await Api.OpenDirectAsync(people[0], people[1].UserId)).ShouldBeProblem(HttpStatusCode.Forbidden, "blocked");
        await ben.PostAsync(channel, "c1", "I can");
        (await Api.DeleteAsync($"/v1/blocks/{people[0].UserId}", people[1].Token)).ShouldBe(HttpStatusCode.NoContent);
        await ann.PostAsync(channel, "c4", "thank you");
    }

    // The server asks again for whom may be watched after a change; a watch of one's own comes after that in the same row.
    private static Task WatchedAgainAsync(ChatClient client, params Person[] people) => WatchAsync(client, people);

    private static async Task<IReadOnlyList<JsonElement>> WatchAsync(ChatClient client, params Person[] people) =>
        [.. (await client.RequestAsync(new { op = "watch", users = people.Select(p => p.UserId) })).ShouldBeOk().Json.Array("presence")];

    private static async Task<JsonElement> TakePresenceAsync(ChatClient client, Person person, string status) =>
        (await client.TakeAsync(
            $"{person.Subject} is {status}", f => f.Op == "presence" && f.Json.String("user") == person.UserId && f.Json.String("status") == status)).Json;

    private async Task BefriendAsync(Person one, Person other)
    {
        (await Api.PutAsync($"/v1/friends/{other.UserId}", one.Token)).ShouldBe(HttpStatusCode.OK);
        (await Api.PutAsync($"/v1/friends/{one.UserId}", other.Token)).Json.String("state").ShouldBe("friends");
    }
}
