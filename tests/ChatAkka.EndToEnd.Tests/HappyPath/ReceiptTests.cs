using System.Net;
using System.Text.Json;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;

namespace ChatAkka.EndToEnd.Tests.HappyPath;

/// <summary>Delivered, read and unread, over devices.</summary>
public sealed class ReceiptTests(ServerFixture fixture) : EndToEndTest(fixture), IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Sender_learns_that_a_message_was_delivered_and_read()
    {
        var people = await MeetAsync("ann", "ben");
        var (ann, ben) = (await ConnectAsync(people[0]), await ConnectAsync(people[1]));
        var sent = await ann.PostToAsync(people[1].UserId, "c1", "hello");
        var channel = sent.Json.String("channel");

        await ben.DeliveredAsync(channel, sent.Id);
        (await TakeReceiptAsync(ann, channel, people[1], "delivered", sent.Id)).Has("read").ShouldBeFalse();
        await ReadAsync(ben, channel, sent.Id);
        await TakeReceiptAsync(ann, channel, people[1], "read", sent.Id);
    }

    [Fact]
    public async Task Read_on_one_device_is_read_on_all_connected_or_not()
    {
        var people = await MeetAsync("ann", "ben");
        var ann = await ConnectAsync(people[0]);
        var (phone, laptop) = (await ConnectAsync(people[1]), await ConnectAsync(At(people[1], "laptop")));
        await ConnectAsync(At(people[1], "tablet"));
        var sent = await ann.PostToAsync(people[1].UserId, "c1", "hello");
        var channel = sent.Json.String("channel");
        var tablet = await ConnectAsync(At(people[1], "tablet"));
        await tablet.DeliveredAsync(channel, sent.Id);
        await tablet.CloseAsync();

        await ReadAsync(phone, channel, sent.Id);

        await TakeReceiptAsync(laptop, channel, people[1], "read", sent.Id);
        await TakeReceiptAsync(phone, channel, people[1], "read", sent.Id);
        var back = await ConnectAsync(At(people[1], "tablet"));
        back.Syncs.ShouldBeEmpty();
        await TakeReceiptAsync(back, channel, people[1], "read", sent.Id);
        (await ChannelAsync(people[1], channel)).Number("unread").ShouldBe(0);
    }

    [Fact]
    public async Task Unread_counts_messages_and_nothing_else()
    {
        var people = await MeetAsync("ann", "ben");
        var group = await Api.CreateGroupAsync(people[0], "group", people[1]);
        var (ann, ben) = (await ConnectAsync(people[0]), await ConnectAsync(people[1]));
        var first = await ann.PostAsync(group, "c1", "one");
        (await ann.RequestAsync(new { op = "edit", channel = group, id = first.Id.ToString(), text = "ONE" })).ShouldBeOk();
        var second = await ann.PostAsync(group, "c2", "two");
        (await Api.RenameAsync(group, "new title", people[0])).ShouldSucceed();
        await ann.PostAsync(group, "c3", "three");

        (await ChannelAsync(people[1], group)).Number("unread").ShouldBe(3);
        await ReadAsync(ben, group, second.Id);
        await TakeReceiptAsync(ann, group, people[1], "read", second.Id);

        var channel = await ChannelAsync(people[1], group);
        (channel.Number("unread"), channel.Id("read")).ShouldBe((1, second.Id));
        await ReadAsync(ben, group, first.Id);
        await ben.SettleAsync();
        (await ChannelAsync(people[1], group)).Number("unread").ShouldBe(1);
    }

    [Fact]
    public async Task Member_added_later_has_nothing_unread_of_before()
    {
        var people = await MeetAsync("ann", "ben", "cora");
        var group = await Api.CreateGroupAsync(people[0], "group", people[1]);
        var ann = await ConnectAsync(people[0]);
        await ann.PostAsync(group, "c1", "one");
        await ann.PostAsync(group, "c2", "two");
        var cora = await ConnectAsync(people[2]);

        (await Api.AddMemberAsync(group, people[2], people[0])).ShouldSucceed();

        var appeared = (await cora.TakeAsync("the group", f => f.Op == "channel")).Json.Member("channel");
        (appeared.Number("unread"), appeared.Id("read")).ShouldBe((0, 3));
        await ann.PostAsync(group, "c3", "three");
        await cora.TakeMessageAsync(group, "three");
        (await ChannelAsync(people[2], group)).Number("unread").ShouldBe(1);
        (await ChannelAsync(people[1], group)).Number("unread").ShouldBe(3);
    }

    [Fact]
    public async Task Sync_says_what_is_read()
    {
        var people = await MeetAsync("ann", "ben");
        var ann = await ConnectAsync(people[0]);
        var ben = await ConnectAsync(people[1]);
        var first = await ann.PostToAsync(people[1].UserId, "c1", "one");
        var channel = first.Json.String("channel");
        await ben.TakeMessageAsync(channel, "one");
        await ReadAsync(ben, channel, first.Id);
        await TakeReceiptAsync(ann, channel, people[1], "read", first.Id);
        await ben.CloseAsync();
        await ann.PostAsync(channel, "c2", "two");

        var synced = (await ConnectAsync(people[1])).Syncs.ShouldHaveSingleItem().Json.Member("channel");

        (synced.Id("read"), synced.Number("unread")).ShouldBe((first.Id, 1));
    }

    [Fact]
    public async Task Receipt_of_what_is_not_there_changes_nothing()
    {
        var people = await MeetAsync("ann", "ben");
        var (ann, ben) = (await ConnectAsync(people[0]), await ConnectAsync(people[1]));
        var sent = await ann.PostToAsync(people[1].UserId, "c1", "hello");
        var channel = sent.Json.String("channel");

        await ReadAsync(ben, channel, 1_000_000);
        await ReadAsync(ben, "77", 1);
        await ReadAsync(ben, channel, sent.Id);

        await TakeReceiptAsync(ann, channel, people[1], "read", sent.Id);
        (await ChannelAsync(people[1], channel)).Id("read").ShouldBe(sent.Id);
    }

    private static Task ReadAsync(ChatClient client, string channel, long id) =>
        client.SendTextAsync(Json.Write(new { op = "read", channel, id = id.ToString() }));

    private static async Task<JsonElement> TakeReceiptAsync(ChatClient client, string channel, Person person, string cursor, long id) =>
        (await client.TakeAsync(
            $"the receipt {cursor} {id}",
            f => f.Op == "receipt" && f.Json.String("channel") == channel && f.Json.String("user") == person.UserId && f.Json.Has(cursor) && f.Json.Id(cursor) == id)).Json;

    private async Task<JsonElement> ChannelAsync(Person person, string channel) =>
        (await Api.GetAsync($"/v1/channels/{channel}", person.Token)).ShouldBe(HttpStatusCode.OK).Json.Member("channel");
}
