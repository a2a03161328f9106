using System.Net;
using System.Text.Json;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;

namespace ChatAkka.EndToEnd.Tests.HappyPath;

public sealed class HistoryTests(ServerFixture fixture) : EndToEndTest(fixture), IClassFixture<ServerFixture>
{
    private const int Messages = 30;
    private const int Groups = 60;

    // Id 1 is the channel's creation, so the messages are 2 to 31.
    [Theory]
    [InlineData("limit=10", 22, 31, true, false)]
    [InlineData("limit=200", 2, 31, false, false)]
    [InlineData("", 2, 31, false, false)]
    [InlineData("before=12&limit=10", 2, 11, false, true)]
    [InlineData("before=20&limit=10", 10, 19, true, true)]
    [InlineData("before=1000&limit=5", 27, 31, true, false)]
    [InlineData("before=2&limit=5", 0, 0, false, true)]
    [InlineData("after=0&limit=10", 2, 11, false, true)]
    [InlineData("after=25&limit=10", 26, 31, true, false)]
    [InlineData("after=5&limit=10", 6, 15, true, true)]
    [InlineData("after=31&limit=10", 0, 0, true, false)]
    [InlineData("after=1000&limit=10", 0, 0, true, false)]
    [InlineData("around=15&limit=10", 10, 19, true, true)]
    [InlineData("around=3&limit=200", 2, 31, false, false)]
    public async Task Page_has_the_messages_asked_for_and_says_what_is_beside_it(
        string query, long first, long last, bool hasBefore, bool hasAfter)
    {
        var (reader, channel) = await ChannelAsync();
        var client = await ConnectAsync(reader);

        var overHttp = (await Api.GetAsync($"/v1/channels/{channel}/messages?{query}", reader.Token)).ShouldBe(HttpStatusCode.OK).Json;
        var overSocket = (await client.RequestAsync(HistoryRequest(channel, query))).ShouldBeOk().Json;

        var expected = first == 0 ? [] : Enumerable.Range((int)first, (int)(last - first + 1)).Select(id => (long)id);
        foreach (var page in new[] { overHttp, overSocket })
        {
            page.Array("messages").Select(m => m.Id()).ShouldBe(expected);
            page.Bool("has_before").ShouldBe(hasBefore, query);
            page.Bool("has_after").ShouldBe(hasAfter, query);
        }

        overSocket.Array("messages").Select(m => m.GetRawText()).ShouldBe(overHttp.Array("messages").Select(m => m.GetRawText()));
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("limit=x")]
    [InlineData("before=x")]
    [InlineData("before=-1")]
    [InlineData("before=5&after=2")]
    public async Task Page_that_makes_no_sense_is_refused(string query)
    {
        var (reader, channel) = await ChannelAsync();

        (await Api.GetAsync($"/v1/channels/{channel}/messages?{query}", reader.Token)).ShouldBeProblem(HttpStatusCode.BadRequest, "bad_request");
    }

    [Fact]
    public async Task Messages_of_a_page_are_what_was_sent()
    {
        var (reader, channel) = await ChannelAsync();

        var messages = await Api.ReadAllAsync(reader, channel);

        messages.Select(m => m.String("text")).ShouldBe(Enumerable.Range(1, Messages).Select(Text));
        messages.Select(m => m.Number("n")).ShouldBe(Enumerable.Range(1, Messages).Select(n => (long)n));
        messages.ShouldAllBe(m => m.String("type") == "message");
    }

    [Fact]
    public async Task Sending_over_http_creates_once_and_repeats_the_answer()
    {
        var people = await MeetAsync("bot", "reader");
        var group = await Api.CreateGroupAsync(people[0], "group", people[1]);
        var reader = await ConnectAsync(people[1]);
        var path = $"/v1/channels/{group}/messages";

        var first = await Api.PostAsync(path, new { client_id = "b1", text = "from the bot" }, people[0].Token);
        var again = await Api.PostAsync(path, new { client_id = "b1", text = "from the bot" }, people[0].Token);
        var reply = await Api.PostAsync(path, new { client_id = "b2", text = "a reply", reply_to = first.Json.String("id") }, people[0].Token);

        first.ShouldBe(HttpStatusCode.Created);
        again.ShouldBe(HttpStatusCode.OK);
        again.Json.Id().ShouldBe(first.Json.Id());
        again.Json.Number("n").ShouldBe(first.Json.Number("n"));
        again.Json.Number("at").ShouldBe(first.Json.Number("at"));
        reply.ShouldBe(HttpStatusCode.Created);
        (await reader.TakeMessageAsync(group, "from the bot")).Id.ShouldBe(first.Json.Id());
        (await reader.TakeMessageAsync(group, "a reply")).Json.String("reply_to").ShouldBe(first.Json.String("id"));
        (await Api.ReadAllAsync(people[1], group)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Channels_are_listed_most_recent_first_page_by_page()
    {
        var owner = await MeetAsync("owner");
        var friend = await MeetAsync("friend");
        List<string> groups = [];
        for (var i = 0; i < Groups; i++)
        {
            groups.Add(await Api.CreateGroupAsync(owner, $"group {i}", friend));
        }

        await Api.PostMessageAsync(owner, groups[3], "c1", "the newest message");

        List<JsonElement> listed = [];
        var cursor = "";
        var pages = 0;
        do
        {
            var page = (await Api.GetAsync($"/v1/channels{cursor}", friend.Token)).ShouldBe(HttpStatusCode.OK).Json;
            listed.AddRange(page.Array("channels"));
            cursor = page.Has("cursor") ? "?cursor=" + Uri.EscapeDataString(page.String("cursor")) : "";
            pages++;
        }
        while (cursor != "");

        pages.ShouldBeGreaterThan(1);
        listed.Select(c => c.String("id")).ShouldBe(groups.Where(g => g != groups[3]).Append(groups[3]).Reverse());
        listed[0].Id("head").ShouldBe(2);
        listed[0].Number("unread").ShouldBe(1);
        listed[0].GetRawText().ShouldContain("the newest message");
        listed[1].Number("unread").ShouldBe(0);
    }

    private static string Text(int number) => $"message {number} – 메시지";

    private static object HistoryRequest(string channel, string query)
    {
        var request = Json.Object(new { op = "history", channel });
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=')))
        {
            request[pair[0]] = pair[0] == "limit" ? int.Parse(pair[1]) : pair[1];
        }

        return request;
    }

    private async Task<(Person Reader, string Channel)> ChannelAsync()
    {
        var people = await MeetAsync("writer", "reader");
        var writer = await ConnectAsync(people[0]);
        var channel = "";
        for (var i = 1; i <= Messages; i++)
        {
            channel = (await writer.PostToAsync(people[1].UserId, $"c{i}", Text(i))).Json.String("channel");
        }

        return (people[1], channel);
    }
}
