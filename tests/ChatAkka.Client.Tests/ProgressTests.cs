using ChatAkka.Client.Events;
using ChatAkka.Client.Tests.Support;
using ChatAkka.Protocol;

namespace ChatAkka.Client.Tests;

/// <summary>A device's cursor moves only when the program has what it stands for.</summary>
public sealed class ProgressTests : ClientTest
{
    [Fact]
    public async Task Burst_is_confirmed_once_when_the_program_has_taken_it()
    {
        var (client, connection, reader) = await ConnectAsync(null, Frames.Sync(1, 3));
        (await reader.IdsAsync(3)).ShouldBe([1, 2, 3]);
        await reader.NextAsync<ConnectionChanged>();
        connection.Untaken().ShouldBeEmpty();
        client.ExportCursors()["5"].ShouldBe(3);

        _ = reader.AskAsync();

        var delivered = await connection.TakeAsync("delivered");
        (delivered.GetProperty("channel").GetString(), delivered.GetProperty("id").GetString()).ShouldBe(("5", "3"));
        connection.Untaken().ShouldBeEmpty();
    }

    [Fact]
    public async Task Event_that_the_program_holds_is_not_confirmed()
    {
        var (client, connection, reader) = await ConnectAsync(null, Frames.Sync(1, 2));
        (await reader.IdsAsync(2)).ShouldBe([1, 2]);

        client.ExportCursors()["5"].ShouldBe(1);
        connection.Untaken().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_said_before_a_connection_died_is_said_again_until_the_server_has_it()
    {
        var (client, connection, reader) = await ConnectAsync(null, Frames.Sync(1, 2));
        (await reader.IdsAsync(2)).ShouldBe([1, 2]);
        var told = reader.NextAsync<ReceiptMoved>();
        await connection.TakeAsync("delivered");
        client.MarkRead("5", 2);
        await connection.TakeAsync("read");
        connection.Close(CloseCode.Abnormal);

        var again = await Server.WelcomeLaterAsync(Time);
        (await again.TakeAsync("delivered")).GetProperty("id").GetString().ShouldBe("2");
        (await again.TakeAsync("read")).GetProperty("id").GetString().ShouldBe("2");
        again.Close(CloseCode.Abnormal);
        var third = await Server.WelcomeLaterAsync(Time);
        (await third.TakeAsync("delivered")).GetProperty("id").GetString().ShouldBe("2");
        (await third.TakeAsync("read")).GetProperty("id").GetString().ShouldBe("2");
        Time.Advance(TimeSpan.FromSeconds(6));
        third.Send("""{"op":"receipt","channel":"5","user":"42","delivered":"2","read":"2"}""");
        (await told).Read.ShouldBe(2);
        var next = reader.NextAsync<UserTyping>();
        third.Close(CloseCode.Abnormal);
        var fourth = await Server.WelcomeLaterAsync(Time);
        fourth.Send("""{"op":"typing","channel":"5","user":"7"}""");
        await next;
        fourth.Untaken().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_said_to_a_server_that_stands_still_is_said_again_however_long_ago()
    {
        var (client, connection, reader) = await ConnectAsync(null, Frames.Sync(1, 2));
        (await reader.IdsAsync(2)).ShouldBe([1, 2]);
        _ = reader.NextAsync<UserTyping>();
        await connection.TakeAsync("delivered");
        client.MarkRead("5", 2);
        await connection.TakeAsync("read");
        Time.Advance(TimeSpan.FromSeconds(29));
        connection.Close(CloseCode.Abnormal);

        var again = await Server.WelcomeLaterAsync(Time);
        (await again.TakeAsync("delivered")).GetProperty("id").GetString().ShouldBe("2");
        (await again.TakeAsync("read")).GetProperty("id").GetString().ShouldBe("2");
    }

    [Fact]
    public async Task What_the_next_server_says_was_read_is_not_said_again()
    {
        var (client, connection, reader) = await ConnectAsync(null, Frames.Sync(1, 2));
        (await reader.IdsAsync(2)).ShouldBe([1, 2]);
        client.MarkRead("5", 1);
        await connection.TakeAsync("read");
        var typing = reader.NextAsync<UserTyping>();
        await connection.TakeAsync("delivered");
        connection.Close(CloseCode.Abnormal);

        var again = await Server.WelcomeLaterAsync(Time, """{"op":"receipt","channel":"5","user":"42","read":"2"}""");
        (await again.TakeAsync("delivered")).GetProperty("id").GetString().ShouldBe("2");
        again.Send("""{"op":"typing","channel":"5","user":"7"}""");
        await typing;
        again.Untaken().ShouldBeEmpty();
    }

    [Fact]
    public async Task Manual_confirmation_is_the_programs()
    {
        var (client, connection, reader) = await ConnectAsync(Options with { Delivered = DeliveredMode.Manual }, Frames.Sync(1, 3));
        (await reader.IdsAsync(3)).ShouldBe([1, 2, 3]);
        var next = reader.NextAsync<UserTyping>();
        connection.Send("""{"op":"typing","channel":"5","user":"7"}""");
        await next;
        connection.Untaken().ShouldBeEmpty();

        client.MarkDelivered("5", 2);

        (await connection.TakeAsync("delivered")).GetProperty("id").GetString().ShouldBe("2");
        client.ExportCursors()["5"].ShouldBe(2);
        connection.Close(CloseCode.Abnormal);
        var again = await Server.WelcomeLaterAsync(Time, Frames.Sync(3, 4));
        again.Hello.GetProperty("cursors").GetProperty("5").GetString().ShouldBe("2");
        (await reader.IdsAsync(1)).ShouldBe([4], "the program has seen 3");
    }

    [Fact]
    public async Task What_the_user_has_read_is_said_though_events_wait()
    {
        var (client, connection, _) = await ConnectAsync(null, Frames.Sync(1, 2));

        client.MarkRead("5", 1);

        (await connection.TakeAsync("read")).GetProperty("id").GetString().ShouldBe("1");
    }

    [Fact]
    public async Task Client_that_confirms_by_itself_leaves_nothing_to_the_program()
    {
        var (client, _, _) = await ConnectAsync();

        Should.Throw<InvalidOperationException>(() => client.MarkDelivered("5", 1));
    }

    [Fact]
    public async Task Program_that_does_not_read_stops_the_client_from_reading_and_loses_nothing()
    {
        var (_, connection, reader) = await ConnectAsync(Options with { EventBuffer = 10 });
        foreach (var id in Frames.Ids(1, 500))
        {
            connection.SendEvent(id);
        }

        await Wait.UntilAsync("the buffer is full", () => connection.Read >= 10);
        connection.Read.ShouldBeLessThan(15);
        (await reader.IdsAsync(500)).ShouldBe(Frames.Ids(1, 500));
        Server.Attempts.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Program_that_awaits_an_answer_between_two_events_gets_it()
    {
        var (client, connection, reader) = await ConnectAsync(Options with { EventBuffer = 10 });
        foreach (var id in Frames.Ids(1, 15))
        {
            connection.SendEvent(id);
        }

        (await reader.IdsAsync(1)).ShouldBe([1]);
        var sending = client.SendAsync("5", "own");
        connection.SendOk(await connection.TakeAsync("send"), 16);

        (await sending.Within("the ok")).Id.ShouldBe(16);
        (await reader.IdsAsync(15)).ShouldBe(Frames.Ids(2, 16));
    }

    [Fact]
    public async Task Program_that_awaits_the_connection_before_it_reads_gets_it_whatever_was_missed()
    {
        var server = new ModelServer(new Random(1));
        foreach (var channel in new[] { "5", "6", "7", "8" })
        {
            foreach (var _ in Frames.Ids(1, 30))
            {
                server.Post(channel, leaveOut: false);
            }
        }

        await using var client = new ChatClient(Options with { EventBuffer = 4 }, server);
        await client.ConnectAsync().Within("the client is connected");

        Dictionary<string, List<long>> seen = [];
        await using var reader = new Reader(client);
        for (var count = 0; count < 120; count++)
        {
            var e = await reader.NextAsync<ChannelEvent>();
            (seen.TryGetValue(e.Channel, out var ids) ? ids : seen[e.Channel] = []).Add(e.Id);
        }

        seen.Values.ShouldAllBe(ids => ids.SequenceEqual(Frames.Ids(1, 30)));
        seen.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Flood_while_the_program_awaits_an_answer_is_fetched_later()
    {
        var (client, connection, reader) = await ConnectAsync(Options with { EventBuffer = 10 });
        foreach (var id in Frames.Ids(1, 90))
        {
            connection.SendEvent(id);
        }

        (await reader.IdsAsync(1)).ShouldBe([1]);
        var sending = client.SendAsync("5", "own");
        connection.SendOk(await connection.TakeAsync("send"), 91);
        (await sending.Within("the ok")).Id.ShouldBe(91);
        var rest = reader.IdsAsync(90);
        var again = await Server.AcceptAsync();
        var hello = await again.TakeAsync("hello");
        var have = long.Parse(hello.GetProperty("cursors").GetProperty("5").GetString()!);
        have.ShouldBeLessThan(40, "the buffer is bounded");
        again.Send("""{"op":"ok","ref":"0","user_id":"42","device_id":"43"}""");
        again.Send(Frames.Sync(have + 1, 91));
        again.Send("""{"op":"synced"}""");

        (await rest.Within("everything")).ShouldBe(Frames.Ids(2, 91));
    }
}
