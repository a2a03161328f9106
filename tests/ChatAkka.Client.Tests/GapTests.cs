using ChatAkka.Client.Events;
using ChatAkka.Client.Tests.Support;

namespace ChatAkka.Client.Tests;

/// <summary>Dense, total order (P2), and every device catches up (P4): whatever arrives, the stream has every id once.</summary>
public sealed class GapTests : ClientTest
{
    [Fact]
    public async Task Missing_event_is_fetched_by_connecting_again_from_what_the_program_has()
    {
        var (client, connection, reader) = await ConnectAsync(null, Frames.Sync(1, 2));
        connection.SendEvent(4);
        connection.SendEvent(5);
        (await reader.IdsAsync(2)).ShouldBe([1, 2]);
        var rest = reader.IdsAsync(4);

        var again = await Server.WelcomeAsync(Frames.Sync(3, 5));
        again.SendEvent(6);

        (await rest).ShouldBe([3, 4, 5, 6]);
        again.Hello.GetProperty("cursors").GetProperty("5").GetString().ShouldBe("2");
        connection.IsClosed.ShouldBeTrue();
        client.GapsRepaired.ShouldBe(1);
    }

    [Fact]
    public async Task Long_absence_is_caught_up_with_hundred_by_hundred()
    {
        var (client, connection, reader) = await ConnectAsync(null, Frames.Sync(1, 100, head: 250));
        connection.SendEvent(251);

        var all = reader.IdsAsync(252);
        var second = await Server.WelcomeAsync(Frames.Sync(101, 200, head: 251));
        var third = await Server.WelcomeAsync(Frames.Sync(201, 251));
        third.SendEvent(252);

        (await all).ShouldBe(Frames.Ids(1, 252));
        second.Hello.GetProperty("cursors").GetProperty("5").GetString().ShouldBe("100");
        third.Hello.GetProperty("cursors").GetProperty("5").GetString().ShouldBe("200");
        client.GapsRepaired.ShouldBe(2);
    }

    [Fact]
    public async Task Other_channels_go_on_while_one_is_incomplete()
    {
        var (_, connection, reader) = await ConnectAsync(null, Frames.Sync(1, 2), Frames.Sync(1, 1, channel: "6"));
        connection.SendEvent(4);
        connection.SendEvent(2, "6");

        (await reader.IdsAsync(2, "6")).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Own_message_whose_predecessor_never_comes_makes_the_client_fetch_it()
    {
        var (client, connection, reader) = await ConnectAsync(null, Frames.Sync(1, 1));
        await reader.IdsAsync(1);
        var next = reader.NextAsync<ChannelEvent>();
        var sending = client.SendAsync("5", "own");
        connection.SendOk(await connection.TakeAsync("send"), 3);
        await sending.Within("the ok");

        var again = await Server.WelcomeLaterAsync(Time, Frames.Sync(2, 3));

        again.Hello.GetProperty("cursors").GetProperty("5").GetString().ShouldBe("1");
        (await next).Id.ShouldBe(2);
        (await reader.IdsAsync(1)).ShouldBe([3]);
        client.GapsRepaired.ShouldBe(1);
    }

    [Fact]
    public async Task Own_message_in_a_channel_where_the_device_does_not_know_its_place_waits_for_what_tells_it()
    {
        var (client, connection, reader) = await ConnectAsync();
        var sending = client.SendAsync("5", "own");
        connection.SendOk(await connection.TakeAsync("send"), 9);
        await sending.Within("the ok");
        connection.SendEvent(8);

        (await reader.IdsAsync(2)).ShouldBe([8, 9]);
        client.GapsRepaired.ShouldBe(0);
    }

    [Fact]
    public async Task Own_message_in_a_channel_where_nothing_tells_its_place_is_shown_by_the_next_sync()
    {
        var (client, connection, reader) = await ConnectAsync();
        var sending = client.SendAsync("5", "own");
        connection.SendOk(await connection.TakeAsync("send"), 9);
        await sending.Within("the ok");

        var again = await Server.WelcomeLaterAsync(Time, Frames.Sync(9, 9));

        again.Hello.TryGetProperty("cursors", out _).ShouldBeFalse("only the server knows where the device is");
        (await reader.IdsAsync(1)).ShouldBe([9]);
        client.GapsRepaired.ShouldBe(0, "nothing was missing");
    }

    [Fact]
    public async Task Channel_joined_again_begins_where_the_server_says()
    {
        var (client, connection, reader) = await ConnectAsync(null, Frames.Sync(1, 2));
        connection.Send("""{"op":"channel","removed":"5"}""");
        connection.Send(Frames.Joined());
        connection.SendEvent(9);
        connection.Send(Frames.Joined("6"));
        connection.SendEvent(3, "6");

        (await reader.IdsAsync(2)).ShouldBe([1, 2]);
        (await reader.NextAsync<ChannelLeft>()).Channel.ShouldBe("5");
        (await reader.NextAsync<ChannelJoined>()).Channel.Id.ShouldBe("5");
        (await reader.IdsAsync(1)).ShouldBe([9]);
        (await reader.IdsAsync(1, "6")).ShouldBe([3]);
        client.GapsRepaired.ShouldBe(0);
    }

    [Fact]
    public async Task Event_of_an_unknown_type_has_its_place()
    {
        var (client, connection, reader) = await ConnectAsync(null, Frames.Sync(1, 1));
        connection.Send("""{"op":"event","channel":"5","id":"2","n":1,"at":9,"from":"7","type":"pinned"}""");
        connection.SendEvent(3);

        (await reader.IdsAsync(3)).ShouldBe([1, 2, 3]);
        client.GapsRepaired.ShouldBe(0);
    }

    [Fact]
    public async Task Repair_that_brings_nothing_is_not_tried_in_a_hurry()
    {
        var (_, connection, reader) = await ConnectAsync(null, Frames.Sync(1, 1));
        connection.SendEvent(3);
        await reader.IdsAsync(1);
        var next = reader.NextAsync<ChannelEvent>();
        var again = await Server.WelcomeAsync(); // forgets to sync
        again.SendEvent(4);
        await Wait.UntilAsync("the client has gone", () => again.IsClosed);

        // The clock stands still: there is no third connection before it moves.
        await Wait.UntilAsync("the good-bye was answered", () => again.Read == 4);
        Server.Attempts.Count.ShouldBe(2);
        await Server.WelcomeLaterAsync(Time, Frames.Sync(2, 4));
        (await next).Id.ShouldBe(2);
    }
}
