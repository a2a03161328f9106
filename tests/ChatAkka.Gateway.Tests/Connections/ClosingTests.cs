using Akka.Actor;
using ChatAkka.Actors.Users;
using ChatAkka.Gateway.Connections;
using ChatAkka.Gateway.Limits;
using ChatAkka.Gateway.Tests.Support;
using ChatAkka.Gateway.WebSockets.Framing;
using ChatAkka.Protocol;

namespace ChatAkka.Gateway.Tests.Connections;

public sealed class ClosingTests : ConnectionTestKit
{
    [Fact]
    public async Task A_client_that_closes_is_answered_and_the_user_actor_learns_of_it()
    {
        var socket = await OpenAsync();
        Users.Watch(socket.Actor);
        socket.SendBytes(ClientBytes.Close(1000, "bye"));
        (await socket.ReadAsync()).ShouldBe("close 1000 ");
        await socket.Ended.Within("the end");
        Users.ExpectTerminated(socket.Actor);
        socket.Aborts.ShouldBe(0);
    }

    [Fact]
    public async Task A_client_that_hangs_up_is_cleaned_up()
    {
        var socket = await OpenAsync();
        Users.Watch(socket.Actor);
        socket.HangUp();
        await socket.Ended.Within("the end");
        Users.ExpectTerminated(socket.Actor);
        socket.Connection.State.ShouldBe(ConnectionState.Finished);
    }

    [Fact]
    public async Task Replaced_and_revoked_have_their_codes()
    {
        var socket = await OpenAsync();
        socket.Actor.Tell(SessionReplaced.Instance);
        (await socket.ReadCloseAsync()).ShouldBe(4409);

        socket = await OpenAsync();
        socket.Actor.Tell(SessionRevoked.Instance);
        (await socket.ReadCloseAsync()).ShouldBe(4403);
    }

    [Theory]
    [InlineData("not json", 4400)]
    [InlineData("[]", 4400)]
    [InlineData("{}", 4400)]
    public async Task What_is_no_frame_closes_the_socket(string text, int code)
    {
        var socket = await OpenAsync();
        socket.Send(text);
        (await socket.ReadCloseAsync()).ShouldBe(code);
    }

    [Fact]
    public async Task A_binary_frame_closes_the_socket()
    {
        var socket = await OpenAsync();
        socket.SendBytes(ClientBytes.Frame(Opcode.Binary, "x"u8));
        (await socket.ReadCloseAsync()).ShouldBe(4400);
    }

    [Fact]
    public async Task An_oversize_frame_is_refused_by_its_header_and_the_rest_is_thrown_away()
    {
        var socket = await OpenAsync();
        socket.SendBytes(ClientBytes.Header(Opcode.Text, ProtocolLimits.MaxFrameBytes + 1));
        (await socket.ReadAsync()).ShouldBe("close 1009 frame_too_large");
        for (var i = 0; i < 100; i++)
        {
            socket.SendBytes(new byte[100_000]);
        }

        socket.HangUp();
        await socket.Ended.Within("the end");
    }

    [Fact]
    public async Task Heartbeats_keep_a_socket_open_and_silence_closes_it()
    {
        var socket = await OpenAsync();
        for (var i = 0; i < 3; i++)
        {
            Time.Advance(29_000);
            socket.Connection.Sweep(Time.GetTimestamp());
            socket.Send("""{"op":"heartbeat","ref":"b"}""");
            (await socket.ReadAsync()).ShouldStartWith("""{"op":"ok","ref":"b",""");
        }

        Time.Advance(30_001);
        socket.Connection.Sweep(Time.GetTimestamp());
        (await socket.ReadCloseAsync()).ShouldBe(4408);
    }

    [Fact]
    public async Task A_message_that_never_ends_is_silence()
    {
        var socket = await OpenAsync();
        socket.SendBytes(ClientBytes.Frame(Opcode.Text, "{"u8, final: false));
        for (var i = 0; i < 4; i++)
        {
            Time.Advance(10_000);
            socket.SendBytes([.. ClientBytes.Frame(Opcode.Continuation, " "u8, final: false), .. ClientBytes.Frame(Opcode.Ping, "p"u8)]);
            (await socket.ReadAsync()).ShouldBe("pong p");
        }

        socket.Connection.Sweep(Time.GetTimestamp());
        (await socket.ReadCloseAsync()).ShouldBe(4408);
    }

