using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Gateway.Auth;
using ChatAkka.Gateway.Connections;
using ChatAkka.Gateway.Limits;
using ChatAkka.Gateway.Tests.Support;

namespace ChatAkka.Gateway.Tests.Connections;

public sealed class OpeningTests : ConnectionTestKit
{
    [Fact]
    public async Task Hello_is_answered_then_synced_in_order()
    {
        var socket = Connect();
        socket.Send("""{"op":"hello","ref":"h","token":"1/11","cursors":{"1-2":"5","77":"0"}}""");

        var ok = await socket.ReadJsonAsync("the ok of hello");
        (ok.GetProperty("op").GetString(), ok.GetProperty("user_id").GetString(), ok.GetProperty("device_id").GetString())
            .ShouldBe(("ok", "1", "11"));
        ok.GetProperty("time").GetInt64().ShouldBe(Time.GetUtcNow().ToUnixTimeMilliseconds());
        var attach = Attach();
        (attach.User, attach.Device).ShouldBe((Some.Kim, Some.KimsPhone));
        attach.Cursors!.ShouldBe(new Dictionary<ChannelId, long> { [Some.Direct] = 5, [Some.Group] = 0 }, ignoreOrder: true);
        Users.Sender.ShouldBe(socket.Actor);

        Users.Reply(new SyncChannel(
            Some.KimsView(7, 7), 0, 7,
            [Some.Message(6, Some.Kim, Some.KimsTablet), Some.Message(7, Some.Lee, Some.LeesPhone)], More: false));
        Users.Reply(new SyncChannel(Some.KimsView(900, 800, Some.Group), 0, 800, [Some.Message(1, Some.Lee, Some.LeesPhone)], More: true));
        Users.Reply(SyncCompleted.Instance);

        var sync = await socket.ReadJsonAsync("the first sync");
        sync.GetProperty("channel").GetProperty("id").GetString().ShouldBe("1-2");
        sync.GetProperty("events").GetArrayLength().ShouldBe(2);
        sync.GetProperty("events")[0].GetProperty("client_id").GetString().ShouldBe("c");
        sync.GetProperty("events")[1].TryGetProperty("client_id", out _).ShouldBeFalse();
        sync.GetProperty("more").GetBoolean().ShouldBeFalse();
        (await socket.ReadJsonAsync("the second sync")).GetProperty("more").GetBoolean().ShouldBeTrue();
        (await socket.ReadAsync()).ShouldBe("""{"op":"synced"}""");
    }

    [Fact]
    public async Task Requests_wait_until_the_session_is_synced()
    {
        var socket = Connect();
        await HelloAsync(socket);
        socket.Send("""{"op":"heartbeat","ref":"b"}""");
        socket.Send(Send("s"));
        socket.SendBytes(ClientBytes.Frame(Gateway.WebSockets.Framing.Opcode.Ping, "p"u8));

        // The pong shows that both frames before it have arrived.
        (await socket.ReadAsync()).ShouldBe("pong p");
        Channels.ExpectNoMsg(TimeSpan.Zero);
        Users.Reply(SyncCompleted.Instance);
        (await socket.ReadAsync()).ShouldBe("""{"op":"synced"}""");
        (await socket.ReadAsync()).ShouldStartWith("""{"op":"ok","ref":"b","time":""");
        ExpectPost().Text.ShouldBe("안녕");
    }

    [Fact]
    public async Task A_long_sync_is_not_cut_off_by_the_outbound_limit()
    {
        Limits = new LimitsOptions { OutboundBytes = 64 * 1024 };
        var socket = Connect(outputBytes: 4_096);
        await HelloAsync(socket);
        var text = new string('한', 1_000);
        for (var i = 0; i < 100; i++)
        {
            Users.Reply(new SyncChannel(Some.KimsView(1, 1), 0, 1, [Some.Message(1, Some.Lee, Some.LeesPhone, text: text)], More: false));
        }

        Users.Reply(SyncCompleted.Instance);
        for (var i = 0; i < 100; i++)
        {
            (await socket.ReadAsync($"sync {i}")).ShouldStartWith("""{"op":"sync",""");
        }

        (await socket.ReadAsync()).ShouldBe("""{"op":"synced"}""");
    }

    [Fact]
    public async Task A_sync_frame_keeps_to_the_size_of_a_frame()
    {
        var socket = Connect();
        await HelloAsync(socket);
        var text = new string('한', 100_000);
        Users.Reply(new SyncChannel(
            Some.KimsView(5, 5), 0, 5, [.. Enumerable.Range(1, 5).Select(id => Some.Message(id, Some.Lee, Some.LeesPhone, text: text))], More: false));

        var sync = await socket.ReadAsync();
        sync.Length.ShouldBeLessThan(1024 * 1024);
        var json = System.Text.Json.JsonDocument.Parse(sync).RootElement;
        (json.GetProperty("events").GetArrayLength(), json.GetProperty("more").GetBoolean()).ShouldBe((3, true));
    }

