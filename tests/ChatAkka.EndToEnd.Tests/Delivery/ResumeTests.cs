using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Waiting;

namespace ChatAkka.EndToEnd.Tests.Delivery;

/// <summary>Every device catches up (P4).</summary>
public sealed class ResumeTests(ServerFixture fixture) : EndToEndTest(fixture), IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Device_that_comes_back_gets_everything_above_its_cursor_and_then_live_events()
    {
        var (writer, reader, group) = await GroupAsync();
        var phone = await ConnectAsync(reader);
        var sender = await ConnectAsync(writer);
        await PostAsync(sender, group, 1, 5);
        var fifth = await phone.TakeMessageAsync(group, "message 5");
        await phone.DeliveredAsync(group, fifth.Id);
        await phone.CloseAsync();
        await PostAsync(sender, group, 6, 10);

        var again = await ConnectAsync(reader);

        again.SyncedTexts(group).ShouldBe(Texts(6, 10));
        var sync = again.Syncs.ShouldHaveSingleItem().Json;
        sync.Bool("more").ShouldBeFalse();
        var channel = sync.Member("channel");
        channel.String("kind").ShouldBe("group");
        channel.String("title").ShouldBe("group");
        channel.Id("head").ShouldBe(11);
        channel.Number("n").ShouldBe(10);
        channel.Number("member_count").ShouldBe(2);
        await PostAsync(sender, group, 11, 11);
        (await again.TakeMessageAsync(group, "message 11")).Id.ShouldBe(12);
    }

    [Fact]
    public async Task Cursor_moves_only_when_the_device_says_so()
    {
        var (writer, reader, group) = await GroupAsync();
        var phone = await ConnectAsync(reader);
        var sender = await ConnectAsync(writer);
        await PostAsync(sender, group, 1, 5);
        await phone.TakeMessageAsync(group, "message 5");
        await phone.CloseAsync();

        var again = await ConnectAsync(reader);

        again.SyncedTexts(group).ShouldBe(Texts(1, 5));
    }

    [Fact]
    public async Task Cursor_never_moves_back_or_beyond_what_there_is()
    {
        var (writer, reader, group) = await GroupAsync();
        var phone = await ConnectAsync(reader);
        var sender = await ConnectAsync(writer);
        await PostAsync(sender, group, 1, 5);
        var fifth = await phone.TakeMessageAsync(group, "message 5");
        await phone.DeliveredAsync(group, fifth.Id);
        await phone.DeliveredAsync(group, 2);
        await phone.DeliveredAsync(group, 1000);
        await phone.CloseAsync();
        await PostAsync(sender, group, 6, 7);

        var again = await ConnectAsync(reader);

        again.SyncedTexts(group).ShouldBe(Texts(6, 7));
    }

    [Fact]
    public async Task Own_cursors_override_the_servers()
    {
        var (writer, reader, group) = await GroupAsync();
        var phone = await ConnectAsync(reader);
        var sender = await ConnectAsync(writer);
        await PostAsync(sender, group, 1, 5);
        var fifth = await phone.TakeMessageAsync(group, "message 5");
        await phone.DeliveredAsync(group, fifth.Id);
        await phone.CloseAsync();

        var restored = await ConnectAsync(reader, Cursor(group, 3));
        await restored.CloseAsync();
        var cleared = await ConnectAsync(reader, Cursor(group, 0));

        restored.SyncedTexts(group).ShouldBe(Texts(3, 5));
        cleared.SyncedTexts(group).ShouldBe(Texts(1, 5));
        cleared.Syncs.ShouldHaveSingleItem().Json.Array("events").Length.ShouldBe(6, "the group's creation and five messages");
    }

    [Fact]
    public async Task More_than_a_hundred_missed_events_are_paged_from_history_while_live_ones_go_on()
    {
        var (writer, reader, group) = await GroupAsync();
        await (await ConnectAsync(reader)).CloseAsync();
        var sender = await ConnectAsync(writer);
        await PostAsync(sender, group, 1, 250);

        var phone = await ConnectAsync(reader);
        await PostAsync(sender, group, 251, 251);
        await phone.TakeMessageAsync(group, "message 251");

        var sync = phone.Syncs.ShouldHaveSingleItem().Json;
        sync.Bool("more").ShouldBeTrue();
        var events = sync.Array("events");
        events.Length.ShouldBe(100);
        var (at, head) = (events[^1].Id(), sync.Member("channel").Id("head"));
        head.ShouldBe(251);
        List<string> paged = [];
        while (at < head)
        {
            var page = (await phone.RequestAsync(new { op = "history", channel = group, after = at.ToString(), limit = 60 })).ShouldBeOk().Json;
            var messages = page.Array("messages").Where(m => m.Id() <= head).ToArray();
            paged.AddRange(messages.Select(m => m.String("text")));
            at = messages[^1].Id();
        }

        phone.SyncedTexts(group).Concat(paged).ShouldBe(Texts(1, 250));
    }

    [Fact]
    public async Task Many_missed_channels_come_with_the_oldest_activity_first()
    {
        var people = await MeetAsync("writer", "reader");
        List<string> groups = [];
        for (var i = 0; i < 4; i++)
        {
            groups.Add(await Api.CreateGroupAsync(people[0], $"group {i}", people[1]));
        }

        await (await ConnectAsync(people[1])).CloseAsync();
        var sender = await ConnectAsync(people[0]);
        foreach (var i in new[] { 2, 0, 3, 1 })
        {
            var at = (await sender.PostAsync(groups[i], $"c{i}", $"message of {i}")).Json.Number("at");

            // Two of one millisecond would come in any order.
            await Wait.UntilAsync("the clock has moved on", () => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() > at);
        }

        var phone = await ConnectAsync(people[1]);

        phone.Syncs.Select(s => groups.IndexOf(s.Json.Member("channel").String("id"))).ShouldBe([2, 0, 3, 1]);
    }

    [Fact]
    public async Task Device_created_later_starts_at_the_heads()
    {
        var (writer, reader, group) = await GroupAsync();
        var sender = await ConnectAsync(writer);
        await PostAsync(sender, group, 1, 5);

        var laptop = await ConnectAsync(At(reader, "laptop"));

        laptop.Syncs.ShouldBeEmpty();
        await PostAsync(sender, group, 6, 6);
        await laptop.TakeMessageAsync(group, "message 6");
    }

    [Fact]
    public async Task Device_that_logged_in_later_starts_at_the_heads_of_that_moment()
    {
        const string password = "correct horse battery";
        var writer = await MeetAsync("writer");
        var user = await Api.SignUpAsync("late_device", password);
        var sender = await ConnectAsync(writer);
        var channel = (await sender.PostToAsync(user, "c1", "before the log-in")).Json.String("channel");
        var laptop = await Api.LogInAsync("late_device", password, "laptop");
        await sender.PostAsync(channel, "c2", "after the log-in");

        var client = await ConnectAsync(laptop.String("token"));

        client.SyncedTexts(channel).ShouldBe(["after the log-in"]);
    }

    [Fact]
    public async Task Device_of_someone_who_joins_later_starts_just_before_the_joining_event()
    {
        var (writer, _, group) = await GroupAsync();
        var joiner = await MeetAsync("joiner");
        await (await ConnectAsync(joiner)).CloseAsync();
        var sender = await ConnectAsync(writer);
        await PostAsync(sender, group, 1, 5);
        await Api.AddMemberAsync(group, joiner, writer);
        await PostAsync(sender, group, 6, 7);

        var phone = await ConnectAsync(joiner);

        var events = phone.Syncs.ShouldHaveSingleItem().Json.Array("events");
        events.Select(e => e.String("type")).ShouldBe(["member_added", "message", "message"]);
        events.Select(e => e.Id()).ShouldBe([7, 8, 9]);
        (await Api.ReadAllAsync(joiner, group)).Select(m => m.String("text")).ShouldBe(Texts(1, 7), "members read the whole timeline");
    }

    [Fact]
    public async Task Same_device_connecting_again_replaces_the_earlier_socket()
    {
        var (writer, reader, group) = await GroupAsync();
        var first = await ConnectAsync(reader);
        var laptop = await ConnectAsync(At(reader, "laptop"));

        var second = await ConnectAsync(reader);

        (await first.ClosedAsync()).Code.ShouldBe(4409);
        await PostAsync(await ConnectAsync(writer), group, 1, 1);
        await second.TakeMessageAsync(group, "message 1");
        await laptop.TakeMessageAsync(group, "message 1");
        first.Events(group).ShouldBeEmpty();
    }

    [Fact]
    public async Task Events_during_a_stormy_resume_are_neither_lost_nor_doubled()
    {
        var (writer, reader, group) = await GroupAsync();
        var sender = await ConnectAsync(writer);
        var posting = PostAsync(sender, group, 1, 300);
        SortedDictionary<long, string> seen = [];
        var have = 1L;

        // Connects in the middle of the stream again and again, each time from what it has.
        while (!posting.IsCompleted || have < 301)
        {
            var phone = await ConnectAsync(reader, Cursor(group, have));
            await phone.SettleAsync();
            await phone.DisposeAsync();
            phone.ShouldHaveSeenEverythingInOrder();
            foreach (var sync in phone.Syncs)
            {
                sync.Json.Array("events").Select(e => e.Id()).First().ShouldBe(have + 1);
                Keep(sync.Json.Array("events"), sync.Json.Bool("more"));
            }

            Keep(phone.Events(group), more: false);
        }

        await posting;
        seen.Values.ShouldBe(Texts(1, 300));

        // With more, what follows live doesn't join on to what came.
        void Keep(IEnumerable<System.Text.Json.JsonElement> events, bool more)
        {
            foreach (var e in events.Where(e => e.Id() == have + 1))
            {
                seen[e.Id()] = e.String("text");
                have = e.Id();
            }
        }
    }

    private static IReadOnlyDictionary<string, string> Cursor(string channel, long id) =>
        new Dictionary<string, string> { [channel] = id.ToString() };

    private static IEnumerable<string> Texts(int first, int last) => Enumerable.Range(first, last - first + 1).Select(i => $"message {i}");

    private static async Task PostAsync(ChatClient sender, string group, int first, int last)
    {
        foreach (var text in Texts(first, last))
        {
            await sender.PostAsync(group, text, text);
        }
    }

    private async Task<(Person Writer, Person Reader, string Group)> GroupAsync()
    {
        var people = await MeetAsync("writer", "reader");
        await (await ConnectAsync(people[1])).CloseAsync();
        return (people[0], people[1], await Api.CreateGroupAsync(people[0], "group", people[1]));
    }
}
