using ChatAkka.Client.Events;
using ChatAkka.Client.Tests.Support;
using ChatAkka.Protocol;

namespace ChatAkka.Client.Tests;

public sealed class ConnectionTests : ClientTest
{
    [Fact]
    public async Task Client_says_hello_and_shows_what_it_missed_and_what_happens()
    {
        var (client, connection, reader) = await ConnectAsync(null, Frames.Sync(3, 4));
        connection.SendEvent(5);

        (await reader.NextAsync<ConnectionChanged>()).State.ShouldBe(ConnectionState.Connecting);
        (await reader.IdsAsync(2)).ShouldBe([3, 4]);
        (await reader.NextAsync<ConnectionChanged>()).ShouldBe(new ConnectionChanged(ConnectionState.Connected) { Server = Url });
        var message = await reader.NextAsync<MessageReceived>();
        (message.Id, message.Text, message.From, message.IsOwn, message.At)
            .ShouldBe((5, "text 5", "7", false, DateTimeOffset.FromUnixTimeMilliseconds(99)));
        connection.Hello.GetProperty("token").GetString().ShouldBe("token");
        connection.Hello.TryGetProperty("cursors", out _).ShouldBeFalse("the server remembers");
        (client.UserId, client.DeviceId, client.State).ShouldBe(("42", "43", ConnectionState.Connected));
    }

    [Fact]
    public async Task Given_cursors_are_told_to_the_server()
    {
        var (client, connection, _) = await ConnectAsync(Options with { Cursors = new Dictionary<string, long> { ["5"] = 17 } });

        connection.Hello.GetProperty("cursors").GetProperty("5").GetString().ShouldBe("17");
        client.ExportCursors()["5"].ShouldBe(17);
    }

    [Fact]
    public async Task Client_that_comes_back_says_what_the_program_has_and_shows_nothing_twice()
    {
        var (_, connection, reader) = await ConnectAsync(null, Frames.Sync(3, 4));
        connection.SendEvent(5);
        (await reader.IdsAsync(2)).ShouldBe([3, 4]);
        await reader.NextAsync<ConnectionChanged>(c => c.State == ConnectionState.Connected);
        await Wait.UntilAsync("event 5 has arrived", () => connection.Read == 4);
        connection.Close(CloseCode.Abnormal);

        var again = await Server.WelcomeLaterAsync(Time, Frames.Sync(5, 6));

        // The program hasn't taken 5 yet: if it died now, it must get it again.
        again.Hello.GetProperty("cursors").GetProperty("5").GetString().ShouldBe("4");
        (await reader.IdsAsync(2)).ShouldBe([5, 6]);
    }

    [Theory]
    [InlineData(CloseCode.GoingAway)]
    [InlineData(CloseCode.Abnormal)]
    [InlineData(CloseCode.InternalError)]
    [InlineData(CloseCode.ServiceRestart)]
    [InlineData(CloseCode.HeartbeatTimeout)]
    [InlineData(CloseCode.TooSlow)]
    public async Task Client_comes_back_after_a_code_that_allows_it(CloseCode code)
    {
        var (client, connection, reader) = await ConnectAsync();

        connection.Close(code);

        var waiting = await reader.NextAsync<ConnectionChanged>(c => c.State == ConnectionState.Waiting);
        waiting.CloseCode.ShouldBe(code);
        waiting.RetryIn!.Value.ShouldBeInRange(TimeSpan.Zero, Options.Backoff.First);
        await Server.WelcomeLaterAsync(Time);
        await reader.NextAsync<ConnectionChanged>(c => c.State == ConnectionState.Connected);
        client.State.ShouldBe(ConnectionState.Connected);
    }

