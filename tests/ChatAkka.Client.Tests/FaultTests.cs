using ChatAkka.Client.Events;
using ChatAkka.Client.Tests.Support;
using ChatAkka.Protocol;

namespace ChatAkka.Client.Tests;

/// <summary>A server that breaks its promises is told of, and harms nobody.</summary>
public sealed class FaultTests : ClientTest
{
    [Fact]
    public async Task Event_left_out_is_told_once()
    {
        var (_, connection, reader) = await ConnectAsync(null, Frames.Sync(1, 2));
        connection.SendEvent(4);
        connection.SendEvent(5);

        (await FaultsAsync(reader, 1)).ShouldBe([(3, ChannelFaultKind.Missing)]);
        var rest = reader.TakeUntilAsync(5);
        await Server.WelcomeAsync(Frames.Sync(3, 5));
        (await rest).OfType<ChannelFault>().ShouldBeEmpty();
    }

    [Fact]
    public async Task Event_that_comes_late_is_told_and_shown_once()
    {
        var (_, connection, reader) = await ConnectAsync(null, Frames.Sync(1, 2));
        connection.SendEvent(4);
        connection.SendEvent(3);

        (await FaultsAsync(reader, 2)).ShouldBe([(3, ChannelFaultKind.Missing), (3, ChannelFaultKind.Late)]);
        var rest = reader.TakeUntilAsync(4);
        await Server.WelcomeAsync(Frames.Sync(4, 4));
        (await rest).OfType<ChannelEvent>().Select(e => e.Id).ShouldBe([3, 4]);
    }

    [Fact]
    public async Task Event_that_comes_twice_is_told_and_shown_once()
    {
        var (_, connection, reader) = await ConnectAsync(null, Frames.Sync(1, 2));
        connection.SendEvent(2);
        connection.SendEvent(3);

        var events = await reader.TakeUntilAsync(3);

        events.OfType<ChannelEvent>().Select(e => e.Id).ShouldBe([1, 2, 3]);
        events.OfType<ChannelFault>().ShouldBe([new ChannelFault("5", 2, ChannelFaultKind.Repeated)]);
    }

    [Fact]
    public async Task Sync_below_what_the_client_said_it_has_is_told()
    {
        var (_, connection, reader) = await ConnectAsync(null, Frames.Sync(1, 2));
        (await reader.IdsAsync(2)).ShouldBe([1, 2]);
        var next = reader.NextAsync<ChannelFault>();
        await connection.TakeAsync("delivered");
        connection.Close(CloseCode.Abnormal);

        await Server.WelcomeLaterAsync(Time, Frames.Sync(2, 3));

        (await next).ShouldBe(new ChannelFault("5", 2, ChannelFaultKind.Repeated));
        (await reader.IdsAsync(1)).ShouldBe([3]);
    }

    [Fact]
    public async Task Event_of_an_own_message_that_another_connection_had_sent_is_no_fault()
    {
        var (client, connection, reader) = await ConnectAsync(null, Frames.Sync(1, 1));
        var sending = client.SendAsync("5", "own");
        connection.SendOk(await connection.TakeAsync("send"), 2, duplicate: true);
        await sending.Within("the ok");
        connection.SendEvent(2);
        connection.SendEvent(3);

        var events = await reader.TakeUntilAsync(3);

        events.OfType<ChannelFault>().ShouldBeEmpty();
    }

    [Fact]
    public async Task Event_beside_the_answer_to_a_send_is_told()
    {
        var (client, connection, reader) = await ConnectAsync(null, Frames.Sync(1, 1));
        var sending = client.SendAsync("5", "own");
        connection.SendOk(await connection.TakeAsync("send"), 2);
        await sending.Within("the ok");
        connection.SendEvent(2);
        connection.SendEvent(3);

        var events = await reader.TakeUntilAsync(3);

        events.OfType<ChannelFault>().ShouldBe([new ChannelFault("5", 2, ChannelFaultKind.Repeated)]);
    }

    [Fact]
    public async Task What_was_read_on_another_device_meanwhile_is_told_with_the_sync()
    {
        var (_, _, reader) = await ConnectAsync(null, Frames.Sync(1, 3, read: 2));

        (await reader.NextAsync<ReceiptMoved>()).ShouldBe(new ReceiptMoved("5", "42", null, 2));
    }

    [Fact]
    public async Task Sync_that_a_receipt_has_overtaken_says_nothing_new_of_what_was_read()
    {
        var (_, connection, reader) = await ConnectAsync(null, Frames.Sync(1, 1));
        connection.Send("""{"op":"receipt","channel":"5","user":"42","read":"3"}""");
        connection.Send(Frames.Sync(2, 3, read: 2));
        connection.SendEvent(4);

        var events = await reader.TakeUntilAsync(4);

        events.OfType<ReceiptMoved>().ShouldBe([new ReceiptMoved("5", "42", null, 3)]);
    }

    [Fact]
    public async Task What_the_user_has_read_never_goes_back()
    {
        var (_, connection, reader) = await ConnectAsync(null, Frames.Sync(1, 3, read: 3));
        connection.Send("""{"op":"receipt","channel":"5","user":"42","read":"2"}""");
        connection.Send("""{"op":"receipt","channel":"5","user":"42","delivered":"3","read":"2"}""");
        connection.SendEvent(4);

        var events = await reader.TakeUntilAsync(4);

        events.OfType<ReceiptMoved>().ShouldBe([new ReceiptMoved("5", "42", null, 3), new ReceiptMoved("5", "42", 3, null)]);
    }

    private static async Task<IReadOnlyList<(long, ChannelFaultKind)>> FaultsAsync(Reader reader, int count)
    {
        List<(long, ChannelFaultKind)> faults = [];
        while (faults.Count < count)
        {
            var fault = await reader.NextAsync<ChannelFault>();
            fault.Channel.ShouldBe("5");
            faults.Add((fault.Id, fault.Kind));
        }

        return faults;
    }
}