    [Fact]
    public async Task A_client_that_never_reads_is_closed_and_costs_no_more_than_the_limit()
    {
        Limits = new LimitsOptions { OutboundBytes = 64 * 1024 };
        var socket = await OpenAsync(outputBytes: 4_096);
        for (var id = 1; id <= 200; id++)
        {
            Users.Send(socket.Actor, new Delivery(Some.Direct, [Some.Message(id, Some.Lee, Some.LeesPhone, text: new string('x', 1_000))]));
        }

        AwaitCondition(() => socket.Connection.State == ConnectionState.Closing);
        Time.Advance(2_100);
        socket.Connection.Sweep(Time.GetTimestamp()).ShouldBeTrue();
        await socket.Ended.Within("the end of a client that doesn't read");
        socket.Aborts.ShouldBeGreaterThan(0);
        socket.Connection.Sweep(Time.GetTimestamp()).ShouldBeFalse();
    }

    [Fact]
    public async Task A_slow_client_that_reads_again_finds_whole_frames_and_the_reason()
    {
        Limits = new LimitsOptions { OutboundBytes = 64 * 1024 };
        var socket = await OpenAsync(outputBytes: 4_096);
        for (var id = 1; id <= 200; id++)
        {
            Users.Send(socket.Actor, new Delivery(Some.Direct, [Some.Message(id, Some.Lee, Some.LeesPhone, text: new string('x', 1_000))]));
        }

        (await socket.ReadCloseAsync()).ShouldBe(4429);
    }

    [Fact]
    public async Task A_client_that_stops_reading_in_mid_flight_is_closed_in_time()
    {
        var socket = await OpenAsync(outputBytes: 1_024);
        Users.Send(socket.Actor, new Delivery(Some.Direct, [Some.Message(1, Some.Lee, Some.LeesPhone, text: new string('x', 2_000))]));
        Deliver();
        for (var i = 0; i < 3; i++)
        {
            // A frame before the sweep, so that the flush is pending, and one after, so that the sweep is done.
            Deliver();
            socket.Connection.Sweep(Time.GetTimestamp());
            Deliver();
            Time.Advance(11_000);
        }

        socket.Connection.Sweep(Time.GetTimestamp());
        (await socket.ReadCloseAsync()).ShouldBe(4429);

        void Deliver()
        {
            socket.Send("""{"op":"delivered","channel":"1-2","id":"1"}""");
            Users.ExpectMsg<MoveCursor>();
        }
    }

    [Fact]
    public async Task A_socket_that_is_closed_while_too_much_is_unanswered_ends_with_its_clients_close()
    {
        Limits = new LimitsOptions { SocketPending = 2 };
        var socket = await OpenAsync();
        for (var i = 0; i < 4; i++)
        {
            socket.Send(Send($"r{i}", clientId: $"c{i}"));
        }

        ExpectPost();
        ExpectPost();
        socket.Actor.Tell(SessionReplaced.Instance);
        (await socket.ReadCloseAsync()).ShouldBe(4409);
    }

    [Fact]
    public async Task A_close_handshake_is_bounded_in_time()
    {
        var socket = await OpenAsync();
        socket.Connection.Close(CloseCode.GoingAway);
        (await socket.ReadAsync()).ShouldStartWith("""{"op":"reconnect","after_ms":""");
        (await socket.ReadAsync()).ShouldBe("close 1001 going_away");
        Time.Advance(1_900);
        socket.Connection.Sweep(Time.GetTimestamp()).ShouldBeTrue();
        socket.Aborts.ShouldBe(0);
        Time.Advance(200);
        socket.Connection.Sweep(Time.GetTimestamp());
        await socket.Ended.Within("the end");
        socket.Aborts.ShouldBe(1);
    }