    [Theory]
    [InlineData(CloseCode.Replaced, "replaced")]
    [InlineData(CloseCode.Revoked, "revoked")]
    [InlineData(CloseCode.BadFrame, "bad_frame")]
    [InlineData(CloseCode.Unauthorized, "unauthorized")]
    public async Task Client_stops_after_a_code_that_needs_a_person(CloseCode code, string reason)
    {
        var (client, connection, reader) = await ConnectAsync();
        var sending = client.SendAsync("5", "never answered");

        connection.Close(code);

        var last = await reader.NextAsync<ConnectionChanged>(c => c.State == ConnectionState.Stopped);
        (last.CloseCode, last.Error!.Code).ShouldBe((code, reason));
        (await reader.NextAsync()).ShouldBeNull();
        client.Error!.Code.ShouldBe(reason);
        (await Should.ThrowAsync<ChatException>(sending)).Code.ShouldBe(reason);
        (await Should.ThrowAsync<ChatException>(client.SendAsync("5", "too late"))).Code.ShouldBe(reason);
        Server.Attempts.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Refused_hello_ends_the_connecting_with_the_servers_word()
    {
        var client = NewClient();
        var connecting = client.ConnectAsync();
        var connection = await Server.AcceptAsync();
        connection.SendError(await connection.TakeAsync("hello"), "unauthorized");
        connection.Close(CloseCode.Unauthorized);

        (await Should.ThrowAsync<ChatException>(connecting)).Code.ShouldBe("unauthorized");
    }

    [Fact]
    public async Task Server_that_has_no_room_is_left_alone_for_as_long_as_it_says()
    {
        var client = NewClient();
        _ = client.ConnectAsync();
        var connection = await Server.AcceptAsync();
        connection.SendError(await connection.TakeAsync("hello"), "rate_limited", retryMs: 30_000);
        connection.Close(CloseCode.TooSlow);

        var waiting = await new Reader(client).NextAsync<ConnectionChanged>(c => c.State == ConnectionState.Waiting);

        waiting.RetryIn.ShouldBe(TimeSpan.FromSeconds(30));
        waiting.Error!.Code.ShouldBe("rate_limited");
    }

    [Fact]
    public async Task Next_server_of_the_list_is_tried_when_one_fails()
    {
        Uri[] servers = [new("ws://a/v1/ws"), new("ws://b/v1/ws")];
        Server.IsDown = true;
        var client = NewClient(Options with { Url = null, Servers = servers });
        _ = client.ConnectAsync();

        await Time.AdvanceUntilAsync("three attempts", ThreeAttemptsAsync(), TimeSpan.FromSeconds(1));

        Server.Attempts.Take(3).ShouldBe([servers[0], servers[1], servers[0]]);

        async Task<bool> ThreeAttemptsAsync()
        {
            await Wait.UntilAsync("three attempts", () => Server.Attempts.Count >= 3);
            return true;
        }
    }

    [Fact]
    public async Task Server_that_drains_sends_the_client_elsewhere_after_a_while()
    {
        var (_, connection, reader) = await ConnectAsync(Options with { Url = null, Servers = [Url] });
        connection.Send("""{"op":"reconnect","after_ms":3000,"servers":[{"url":"ws://b/v1/ws","region":"","node":"b"}]}""");
        connection.SendEvent(1);
        await reader.IdsAsync(1);

        await Server.WelcomeLaterAsync(Time);

        connection.IsClosed.ShouldBeTrue();
        Time.GetTimestamp().ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(3).Ticks);
        Server.Attempts[1].ShouldBe(new Uri("ws://b/v1/ws"));
    }

    [Fact]
    public async Task Frame_that_is_none_makes_the_client_connect_again()
    {
        var (_, connection, reader) = await ConnectAsync();

        connection.Send("not json");

        (await reader.NextAsync<ConnectionChanged>(c => c.State == ConnectionState.Waiting)).Error!.Code.ShouldBe(ChatException.BadAnswer);
        await Server.WelcomeLaterAsync(Time);
    }

    [Fact]
    public async Task Disposing_says_goodbye_and_ends_the_stream()
    {
        var (client, connection, reader) = await ConnectAsync();
        var sending = client.SendAsync("5", "never answered");
        connection.SendEvent(1);
        await reader.IdsAsync(1);

        await client.DisposeAsync().AsTask().Within("the client is disposed of");

        connection.IsClosed.ShouldBeTrue();
        (await Should.ThrowAsync<ChatException>(sending)).Code.ShouldBe(ChatException.Closed);
        (await reader.NextAsync<ConnectionChanged>()).ShouldBe(new ConnectionChanged(ConnectionState.Stopped));
        (await reader.NextAsync()).ShouldBeNull();
        Should.Throw<ObjectDisposedException>(() => client.ConnectAsync());
    }

    [Fact]
    public async Task Disposing_while_a_server_is_awaited_ends_at_once()
    {
        Server.IsDown = true;
        var client = NewClient();
        var connecting = client.ConnectAsync();
        await new Reader(client).NextAsync<ConnectionChanged>(c => c.State == ConnectionState.Waiting);

        await client.DisposeAsync().AsTask().Within("the client is disposed of");

        (await Should.ThrowAsync<ChatException>(connecting)).Code.ShouldBe(ChatException.Closed);
    }

    [Fact]
    public async Task Stream_has_one_reader_at_a_time_and_the_next_goes_on()
    {
        var (client, connection, _) = await ConnectAsync();
        connection.SendEvent(1);
        connection.SendEvent(2);
        var first = new Reader(client);
        await first.IdsAsync(1);

        await Should.ThrowAsync<InvalidOperationException>(async () => await new Reader(client).NextAsync());
        await first.DisposeAsync();

        (await new Reader(client).IdsAsync(1)).ShouldBe([2]);
    }
}
