using System.Net;
using System.Text;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;

namespace ChatAkka.EndToEnd.Tests.BadInput;

/// <summary>What a text may be, over both transports: a refusal stores nothing and the socket stays.</summary>
public sealed class TextTests(ServerFixture fixture) : BadInputTest(fixture), IClassFixture<ServerFixture>
{
    private const int MaxText = 100_000;

    /// <summary>As it stands between the quotes in the JSON, and what is answered.</summary>
    public static TheoryData<string, string> Refused => new()
    {
        { "", "text_empty" },
        { "x*100001", "text_too_long" },
        { "😀*100001", "text_too_long" },
        { "x\\u0000y", "text_invalid" },
        { "\\u0000", "text_invalid" },
        { "x\\uD83D", "text_invalid" },
        { "\\uDE00x", "text_invalid" },
        { "\\uDE00\\uD83D", "text_invalid" },
        { "\\uD83D\\uD83D\\uDE00", "text_invalid" },
    };

    /// <summary>As it stands between the quotes in the JSON.</summary>
    public static TheoryData<string> Accepted => new()
    {
        "x", " ", "  white space stays \\t\\n ", "x*100000", "😀*100000", "\\uD83D\\uDE00*50000", "한국어 텍스트",
        "\\\" \\\\ \\/ \\b\\f\\n\\r\\t",
        "e\\u0301", "👩‍👩‍👧‍👦", "\\u2028\\u2029", "\\uFFFF\\uFEFF", "<script>&'`", "\u0080\u009F",
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Text_that_may_not_be_is_refused_and_not_stored(string escaped, string code)
    {
        var (anna, ben) = (await MeetAsync("offender"), await MeetAsync("ben"));
        var client = await ConnectAsync(anna);
        var first = await client.PostToAsync(ben.UserId, "c0", "a good text before");
        var channel = first.Json.String("channel");

        await client.SendTextAsync($$"""{"op":"send","ref":"bad","channel":"{{channel}}","client_id":"c1","text":"{{Expand(escaped)}}"}""");

        (await client.ReplyAsync("bad")).ShouldBeError(code);
        using var body = new StringContent($$"""{"client_id":"c2","text":"{{Expand(escaped)}}"}""", Encoding.UTF8, "application/json");
        var answer = await Api.SendAsync(HttpMethod.Post, $"/v1/channels/{channel}/messages", body, anna.Token);
        answer.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, code);
        (await client.PostAsync(channel, "c1", "a good text after")).Id.ShouldBe(first.Id + 1, "nothing was stored between");
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public async Task Text_that_may_be_arrives_unchanged(string escaped)
    {
        var (anna, ben) = (await MeetAsync("anna"), await MeetAsync("ben"));
        var (client, reader) = (await ConnectAsync(anna), await ConnectAsync(ben));
        var text = Json.Read($"\"{Expand(escaped)}\"").GetString()!;

        await client.SendTextAsync($$"""{"op":"send","ref":"good","to":"{{ben.UserId}}","client_id":"c1","text":"{{Expand(escaped)}}"}""");

        var ok = (await client.ReplyAsync("good")).ShouldBeOk();
        var e = await reader.TakeAsync("the text", f => f.Op == "event" && f.Json.String("type") == "message");
        e.Json.String("text").ShouldBe(text);
        var page = (await reader.RequestAsync(new { op = "history", channel = ok.Json.String("channel") })).ShouldBeOk().Json;
        page.Array("messages").ShouldHaveSingleItem().String("text").ShouldBe(text);
        (await Api.ReadAllAsync(ben, ok.Json.String("channel"))).ShouldHaveSingleItem().String("text").ShouldBe(text);
    }

    [Fact]
    public async Task Longest_text_can_be_sent_over_HTTP_and_over_the_long_poll()
    {
        var (anna, ben) = (await MeetAsync("anna"), await MeetAsync("ben"));
        var text = Expand("😀*100000");
        var channel = (await Api.OpenDirectAsync(anna, ben.UserId)).Json.Member("channel").String("id");
        using var body = new StringContent($$"""{"client_id":"c1","text":"{{text}}"}""", Encoding.UTF8, "application/json");
        (await Api.SendAsync(HttpMethod.Post, $"/v1/channels/{channel}/messages", body, anna.Token)).ShouldBe(HttpStatusCode.Created);
        var poller = await PollAsync(anna.Token);
        await poller.SendTextAsync($$"""{"op":"send","ref":"p","channel":"{{channel}}","client_id":"c2","text":"{{text}}"}""");

        (await poller.TakeAsync("the ok", f => f.Ref == "p")).ShouldBeOk();

        (await Api.ReadAllAsync(ben, channel)).Select(m => m.String("text")).ShouldBe([text, text]);
    }

    [Fact]
    public async Task Longest_texts_can_be_paged_and_synced()
    {
        var (anna, ben) = (await MeetAsync("anna"), await MeetAsync("ben"));
        await (await ConnectAsync(ben)).CloseAsync();
        var client = await ConnectAsync(anna);
        var channel = "";
        for (var i = 0; i < 12; i++)
        {
            // Written by hand: the serializer would escape the emoji, and the frame would be too large.
            await client.SendTextAsync($$"""{"op":"send","ref":"{{i}}","to":"{{ben.UserId}}","client_id":"c{{i}}","text":"{{Text(i)}}"}""");
            channel = (await client.ReplyAsync($"{i}")).ShouldBeOk().Json.String("channel");
        }

        var reader = await ConnectAsync(ben);

        var synced = reader.SyncedTexts(channel).ToList();
        synced.ShouldBe(Enumerable.Range(0, synced.Count).Select(Text));
        synced.Count.ShouldBeGreaterThan(0);
        reader.Syncs[^1].Json.Bool("more").ShouldBe(synced.Count < 12);
        reader.Received.ShouldAllBe(f => Encoding.UTF8.GetByteCount(f.Text) <= 1024 * 1024);
        (await Api.ReadAllAsync(ben, channel)).Select(m => m.String("text")).ShouldBe(Enumerable.Range(0, 12).Select(Text));

        static string Text(int i) => string.Concat(Enumerable.Repeat("😀", MaxText - 1)) + (char)('a' + i);
    }

    // "😀*3" is "😀😀😀"; test names stay short.
    private static string Expand(string text) =>
        text.Split('*') is [var part, var count] ? string.Concat(Enumerable.Repeat(part, int.Parse(count))) : text;
}