    [Theory]
    [InlineData("bad")]
    [InlineData("")]
    public async Task A_bad_token_is_told_and_closed(string token)
    {
        var socket = Connect();
        socket.Send($$"""{"op":"hello","ref":"h","token":"{{token}}"}""");
        (await socket.ReadAsync()).ShouldStartWith("""{"op":"error","ref":"h","code":"unauthorized",""");
        (await socket.ReadCloseAsync()).ShouldBe(4401);
        Users.ExpectNoMsg(TimeSpan.Zero);
    }

    [Theory]
    [InlineData("""{"op":"heartbeat","ref":"r"}""", "unauthorized")]
    [InlineData("""{"op":"send","ref":"r","to":"2","client_id":"c","text":"x"}""", "unauthorized")]
    [InlineData("""{"op":"history","ref":"r","channel":"1-2"}""", "unauthorized")]
    [InlineData("""{"op":"nonsense","ref":"r"}""", "unknown_op")]
    [InlineData("""{"op":"hello","ref":"r","token":5}""", "bad_request")]
    public async Task Anything_before_hello_is_closed(string frame, string code)
    {
        var socket = Connect();
        socket.Send(frame);
        (await socket.ReadAsync()).ShouldStartWith($$"""{"op":"error","ref":"r","code":"{{code}}",""");
        (await socket.ReadCloseAsync()).ShouldBe(4401);
    }

    [Fact]
    public async Task Cursors_of_what_is_no_channel_are_refused_and_the_client_may_try_again()
    {
        var socket = Connect();
        socket.Send("""{"op":"hello","ref":"h","token":"1/11","cursors":{"nonsense":"1"}}""");
        (await socket.ReadAsync()).ShouldStartWith("""{"op":"error","ref":"h","code":"bad_request",""");
        (await HelloAsync(socket)).Cursors.ShouldBeNull();
    }

    [Fact]
    public async Task No_hello_in_time_is_closed()
    {
        var socket = Connect();
        Time.Advance(9_900);
        socket.Connection.Sweep(Time.GetTimestamp());
        socket.SendBytes(ClientBytes.Frame(Gateway.WebSockets.Framing.Opcode.Ping, ""u8));
        (await socket.ReadAsync()).ShouldBe("pong ");
        Time.Advance(200);
        socket.Connection.Sweep(Time.GetTimestamp());
        (await socket.ReadCloseAsync()).ShouldBe(4401);
    }

    [Fact]
    public async Task A_store_that_is_off_lets_the_client_come_back()
    {
        var answer = new TaskCompletionSource<Authentication>();
        Authenticator.Override = _ => new ValueTask<Authentication>(answer.Task);
        var socket = Connect();
        socket.Send("""{"op":"hello","ref":"h","token":"1/11"}""");
        answer.SetResult(AuthenticationUnavailable.Instance);
        (await socket.ReadJsonAsync()).GetProperty("retry_ms").GetInt32().ShouldBeGreaterThan(0);
        (await socket.ReadCloseAsync()).ShouldBe(1011);
    }

    [Fact]
    public async Task A_session_that_cannot_be_attached_lets_the_client_come_back()
    {
        var socket = Connect();
        await HelloAsync(socket);
        Users.Reply(SessionUnavailable.Instance);
        (await socket.ReadCloseAsync()).ShouldBe(1011);
    }

    [Fact]
    public async Task A_sync_that_stops_lets_the_client_come_back()
    {
        var socket = Connect();
        await HelloAsync(socket);
        Time.Advance(31_000);
        socket.Connection.Sweep(Time.GetTimestamp());
        (await socket.ReadCloseAsync()).ShouldBe(1011);
    }

    [Fact]
    public async Task An_account_has_only_so_many_sockets()
    {
        Limits = new LimitsOptions { SocketsPerAccount = 2 };
        var first = await OpenAsync(device: new DeviceId("11"));
        await OpenAsync(device: new DeviceId("12"));
        var third = Connect();
        third.Send("""{"op":"hello","ref":"h","token":"1/13"}""");
        (await third.ReadJsonAsync()).GetProperty("code").GetString().ShouldBe("rate_limited");
        (await third.ReadClosingAsync()).ShouldBe((4429, "rate_limited"));

        first.HangUp();
        await first.Ended.Within("the end of the first");
        await OpenAsync(device: new DeviceId("13"));
    }

    [Fact]
    public async Task Hello_twice_is_an_error_and_the_socket_stays()
    {
        var socket = await OpenAsync();
        socket.Send("""{"op":"hello","ref":"again","token":"1/11"}""");
        (await socket.ReadAsync()).ShouldStartWith("""{"op":"error","ref":"again","code":"bad_request",""");
        socket.Send("""{"op":"heartbeat","ref":"b"}""");
        (await socket.ReadAsync()).ShouldStartWith("""{"op":"ok","ref":"b",""");
    }
}
