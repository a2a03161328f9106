using System.Net;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;

namespace ChatAkka.EndToEnd.Tests.HappyPath;

public sealed class GroupTests(ServerFixture fixture) : EndToEndTest(fixture), IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Created_group_appears_at_every_member_and_carries_messages_to_all()
    {
        var people = await MeetAsync("owner", "ben", "cora");
        var clients = new[] { await ConnectAsync(people[0]), await ConnectAsync(people[1]), await ConnectAsync(people[2]) };

        var group = await Api.CreateGroupAsync(people[0], "점심 🍜", people[1], people[2]);

        foreach (var client in clients)
        {
            var appeared = (await TakeAppearedAsync(client, group)).Json.Member("channel");
            appeared.String("kind").ShouldBe("group");
            appeared.String("title").ShouldBe("점심 🍜");
            appeared.Number("member_count").ShouldBe(3);
        }

        var sent = await clients[1].PostAsync(group, "c1", "who is hungry?");
        (await clients[0].TakeMessageAsync(group, "who is hungry?")).Id.ShouldBe(sent.Id);
        (await clients[2].TakeMessageAsync(group, "who is hungry?")).Json.String("from").ShouldBe(people[1].UserId);
    }

    [Fact]
    public async Task Added_member_sees_the_group_appear_and_the_others_the_event()
    {
        var people = await MeetAsync("owner", "ben", "cora");
        var group = await Api.CreateGroupAsync(people[0], "group", people[1]);
        var (ben, cora) = (await ConnectAsync(people[1]), await ConnectAsync(people[2]));

        (await Api.AddMemberAsync(group, people[2], people[0])).ShouldSucceed();

        var added = await ben.TakeEventAsync(group, "member_added");
        added.Json.String("user").ShouldBe(people[2].UserId);
        added.Json.String("from").ShouldBe(people[0].UserId);
        added.Json.String("role").ShouldBe("member");
        await TakeAppearedAsync(cora, group);
        (await cora.TakeEventAsync(group, "member_added")).Id.ShouldBe(added.Id);
        await cora.PostAsync(group, "c1", "thank you for adding me");
        await ben.TakeMessageAsync(group, "thank you for adding me");
    }

    [Fact]
    public async Task Removed_member_loses_the_group_and_the_others_see_the_event()
    {
        var people = await MeetAsync("owner", "ben", "cora");
        var group = await Api.CreateGroupAsync(people[0], "group", people[1], people[2]);
        var (ben, cora) = (await ConnectAsync(people[1]), await ConnectAsync(people[2]));

        (await Api.RemoveMemberAsync(group, people[2], people[0])).ShouldSucceed();

        await TakeRemovedAsync(cora, group);
        (await ben.TakeEventAsync(group, "member_removed")).Json.String("user").ShouldBe(people[2].UserId);
        (await cora.TryPostAsync(group, "c1", "let me in again")).ShouldBeError("channel_not_found");
        (await Api.GetAsync($"/v1/channels/{group}", people[2].Token)).ShouldBeProblem(HttpStatusCode.NotFound, "channel_not_found");
    }

    [Fact]
    public async Task Leaving_member_loses_the_group_on_every_device()
    {
        var people = await MeetAsync("owner", "ben");
        var group = await Api.CreateGroupAsync(people[0], "group", people[1]);
        var (phone, laptop) = (await ConnectAsync(people[1]), await ConnectAsync(At(people[1], "laptop")));

        (await Api.RemoveMemberAsync(group, people[1], people[1])).ShouldSucceed();

        await TakeRemovedAsync(phone, group);
        await TakeRemovedAsync(laptop, group);
    }

    [Fact]
    public async Task New_title_reaches_everyone()
    {
        var people = await MeetAsync("owner", "ben");
        var group = await Api.CreateGroupAsync(people[0], "old title", people[1]);
        var ben = await ConnectAsync(people[1]);

        (await Api.RenameAsync(group, "new title", people[0])).ShouldSucceed();

        (await ben.TakeEventAsync(group, "titled")).Json.String("title").ShouldBe("new title");
        var channel = (await Api.GetAsync($"/v1/channels/{group}", people[1].Token)).ShouldBe(HttpStatusCode.OK).Json.Member("channel");
        channel.String("title").ShouldBe("new title");
    }

    [Fact]
    public async Task Plain_member_may_not_add_remove_or_rename()
    {
        var people = await MeetAsync("owner", "ben", "cora", "dora");
        var group = await Api.CreateGroupAsync(people[0], "group", people[1], people[2]);
        var ben = people[1];

        (await Api.AddMemberAsync(group, people[3], ben)).ShouldBeProblem(HttpStatusCode.Forbidden, "not_allowed");
        (await Api.RemoveMemberAsync(group, people[2], ben)).ShouldBeProblem(HttpStatusCode.Forbidden, "not_allowed");
        (await Api.RenameAsync(group, "mine", ben)).ShouldBeProblem(HttpStatusCode.Forbidden, "not_allowed");
    }

    [Fact]
    public async Task Group_of_more_than_the_allowed_members_is_refused()
    {
        var owner = await MeetAsync("owner");
        var strangers = Enumerable.Range(1, 100).Select(i => $"{i}000000");

        (await Api.PostAsync("/v1/channels", new { kind = "group", title = "crowd", members = strangers }, owner.Token))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "group_too_large");
    }

    [Fact]
    public async Task Group_with_somebody_who_does_not_exist_is_refused()
    {
        var people = await MeetAsync("owner", "ben");

        var members = new[] { people[1].UserId, "12345" };
        (await Api.PostAsync("/v1/channels", new { kind = "group", title = "ghosts", members }, people[0].Token))
            .ShouldBeProblem(HttpStatusCode.NotFound, "user_not_found");

        (await Api.GetAsync("/v1/channels", people[1].Token)).Json.Array("channels").ShouldBeEmpty();
    }

    [Fact]
    public async Task Direct_channel_has_no_members_to_manage()
    {
        var people = await MeetAsync("anna", "ben", "cora");
        var opened = await Api.OpenDirectAsync(people[0], people[1].UserId);
        var direct = opened.Json.Member("channel").String("id");

        (await Api.AddMemberAsync(direct, people[2], people[0])).ShouldBeProblem(HttpStatusCode.Forbidden, "not_allowed");
        (await Api.RemoveMemberAsync(direct, people[0], people[0])).ShouldBeProblem(HttpStatusCode.Forbidden, "not_allowed");
        (await Api.RenameAsync(direct, "us", people[0])).ShouldBeProblem(HttpStatusCode.Forbidden, "not_allowed");
    }

    private static Task<Frame> TakeAppearedAsync(ChatClient client, string channel) =>
        client.TakeAsync(
            "the channel appears", f => f.Op == "channel" && f.Json.Has("channel") && f.Json.Member("channel").String("id") == channel);

    private static Task<Frame> TakeRemovedAsync(ChatClient client, string channel) =>
        client.TakeAsync("the channel disappears", f => f.Op == "channel" && f.Json.Has("removed") && f.Json.String("removed") == channel);
}
