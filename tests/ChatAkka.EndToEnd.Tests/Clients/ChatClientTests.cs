using ChatAkka.Client;
using ChatAkka.Client.Events;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Processes;
using ChatAkka.EndToEnd.Tests.Harness.Waiting;
using ChatAkka.Protocol.Frames;
using LiveClient = ChatAkka.Client.ChatClient;

namespace ChatAkka.EndToEnd.Tests.Clients;

/// <summary>The C# client on the real server.</summary>
public sealed class ChatClientTests : EndToEndTest
{
    [Fact]
    public async Task Two_clients_chat_and_both_see_everything_once_and_in_order()
    {
        await StartServerAsync(ServerSettings.Unlimited);
        var people = await MeetAsync("anna", "ben");
        await using var anna = await ConnectClientAsync(people[0]);
        await using var ben = await ConnectClientAsync(people[1]);
        var (annas, bens) = (new EventLog(anna), new EventLog(ben));

        var opening = await anna.SendToAsync(people[1].UserId, "the opening text");
        var sent = await Task.WhenAll(Enumerable.Range(0, 200).Select(i =>
            (i % 2 == 0 ? anna : ben).SendAsync(opening.Channel, $"text number {i}")));

        var head = sent.Max(s => s.Id);
        await annas.ReachedAsync(opening.Channel, head);
        await bens.ReachedAsync(opening.Channel, head);
        bens.Ids(opening.Channel).ShouldBe(Ids(1, head));
        annas.Ids(opening.Channel).ShouldBe(Ids(1, head));
        annas.Texts(opening.Channel).ShouldBe(bens.Texts(opening.Channel));
        (anna.GapsRepaired, ben.GapsRepaired).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Kills_of_the_server_lose_and_double_nothing()
    {
        var server = await StartServerAsync(ServerSettings.Unlimited);
        var people = await MeetAsync("anna", "ben");
        var group = await Api.CreateGroupAsync(people[0], "group", people[1]);
        await using var anna = await ConnectClientAsync(people[0]);
        await using var ben = await ConnectClientAsync(people[1]);
        var (annas, bens) = (new EventLog(anna), new EventLog(ben));
        List<Task<SentMessage>> sends = [];

        for (var kill = 0; kill < 3; kill++)
        {
            sends.AddRange(Enumerable.Range(0, 40).Select(i => anna.SendAsync(group, $"text number {kill}-{i}")));
            await Wait.ForAsync("the first of them are stored", sends[kill * 40]);
            await server.RestartAsync();
        }

        var sent = await Wait.ForAsync("all are stored", Task.WhenAll(sends), TimeSpan.FromSeconds(60));
        var head = sent.Max(s => s.Id);
        sent.Select(s => s.Id).ShouldBeUnique();
        await annas.ReachedAsync(group, head);
        await bens.ReachedAsync(group, head);
        annas.Ids(group).ShouldBe(Ids(1, head));
        bens.Ids(group).ShouldBe(Ids(1, head));
        bens.Texts(group).Count().ShouldBe(sends.Count, "each text was stored once");
        bens.All.OfType<ConnectionChanged>().Count(c => c.State == ConnectionState.Connected).ShouldBeGreaterThan(1, "he had to come back");
    }

    [Fact]
    public async Task Client_that_was_away_for_long_catches_up_event_by_event()
    {
        await StartServerAsync(ServerSettings.Unlimited);
        var people = await MeetAsync("anna", "ben");
        await (await ConnectAsync(people[1])).CloseAsync();
        var group = await Api.CreateGroupAsync(people[0], "group", people[1]);
        await using var anna = await ConnectClientAsync(people[0]);
        var sent = await Task.WhenAll(Enumerable.Range(0, 250).Select(i => anna.SendAsync(group, $"text number {i}")));

        await using var ben = await ConnectClientAsync(people[1]);
        var bens = new EventLog(ben);
        await bens.ReachedAsync(group, sent.Max(s => s.Id));
        await anna.SendAsync(group, "the live text");
        await bens.ReachedAsync(group, 252);

        bens.Ids(group).ShouldBe(Ids(1, 252));
        ben.GapsRepaired.ShouldBe(2);
    }

    [Fact]
    public async Task Restored_cursors_bring_everything_since_the_backup()
    {
        await StartServerAsync(ServerSettings.Unlimited);
        var people = await MeetAsync("anna", "ben");
        var group = await Api.CreateGroupAsync(people[0], "group", people[1]);
        await using var anna = await ConnectClientAsync(people[0]);
        IReadOnlyDictionary<string, long> backup;
        await using (var before = await ConnectClientAsync(people[1]))
        {
            var log = new EventLog(before);
            await anna.SendAsync(group, "before the backup");
            await log.ReachedAsync(group, 2);
            await Wait.UntilAsync("the program is done with it", () => before.ExportCursors().GetValueOrDefault(group) == 2);
            backup = before.ExportCursors();
            await anna.SendAsync(group, "after the backup");
            await log.ReachedAsync(group, 3);
        }

        await using var restored = new LiveClient(OptionsOf(people[1]) with { Cursors = backup });
        await restored.ConnectAsync();

        var again = new EventLog(restored);
        await again.ReachedAsync(group, 3);
        again.Texts(group).ShouldBe(["after the backup"]);
    }

    [Fact]
    public async Task Changes_of_messages_receipts_and_typing_reach_the_other_client()
    {
        await StartServerAsync(ServerSettings.Unlimited);
        var people = await MeetAsync("anna", "ben");
        var group = await Api.CreateGroupAsync(people[0], "group", people[1]);
        await using var anna = await ConnectClientAsync(people[0]);
        await using var ben = await ConnectClientAsync(people[1]);
        var bens = new EventLog(ben);
        var message = (await anna.SendAsync(group, "the first text")).Id;

        var edited = await anna.EditAsync(group, message, "the second text");
        (await anna.EditAsync(group, message, "the second text")).ShouldBe(edited, "it is so already");
        var reacted = await anna.ReactAsync(group, message, "👍");
        anna.Typing(group);
        anna.MarkRead(group, message);
        await bens.ReachedAsync(group, reacted);
        var page = await ben.HistoryAsync(group, new HistoryRange(HistorySide.Newest, 0, 10));
        await anna.UnreactAsync(group, message, "👍");
        var deleted = await anna.DeleteAsync(group, message);
        await bens.ReachedAsync(group, deleted);

        bens.Ids(group).ShouldBe(Ids(1, deleted));
        bens.All.OfType<MessageEdited>().ShouldHaveSingleItem().Text.ShouldBe("the second text");
        bens.All.OfType<ReactionAdded>().ShouldHaveSingleItem().Emoji.ShouldBe("👍");
        bens.All.OfType<MessageDeleted>().ShouldHaveSingleItem().Target.ShouldBe(message);
        page.Messages.ShouldHaveSingleItem().Reactions.ShouldHaveSingleItem().Users.ShouldBe([people[0].UserId]);
        await Wait.UntilAsync("that anna types", () => bens.All.Any(e => e is UserTyping typing && typing.User == people[0].UserId));
        var read = new ReceiptMoved(group, people[0].UserId, null, message);
        await Wait.UntilAsync("that anna has read", () => bens.All.Any(e => e is ReceiptMoved receipt && receipt with { Delivered = null } == read));
    }

    [Fact]
    public async Task Same_device_elsewhere_stops_the_first_client()
    {
        await StartServerAsync(ServerSettings.Unlimited);
        var anna = await MeetAsync("anna");
        await using var first = await ConnectClientAsync(anna);
        var log = new EventLog(first);

        await using var second = await ConnectClientAsync(anna);

        await log.Ended;
        first.Error!.Code.ShouldBe("replaced");
        (await Should.ThrowAsync<ChatException>(first.PingAsync())).Code.ShouldBe("replaced");
        (await second.PingAsync()).ShouldBeGreaterThan(DateTimeOffset.UnixEpoch);
    }

    private static IEnumerable<long> Ids(long first, long last)
    {
        for (var id = first; id <= last; id++)
        {
            yield return id;
        }
    }

    private ChatClientOptions OptionsOf(Person person) => new()
    {
        Token = person.Token,
        Url = new Uri($"ws://{Server.Endpoint}/v1/ws"),
        Backoff = new BackoffOptions { First = TimeSpan.FromMilliseconds(50), Longest = TimeSpan.FromSeconds(1) },
    };

    private async Task<LiveClient> ConnectClientAsync(Person person)
    {
        Server.Log.Keep(person.Token);
        var client = new LiveClient(OptionsOf(person));
        await Wait.ForAsync("the client is connected", client.ConnectAsync());
        return client;
    }
}
