using System.Net;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;

namespace ChatAkka.EndToEnd.Tests.Delivery;

/// <summary>No access without membership (P7).</summary>
public sealed class MembershipTests(ServerFixture fixture) : EndToEndTest(fixture), IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Removed_member_gets_removed_and_nothing_that_was_posted_after()
    {
        var people = await MeetAsync("owner", "ben", "cora");
        var group = await Api.CreateGroupAsync(people[0], "group", people[1], people[2]);
        var (owner, ben, cora) = (await ConnectAsync(people[0]), await ConnectAsync(people[1]), await ConnectAsync(people[2]));
        await owner.PostAsync(group, "c1", "all may read this");
        await cora.TakeMessageAsync(group, "all may read this");

        (await Api.RemoveMemberAsync(group, people[2], people[0])).ShouldSucceed();
        await owner.PostAsync(group, "c2", "only members may read this");
        await ben.TakeMessageAsync(group, "only members may read this");

        await cora.TakeAsync("removed", f => f.Op == "channel" && f.Json.Has("removed"));
        await cora.SettleAsync();
        var frames = cora.Received.SkipWhile(f => f.Op != "channel" || !f.Json.Has("removed")).Skip(1);
        frames.ShouldAllBe(f => f.Op == "ok");
        cora.Received.ShouldNotContain(f => f.Text.Contains("only members may read this"));
        await cora.CloseAsync();
        var again = await ConnectAsync(people[2], new Dictionary<string, string> { [group] = "0" });
        again.Syncs.ShouldBeEmpty();
        (await again.RequestAsync(new { op = "history", channel = group })).ShouldBeError("channel_not_found");
        (await Api.GetAsync($"/v1/channels/{group}/messages", people[2].Token)).ShouldBeProblem(HttpStatusCode.NotFound, "channel_not_found");
        (await Api.GetAsync("/v1/channels", people[2].Token)).Json.Array("channels").ShouldBeEmpty();
    }

    [Fact]
    public async Task Member_added_again_starts_at_the_second_joining()
    {
        var people = await MeetAsync("owner", "ben");
        var group = await Api.CreateGroupAsync(people[0], "group", people[1]);
        await (await ConnectAsync(people[1])).CloseAsync();
        var owner = await ConnectAsync(people[0]);
        (await Api.RemoveMemberAsync(group, people[1], people[0])).ShouldSucceed();
        await owner.PostAsync(group, "c1", "while ben was away");
        (await Api.AddMemberAsync(group, people[1], people[0])).ShouldSucceed();

        var ben = await ConnectAsync(people[1]);

        ben.Syncs.ShouldHaveSingleItem().Json.Array("events").Select(e => e.String("type")).ShouldBe(["member_added"]);
        await owner.PostAsync(group, "c2", "welcome back");
        await ben.TakeMessageAsync(group, "welcome back");
    }

    [Fact]
    public async Task Member_who_comes_and_goes_in_a_busy_group_sees_what_was_posted_in_between_and_nothing_else()
    {
        var people = await MeetAsync("owner", "guest");
        var group = await Api.CreateGroupAsync(people[0], "group");
        var (owner, guest) = (await ConnectAsync(people[0]), await ConnectAsync(people[1]));
        using var end = new CancellationTokenSource();
        var posting = PostAsync();

        for (var i = 0; i < 10; i++)
        {
            (await Api.AddMemberAsync(group, people[1], people[0])).ShouldBe(HttpStatusCode.OK);
            (await Api.RemoveMemberAsync(group, people[1], people[0])).ShouldSucceed();
        }

        await end.CancelAsync();
        await posting;
        for (var i = 0; i < 10; i++)
        {
            await guest.TakeAsync("a removal", f => f.Op == "channel" && f.Json.Has("removed"));
        }

        await guest.SettleAsync();
        var (isMember, added, last) = (false, 0L, 0L);
        foreach (var frame in guest.Received.Where(f => f.Op is "channel" or "event"))
        {
            if (frame.Op == "channel")
            {
                isMember = frame.Json.Has("channel");
                (added, last) = (0, 0);
                continue;
            }

            isMember.ShouldBeTrue($"an event outside of membership: {frame}");
            added = added == 0 ? frame.Id : added;
            (last == 0 || frame.Id == last + 1).ShouldBeTrue($"a gap before {frame}");
            last = frame.Id;
            if (frame.Id == added)
            {
                frame.Json.String("type").ShouldBe("member_added");
            }
        }

        isMember.ShouldBeFalse();

        async Task PostAsync()
        {
            for (var i = 0; !end.IsCancellationRequested; i++)
            {
                await owner.PostAsync(group, $"c{i}", $"busy {i}");
            }
        }
    }

    [Fact]
    public async Task Owner_who_leaves_hands_the_group_over()
    {
        var people = await MeetAsync("owner", "ben", "cora");
        var group = await Api.CreateGroupAsync(people[0], "group", people[1], people[2]);

        (await Api.RemoveMemberAsync(group, people[0], people[0])).ShouldSucceed();

        (await Api.RenameAsync(group, "ours now", people[1])).ShouldSucceed();
    }
}