    [Fact]
    public async Task Over_the_rate_is_told_and_a_hundred_in_a_row_close()
    {
        Limits = new LimitsOptions { SocketRequestsPerSecond = 10, SocketBurst = 5 };
        var socket = await OpenAsync();
        for (var i = 0; i < 4; i++)
        {
            socket.Send("""{"op":"nonsense","ref":"r"}""");
            (await socket.ReadAsync()).ShouldContain("unknown_op");
        }

        socket.Send("""{"op":"nonsense","ref":"r"}""");
        var error = await socket.ReadJsonAsync();
        (error.GetProperty("ref").GetString(), error.GetProperty("code").GetString(), error.GetProperty("retry_ms").GetInt32())
            .ShouldBe(("r", "rate_limited", 100));

        // Signals are another matter.
        socket.Send("""{"op":"heartbeat","ref":"b"}""");
        (await socket.ReadAsync()).ShouldStartWith("""{"op":"ok","ref":"b",""");
        Time.Advance(100);
        socket.Send("""{"op":"nonsense","ref":"r"}""");
        (await socket.ReadAsync()).ShouldContain("unknown_op");

        for (var i = 0; i < 100; i++)
        {
            socket.Send("""{"op":"nonsense","ref":"r"}""");
        }

        (await socket.ReadCloseAsync()).ShouldBe(4429);
    }

    [Fact]
    public async Task Over_the_rate_of_the_account_is_told_on_each_of_its_sockets_and_on_no_other()
    {
        Limits = new LimitsOptions { AccountRequestsPerSecond = 10, AccountBurst = 5 };
        var (phone, tablet) = (await OpenAsync(), await OpenAsync(device: Some.KimsTablet));
        var lees = await OpenAsync(Some.Lee, Some.LeesPhone);
        for (var i = 0; i < 5; i++)
        {
            var socket = i % 2 == 0 ? phone : tablet;
            socket.Send("""{"op":"nonsense","ref":"r"}""");
            (await socket.ReadAsync()).ShouldContain("unknown_op");
        }

        foreach (var socket in new[] { phone, tablet })
        {
            socket.Send("""{"op":"nonsense","ref":"r"}""");
            var error = await socket.ReadJsonAsync();
            (error.GetProperty("code").GetString(), error.GetProperty("retry_ms").GetInt32()).ShouldBe(("rate_limited", 100));
            socket.Send("""{"op":"heartbeat","ref":"b"}""");
            (await socket.ReadAsync()).ShouldStartWith("""{"op":"ok","ref":"b",""", customMessage: "signals are another matter");
        }

        lees.Send("""{"op":"nonsense","ref":"r"}""");
        (await lees.ReadAsync()).ShouldContain("unknown_op");
        Time.Advance(100);
        tablet.Send("""{"op":"nonsense","ref":"r"}""");
        (await tablet.ReadAsync()).ShouldContain("unknown_op");
        for (var i = 0; i < 100; i++)
        {
            phone.Send("""{"op":"nonsense","ref":"r"}""");
        }

        (await phone.ReadCloseAsync()).ShouldBe(4429);
    }

    [Fact]
    public async Task Signals_over_ten_times_the_rate_of_the_account_are_dropped()
    {
        Limits = new LimitsOptions { AccountRequestsPerSecond = 1, AccountBurst = 1 };
        var socket = await OpenAsync();
        for (var i = 0; i < 10; i++)
        {
            socket.Send("""{"op":"heartbeat","ref":"b"}""");
            (await socket.ReadAsync()).ShouldStartWith("""{"op":"ok","ref":"b",""");
        }

        socket.Send("""{"op":"heartbeat","ref":"dropped"}""");
        socket.Send("""{"op":"nonsense","ref":"r"}""");
        (await socket.ReadAsync()).ShouldContain("unknown_op");
    }

    [Fact]
    public async Task A_failure_of_the_actor_cuts_its_connection_only()
    {
        var socket = await OpenAsync();
        var other = await OpenAsync(device: Some.KimsTablet);
        EventFilter.Exception<InvalidOperationException>().ExpectOne(() =>
            Users.Send(socket.Actor, new Delivery(Some.Direct, [new UnknownEvent()])));
        await socket.Ended.Within("the end of the connection");
        other.Send("""{"op":"heartbeat","ref":"b"}""");
        (await other.ReadAsync()).ShouldStartWith("""{"op":"ok","ref":"b",""");
    }

    private sealed record UnknownEvent() : Domain.Channels.ChannelEvent(1, 1, 1, Some.Lee);
}
