using Akka.Actor;
using ChatAkka.Actors.Serialization;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Gateway.Connections;
using ChatAkka.Gateway.Tests.Support;

namespace ChatAkka.Gateway.Tests.Connections;

/// <summary>Channels and users of other nodes: what they say arrives as bytes.</summary>
public sealed class OtherNodesTests : ConnectionTestKit
{
    [Fact]
    public async Task Answer_to_a_send_is_matched_with_it_and_its_event_left_out()
    {
        var socket = await OpenAsync();
        socket.Send(Send("r"));
        Channels.Reply(Arriving(Ok(ExpectPost(), 7)));
        (await socket.ReadAsync()).ShouldStartWith("""{"op":"ok","ref":"r","channel":"1-2","id":"7",""");

        var own = Some.Message(7, Some.Kim, Some.KimsPhone);
        Users.Send(socket.Actor, Arriving(new Delivery(Some.Direct, [own, Some.Message(8, Some.Lee, Some.LeesPhone)])));
        (await socket.ReadAsync()).ShouldStartWith("""{"op":"event","channel":"1-2","id":"8",""");
    }

    [Fact]
    public async Task Socket_whose_user_is_being_handed_over_waits_for_the_next_incarnation()
    {
        var services = Support.Socket.Services(Channels, Users, Authenticator, Timeline, Limits, Time, isClustered: true);
        var socket = new Support.Socket(Sys, services);
        await HelloAsync(socket);
        Users.Reply(SessionUnavailable.Instance);
        Users.ExpectNoMsg(TimeSpan.FromMilliseconds(50));

        Time.Advance(3_000);
        socket.Connection.Sweep(Time.GetTimestamp());

        Attach().Attempt.ShouldBe(1);
        Users.Reply(SyncCompleted.Instance);
        (await socket.ReadAsync("synced")).ShouldBe("""{"op":"synced"}""");
    }

    [Fact]
    public async Task Refusal_is_matched_with_its_send()
    {
        var socket = await OpenAsync();
        socket.Send(Send("r"));
        var post = (PostMessage)Arriving(ExpectPost());
        Channels.Reply(Arriving(new Refused(post.Channel, post.Request, Refusal.Blocked)));
        (await socket.ReadAsync()).ShouldStartWith("""{"op":"error","ref":"r","code":"blocked""");
    }

    [Fact]
    public async Task Delivery_for_several_sessions_makes_one_frame()
    {
        var delivery = new Delivery(Some.Group, [Some.Message(9, Some.Kim, Some.KimsPhone)]);
        var lee = await OpenAsync(Some.Lee, Some.LeesPhone);
        var kim = await OpenAsync(device: Some.KimsTablet);
        var forLee = (Delivery)Arriving(delivery);
        Users.Send(lee.Actor, forLee);
        (await lee.ReadAsync()).ShouldStartWith("""{"op":"event","channel":"77","id":"9",""");
        var frames = forLee.Frame.ShouldBeOfType<DeliveryFrames>();

        var forKim = (Delivery)Arriving(delivery);
        forKim.Frame.ShouldBeSameAs(frames);
        Users.Send(kim.Actor, forKim);
        (await kim.ReadJsonAsync()).GetProperty("client_id").GetString().ShouldBe("c");
    }

    [Fact]
    public async Task What_else_is_told_is_written_as_if_it_were_told_here()
    {
        object[] told =
        [
            new ChannelAppeared(Some.KimsView(1, 0, Some.Group)),
            new ReceiptChanges(Some.Group, [new ReceiptChange(Some.Lee, 5, 4), new ReceiptChange(Some.Kim, 0, 5)]),
            new TypingNotice(Some.Kim, Some.Group, Some.Lee),
            new ChannelDisappeared(Some.Group),
        ];
        var socket = await OpenAsync();
        foreach (var message in told)
        {
            Users.Send(socket.Actor, message);
            var here = await socket.ReadFlushAsync();
            Users.Send(socket.Actor, Arriving(message));
            (await socket.ReadFlushAsync()).ShouldBe(here);
        }
    }

    private object Arriving(object message)
    {
        var serializer = new NodeSerializer((ExtendedActorSystem)Sys);
        return serializer.FromBinary([.. serializer.ToBinary(message)], serializer.Manifest(message));
    }
}
