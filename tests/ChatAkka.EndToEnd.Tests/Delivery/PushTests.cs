using System.Net;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Processes;
using ChatAkka.EndToEnd.Tests.Harness.Waiting;

namespace ChatAkka.EndToEnd.Tests.Delivery;

/// <summary>Pushes to users who aren't there: one a channel until they return, none lost and none doubled by a crash.</summary>
public sealed class PushTests : EndToEndTest
{
    private readonly WebhookReceiver _webhook = new();

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _webhook.DisposeAsync();
    }

    [Fact]
    public async Task Absent_user_is_told_once_a_channel_until_they_return()
    {
        await StartServerAsync(_webhook.Configure(ServerSettings.Unlimited));
        var people = await MeetAsync("anna", "ben");
        var anna = await ConnectAsync(people[0]);
        var first = await anna.PostToAsync(people[1].UserId, "c1", "are you there?");
        var channel = first.Json.String("channel");

        var push = (await _webhook.TakeAsync(1))[0].Body;
        push.String("user").ShouldBe(people[1].UserId);
        push.String("channel").ShouldBe(channel);
        push.String("message_id").ShouldBe(first.Json.String("id"));
        push.Number("count").ShouldBe(1);
        push.GetRawText().ShouldContain("are you there?");

        await anna.PostAsync(channel, "c2", "hello?");
        var ben = await ConnectAsync(people[1]);
        ben.SyncedTexts(channel).ShouldContain("hello?");
        await ben.DeliveredAsync(channel, first.Id + 1);
        await anna.PostAsync(channel, "c3", "while he is there");
        await ben.TakeMessageAsync(channel, "while he is there");
        await ben.DeliveredAsync(channel, first.Id + 2);
        await ben.CloseAsync();
        await anna.PostAsync(channel, "c4", "while he is away again");

        var pushes = await _webhook.TakeAsync(2);
        pushes.Count.ShouldBe(2);
        pushes[1].Body.String("message_id").ShouldBe((first.Id + 3).ToString());
        pushes[1].Body.Number("count").ShouldBe(4, "nothing was read");
    }

    [Fact]
    public async Task Muted_channel_tells_nothing()
    {
        await StartServerAsync(_webhook.Configure(ServerSettings.Unlimited));
        var people = await MeetAsync("anna", "ben", "cora");
        var group = await Api.CreateGroupAsync(people[0], "group", people[1], people[2]);
        (await Api.PutAsync($"/v1/channels/{group}/mute", people[1].Token)).ShouldBe(HttpStatusCode.NoContent);
        (await Api.PutAsync("/v1/channels/77/mute", people[1].Token)).ShouldBeProblem(HttpStatusCode.NotFound, "channel_not_found");

        await Api.PostMessageAsync(people[0], group, "c1", "to all");
        await _webhook.TakeAsync(1);
        (await Api.DeleteAsync($"/v1/channels/{group}/mute", people[1].Token)).ShouldBe(HttpStatusCode.NoContent);
        await Api.PostMessageAsync(people[0], group, "c2", "to all again");

        (await _webhook.TakeAsync(2)).Select(push => push.Body.String("user")).ShouldBe([people[2].UserId, people[1].UserId]);
    }

    [Fact]
    public async Task Crash_between_message_and_push_loses_none_and_doubles_none()
    {
        const int recipients = 60;
        var server = await StartServerAsync(_webhook.Configure(ServerSettings.Unlimited));
        var sender = await MeetAsync("sender");
        var absent = await MeetAsync([.. Enumerable.Range(0, recipients).Select(i => $"absent{i}")]);
        List<string> acknowledged = [];
        for (var round = 0; round < 3; round++)
        {
            var client = await ConnectAsync(sender);
            var sends = absent.Skip(round * recipients / 3).Take(recipients / 3)
                .Select(async person => (await client.PostToAsync(person.UserId, $"c{person.UserId}", "hello")).ShouldBeOk() is not null ? person.UserId : "")
                .ToList();
            var half = Task.WhenAll(sends.Take(sends.Count / 2));
            acknowledged.AddRange(await half);
            await server.RestartAsync();
            foreach (var send in sends.Skip(sends.Count / 2))
            {
                try
                {
                    acknowledged.Add(await send);
                }
                catch (Exception)
                {
                    // Killed before it was answered: it may or may not have been stored.
                }
            }
        }

        await Wait.UntilAsync(
            "a push for every acknowledged message", () => acknowledged.Except(_webhook.All.Select(push => push.Body.String("user"))).Any() is false, TimeSpan.FromSeconds(60));
        foreach (var user in _webhook.All.GroupBy(push => push.Body.String("user")))
        {
            user.Select(push => push.Delivery).Distinct().Count().ShouldBe(1, "a repeat has the delivery id of the first");
        }
    }

    [Fact]
    public async Task User_who_was_connected_at_a_crash_is_told_of_what_no_device_has()
    {
        var server = await StartServerAsync(_webhook.Configure(ServerSettings.Unlimited));
        var people = await MeetAsync("anna", "ben");
        var (anna, ben) = (await ConnectAsync(people[0]), await ConnectAsync(people[1]));
        var sent = await anna.PostToAsync(people[1].UserId, "c1", "hello");
        await ben.TakeMessageAsync(sent.Json.String("channel"), "hello");
        _webhook.All.ShouldBeEmpty();

        await server.RestartAsync();

        var push = (await _webhook.TakeAsync(1, TimeSpan.FromSeconds(90)))[0].Body;
        push.String("user").ShouldBe(people[1].UserId);
    }
}
