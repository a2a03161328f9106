using System.Net;
using ChatAkka.Client.Http;
using ChatAkka.Client.Tests.Support;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Client.Tests.Http;

public sealed class ChatHttpClientTests
{
    private static readonly Uri Address = new("http://chat.test/");

    [Fact]
    public async Task Friends()
    {
        const string friend = """{"user_id":"7","username":"ben","display_name":"Ben","state":"pending_out","since":99}""";
        var one = new FakeHandler(HttpStatusCode.OK, friend);
        (await Client(one).BefriendAsync("7")).ShouldBe(new Friend("7", "ben", "Ben", "pending_out", 99));
        await Client(one).UnfriendAsync("7");
        one.Requests.ShouldBe(["PUT /v1/friends/7", "DELETE /v1/friends/7"]);

        var all = new FakeHandler(HttpStatusCode.OK, $$"""{"friends":[{{friend}}]}""");
        (await Client(all).GetFriendsAsync()).ShouldHaveSingleItem().Username.ShouldBe("ben");
    }

    [Fact]
    public async Task Blocks()
    {
        var done = new FakeHandler(HttpStatusCode.NoContent);
        await Client(done).BlockAsync("7");
        await Client(done).UnblockAsync("7");
        done.Requests.ShouldBe(["PUT /v1/blocks/7", "DELETE /v1/blocks/7"]);

        var all = new FakeHandler(HttpStatusCode.OK, """{"blocks":[{"user_id":"7","username":"ben","display_name":"Ben","since":99}]}""");
        (await Client(all).GetBlocksAsync()).ShouldBe([new BlockedUser("7", "ben", "Ben", 99)]);
    }

    [Fact]
    public async Task Members_and_mutes()
    {
        var done = new FakeHandler(HttpStatusCode.NoContent);
        var client = Client(done);
        await client.PutMemberAsync("5", "7");
        await client.PutMemberAsync("5", "7", "admin");
        await client.RemoveMemberAsync("5", "7");
        await client.MuteAsync("5");
        await client.UnmuteAsync("5");

        done.Requests.ShouldBe(
        [
            "PUT /v1/channels/5/members/7", """PUT /v1/channels/5/members/7 {"role":"admin"}""", "DELETE /v1/channels/5/members/7",
            "PUT /v1/channels/5/mute", "DELETE /v1/channels/5/mute",
        ]);
    }

    [Fact]
    public async Task Messages_page()
    {
        var page = new FakeHandler(HttpStatusCode.OK, """{"messages":[],"has_before":true,"has_after":false}""");
        var client = Client(page);
        (await client.GetMessagesAsync("5", new HistoryRange(HistorySide.Newest, 0, 50))).HasBefore.ShouldBeTrue();
        await client.GetMessagesAsync("5", new HistoryRange(HistorySide.Around, 9, 200));

        page.Requests.ShouldBe(["GET /v1/channels/5/messages?limit=50", "GET /v1/channels/5/messages?around=9&limit=200"]);
        page.Authorization.ShouldBe("Bearer token");
    }

    [Fact]
    public async Task Texts_of_a_path_are_escaped()
    {
        var handler = new FakeHandler(HttpStatusCode.OK, """{"user_id":"7","username":"ben","display_name":"Ben"}""");
        await Client(handler).FindUserAsync("a/b?c&d");

        handler.Requests.ShouldBe(["GET /v1/users?username=a%2Fb%3Fc%26d"]);
    }

    [Fact]
    public async Task Refusal_has_the_code_the_status_and_when_to_come_again()
    {
        var handler = new FakeHandler(
            HttpStatusCode.TooManyRequests,
            """{"type":"about:blank","title":"Too many requests.","status":429,"detail":"slowly","code":"rate_limited","retry_ms":1500}""",
            "application/problem+json");

        var error = await Should.ThrowAsync<ChatException>(Client(handler).GetMeAsync());

        (error.Code, error.HttpStatus, error.RetryAfter, error.Message).ShouldBe(
            ("rate_limited", HttpStatusCode.TooManyRequests, TimeSpan.FromMilliseconds(1500), "slowly"));
    }

    [Theory]
    [InlineData(HttpStatusCode.BadGateway, "<html>")]
    [InlineData(HttpStatusCode.OK, "<html>")]
    [InlineData(HttpStatusCode.OK, "null")]
    public async Task Answer_of_something_else_is_a_bad_answer(HttpStatusCode status, string body)
    {
        (await Should.ThrowAsync<ChatException>(Client(new FakeHandler(status, body)).GetMeAsync())).Code.ShouldBe(ChatException.BadAnswer);
        (await Should.ThrowAsync<ChatException>(Client(new FakeHandler(status, body)).GetChannelAsync("5"))).Code.ShouldBe(ChatException.BadAnswer);
    }

    [Fact]
    public async Task Service_that_does_not_answer_in_time_is_unreachable()
    {
        var time = new ManualTime();
        var handler = new FakeHandler(HttpStatusCode.OK) { IsSilent = true };
        using var client = new ChatHttpClient(Address, handler, time, TimeSpan.FromSeconds(3));
        var asking = client.GetMeAsync();
        await Wait.UntilAsync("the request", () => handler.Requests.Count == 1);

        time.Advance(TimeSpan.FromSeconds(3));

        (await Should.ThrowAsync<ChatException>(asking.Within("the time-out"))).Code.ShouldBe(ChatException.Unreachable);
    }

    [Fact]
    public async Task Canceled_call_is_canceled()
    {
        using var cancel = new CancellationTokenSource();
        var asking = Client(new FakeHandler(HttpStatusCode.OK) { IsSilent = true }).GetMeAsync(cancel.Token);
        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(asking.Within("the end of the call"));
    }

    private static ChatHttpClient Client(FakeHandler handler) => new(Address, handler) { Token = "token" };
}
