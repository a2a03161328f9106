using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Sockets;

namespace ChatAkka.EndToEnd.Tests.HappyPath;

public sealed class HelloTests(ServerFixture fixture) : EndToEndTest(fixture), IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Hello_of_a_new_user_is_answered_and_has_nothing_to_sync()
    {
        var person = await MeetAsync("newcomer");

        var client = await ConnectAsync(person);

        client.Hello.Json.String("user_id").ShouldBe(person.UserId);
        client.Hello.Json.String("device_id").ShouldNotBeEmpty();
        client.Hello.Json.String("node").ShouldNotBeEmpty();
        client.Hello.Json.Number("heartbeat_ms").ShouldBe(5000);
        client.Hello.Json.Number("timeout_ms").ShouldBe(30000);
        client.Hello.Json.Number("max_text").ShouldBe(100000);
        Math.Abs(client.Hello.Json.Number("time") - DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()).ShouldBeLessThan(60_000);
        client.Received.Select(f => f.Op).ShouldBe(["ok", "synced"]);
    }

    [Fact]
    public async Task Upgrade_names_the_sub_protocol_that_was_asked_for()
    {
        using var socket = await RawWebSocket.ConnectAsync(Server.Endpoint);

        var answer = await socket.UpgradeAsync(new UpgradeHeaders(Server.Endpoint));

        answer.Status.ShouldBe(101);
        answer.Headers["Sec-WebSocket-Protocol"].ShouldBe("chatakka.v1");
        answer.Headers["Upgrade"].ShouldBe("websocket");
    }

    [Fact]
    public async Task Heartbeat_is_answered_only_if_it_has_a_ref()
    {
        var client = await ConnectAsync(await MeetAsync("beater"));

        await client.SendTextAsync("""{"op":"heartbeat"}""");
        var reply = await client.RequestAsync(new { op = "heartbeat", @ref = "once" });

        reply.ShouldBeOk().Json.Number("time").ShouldBeGreaterThan(0);
        client.Received.Count(f => f.Op is "ok" or "error").ShouldBe(2, "one for hello, one for the heartbeat with a ref");
    }

    [Fact]
    public async Task Ping_is_answered_with_a_pong_of_the_same_payload()
    {
        using var socket = await RawWebSocket.OpenAsync(Server.Endpoint);

        await socket.SendAsync(RawFrame.Ping("are you there?"));

        var pong = await socket.ReceiveAsync();
        pong!.OpCode.ShouldBe(RawFrame.PongCode);
        pong.Text.ShouldBe("are you there?");
    }

    [Fact]
    public async Task Close_is_answered_with_a_close()
    {
        var client = await ConnectAsync(await MeetAsync("leaver"));

        (await client.CloseAsync()).Code.ShouldBe(1000);
    }

    [Theory]
    [InlineData("shout")]
    [InlineData("no_such_op")]
    public async Task Operation_that_the_server_does_not_have_is_unknown(string op)
    {
        var client = await ConnectAsync(await MeetAsync("seeker"));

        (await client.RequestAsync(new { op, channel = "1", id = "1" })).ShouldBeError("unknown_op");

        await client.SettleAsync();
    }
}
