using System.Net;
using System.Text.Json;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;

namespace ChatAkka.EndToEnd.Tests.HappyPath;

/// <summary>Edits, deletions, reactions, replies, mentions and typing, from frame to page.</summary>
public sealed class AnnotationTests(ServerFixture fixture) : EndToEndTest(fixture), IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Edit_reaches_everyone_as_an_event_and_pages_show_the_new_text()
    {
        var (people, group, clients) = await TalkAsync();
        var sent = await clients[0].PostAsync(group, "c1", "helo");

        var ok = await EditAsync(clients[0], group, sent.Id, "hello");

        foreach (var client in clients)
        {
            var edited = await client.TakeEventAsync(group, "edited");
            edited.Id.ShouldBe(ok.Id);
            edited.Json.String("target").ShouldBe(sent.Json.String("id"));
            edited.Json.String("text").ShouldBe("hello");
        }

        var message = (await Api.ReadAllAsync(people[1], group)).ShouldHaveSingleItem();
        message.String("text").ShouldBe("hello");
        message.Number("edited_at").ShouldBeGreaterThanOrEqualTo(message.Number("at"));
        var overSocket = (await clients[1].RequestAsync(new { op = "history", channel = group })).ShouldBeOk().Json.Array("messages");
        overSocket.ShouldHaveSingleItem().GetRawText().ShouldBe(message.GetRawText());
        (await Api.GetAsync("/v1/channels", people[2].Token)).Json.Array("channels")[0].Member("last_message").String("text").ShouldBe("hello");
    }

    [Fact]
    public async Task Deleted_message_keeps_its_place_and_nothing_else()
    {
        var (people, group, clients) = await TalkAsync();
        var sent = await clients[1].PostAsync(group, "c1", "secret");
        await RequestAsync(clients[2], "react", group, sent.Id, "👀");

        await RequestAsync(clients[0], "delete", group, sent.Id);

        (await clients[2].TakeEventAsync(group, "deleted")).Json.String("target").ShouldBe(sent.Json.String("id"));
        var message = (await Api.ReadAllAsync(people[1], group)).ShouldHaveSingleItem();
        message.Id().ShouldBe(sent.Id);
        message.String("text").ShouldBe("");
        message.Bool("deleted").ShouldBeTrue();
        message.Has("reactions").ShouldBeFalse();
    }

    [Fact]
    public async Task Reactions_come_and_go()
    {
        var (people, group, clients) = await TalkAsync();
        var sent = await clients[0].PostAsync(group, "c1", "lunch?");

        await RequestAsync(clients[1], "react", group, sent.Id, "👍");
        await RequestAsync(clients[2], "react", group, sent.Id, "👍");
        await RequestAsync(clients[2], "react", group, sent.Id, "🍜");
        await RequestAsync(clients[1], "unreact", group, sent.Id, "👍");

        (await clients[0].TakeEventAsync(group, "reacted")).Json.String("emoji").ShouldBe("👍");
        (await clients[0].TakeEventAsync(group, "unreacted")).Json.String("from").ShouldBe(people[1].UserId);
        var reactions = (await Api.ReadAllAsync(people[0], group)).ShouldHaveSingleItem().Array("reactions");
        reactions.Select(r => $"{r.String("emoji")} {string.Join(',', r.Array("users").Select(u => u.GetString()))}")
            .ShouldBe([$"👍 {people[2].UserId}", $"🍜 {people[2].UserId}"]);
    }

    [Fact]
    public async Task Repeated_annotation_is_answered_with_the_first_and_creates_nothing()
    {
        var (_, group, clients) = await TalkAsync();
        var sent = await clients[0].PostAsync(group, "c1", "one");

        var edit = await EditAsync(clients[0], group, sent.Id, "two");
        (await EditAsync(clients[0], group, sent.Id, "two")).Id.ShouldBe(edit.Id);
        var react = await RequestAsync(clients[1], "react", group, sent.Id, "👍");
        (await RequestAsync(clients[1], "react", group, sent.Id, "👍")).Id.ShouldBe(react.Id);
        var delete = await RequestAsync(clients[0], "delete", group, sent.Id);
        (await RequestAsync(clients[0], "delete", group, sent.Id)).Id.ShouldBe(delete.Id);
        (await clients[0].PostAsync(group, "c2", "three")).Id.ShouldBe(delete.Id + 1);
    }

    [Fact]
    public async Task Annotation_of_what_is_not_ones_own_or_not_there_is_refused()
    {
        var (people, group, clients) = await TalkAsync();
        var stranger = await ConnectAsync(await MeetAsync("stranger"));
        var sent = await clients[0].PostAsync(group, "c1", "mine");

        (await TryEditAsync(clients[1], group, sent.Id, "yours")).ShouldBeError("not_allowed");
        (await TryAsync(clients[1], "delete", group, sent.Id)).ShouldBeError("not_allowed");
        (await TryEditAsync(clients[0], group, 1, "x")).ShouldBeError("message_not_found");
        (await TryEditAsync(clients[0], group, 99, "x")).ShouldBeError("message_not_found");
        (await TryAsync(clients[1], "unreact", group, sent.Id, "👍")).ShouldBeError("message_not_found");
        (await TryEditAsync(clients[0], group, sent.Id, "")).ShouldBeError("text_empty");
        (await TryEditAsync(clients[0], group, sent.Id, new string('x', 100_001))).ShouldBeError("text_too_long");
        (await TryEditAsync(clients[0], group, sent.Id, "a\0b")).ShouldBeError("text_invalid");
        (await TryAsync(clients[0], "react", group, sent.Id, "not an emoji")).ShouldBeError("bad_request");
        (await TryAsync(stranger, "react", group, sent.Id, "👍")).ShouldBeError("channel_not_found");
        (await Api.ReadAllAsync(people[0], group)).ShouldHaveSingleItem().String("text").ShouldBe("mine");
    }

    [Fact]
    public async Task Page_far_back_shows_what_was_edited_just_now()
    {
        var (people, group, clients) = await TalkAsync();
        var first = await clients[0].PostAsync(group, "c0", "first");
        for (var i = 1; i <= 300; i++)
        {
            await clients[i % 3].BeginPostAsync(group, $"c{i}", $"message {i}");
        }

        await clients[0].SettleAsync();
        await EditAsync(clients[0], group, first.Id, "first, edited");

        var page = (await Api.GetAsync($"/v1/channels/{group}/messages?after=0&limit=3", people[2].Token)).ShouldBe(HttpStatusCode.OK).Json;
        page.Array("messages")[0].String("text").ShouldBe("first, edited");
        page.Array("messages")[1].Has("edited_at").ShouldBeFalse();
    }

    [Fact]
    public async Task Annotations_missed_are_synced_in_order()
    {
        var (people, group, clients) = await TalkAsync();
        var sent = await clients[0].PostAsync(group, "c1", "one");
        await clients[1].TakeMessageAsync(group, "one");
        await clients[1].DeliveredAsync(group, sent.Id);
        await clients[1].CloseAsync();

        await EditAsync(clients[0], group, sent.Id, "two");
        await RequestAsync(clients[2], "react", group, sent.Id, "👍");

        var back = await ConnectAsync(people[1]);
        back.Syncs.ShouldHaveSingleItem().Json.Array("events").Select(e => e.String("type")).ShouldBe(["edited", "reacted"]);
    }

    [Fact]
    public async Task Reply_and_mentions_are_carried()
    {
        var (people, group, clients) = await TalkAsync();
        var sent = await clients[0].PostAsync(group, "c1", "who comes?");

        (await clients[1].RequestAsync(
            new { op = "send", channel = group, client_id = "c2", text = "me", reply_to = sent.Id.ToString(), mentions = new[] { people[0].UserId, "77" } })).ShouldBeOk();

        var reply = (await clients[0].TakeMessageAsync(group, "me")).Json;
        reply.String("reply_to").ShouldBe(sent.Id.ToString());
        reply.Array("mentions").Select(u => u.GetString()).ShouldBe([people[0].UserId]);
    }

    [Fact]
    public async Task Typing_is_seen_by_the_others_only()
    {
        var (people, group, clients) = await TalkAsync();
        var stranger = await ConnectAsync(await MeetAsync("stranger"));
        var laptop = await ConnectAsync(At(people[0], "laptop"));

        await clients[0].SendTextAsync(Json.Write(new { op = "typing", channel = group }));
        await stranger.SendTextAsync(Json.Write(new { op = "typing", channel = group }));

        foreach (var client in clients.Skip(1))
        {
            var typing = await client.TakeAsync("typing", f => f.Op == "typing");
            (typing.Json.String("channel"), typing.Json.String("user")).ShouldBe((group, people[0].UserId));
        }

        await clients[0].PostAsync(group, "c1", "done");
        foreach (var client in (ChatClient[])[clients[0], laptop, .. clients.Skip(1)])
        {
            await client.SettleAsync();
            client.Received.Count(f => f.Op == "typing").ShouldBe(client == clients[0] || client == laptop ? 0 : 1);
        }
    }

    private static async Task<Frame> RequestAsync(ChatClient client, string op, string channel, long id, string? emoji = null) =>
        (await TryAsync(client, op, channel, id, emoji)).ShouldBeOk();

    private static Task<Frame> TryAsync(ChatClient client, string op, string channel, long id, string? emoji = null) =>
        client.RequestAsync(new { op, channel, id = id.ToString(), emoji });

    private static async Task<Frame> EditAsync(ChatClient client, string channel, long id, string text) =>
        (await TryEditAsync(client, channel, id, text)).ShouldBeOk();

    private static Task<Frame> TryEditAsync(ChatClient client, string channel, long id, string text) =>
        client.RequestAsync(new { op = "edit", channel, id = id.ToString(), text });

    // A group of three, all connected.
    private async Task<(Person[] People, string Group, ChatClient[] Clients)> TalkAsync()
    {
        var people = await MeetAsync("owner", "ben", "cora");
        var group = await Api.CreateGroupAsync(people[0], "group", people[1], people[2]);
        return (people, group, [await ConnectAsync(people[0]), await ConnectAsync(people[1]), await ConnectAsync(people[2])]);
    }
}
