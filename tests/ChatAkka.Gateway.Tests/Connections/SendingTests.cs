using Akka.Actor;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Gateway.Auth;
using ChatAkka.Gateway.Connections;
using ChatAkka.Gateway.Limits;
using ChatAkka.Gateway.Tests.Support;

namespace ChatAkka.Gateway.Tests.Connections;

public sealed class SendingTests : ConnectionTestKit
{
    [Fact]
    public async Task A_send_is_posted_and_answered()
    {
        var socket = await OpenAsync();
        socket.Send("""{"op":"send","ref":"r","to":"2","client_id":"c1","text":"안녕 👋","reply_to":"3","mentions":["2"]}""");

        var post = ExpectPost();
        (post.Channel, post.By, post.Device, post.ClientId, post.Text, post.ReplyTo, post.MayOpen)
            .ShouldBe((Some.Direct, Some.Kim, Some.KimsPhone, "c1", "안녕 👋", 3L, true));
        post.Mentions.ShouldBe([Some.Lee]);
        Channels.Reply(Ok(post, 7));
        (await socket.ReadAsync()).ShouldBe("""{"op":"ok","ref":"r","channel":"1-2","id":"7","n":7,"at":1007}""");
    }

    [Theory]
    [InlineData("""{"op":"send","ref":"r","channel":"nonsense","client_id":"c","text":"x"}""", "channel_not_found")]
    [InlineData("""{"op":"send","ref":"r","channel":"2-3","client_id":"c","text":"x"}""", "channel_not_found")]
    [InlineData("""{"op":"send","ref":"r","channel":"2-1","client_id":"c","text":"x"}""", "channel_not_found")]
    [InlineData("""{"op":"send","ref":"r","to":"nobody","client_id":"c","text":"x"}""", "user_not_found")]
    [InlineData("""{"op":"send","ref":"r","to":"1","client_id":"c","text":"x"}""", "bad_request")]
    [InlineData("""{"op":"send","ref":"r","to":"2","client_id":"a\u0000b","text":"x"}""", "bad_request")]
    [InlineData("""{"op":"send","ref":"r","to":"2","client_id":"c","text":"x","mentions":["x"]}""", "bad_request")]
    [InlineData("""{"op":"send","ref":"r","to":"2","client_id":"c","text":""}""", "text_empty")]
    [InlineData("""{"op":"send","ref":"r","to":"2","client_id":"c","text":"a\u0000b"}""", "text_invalid")]
    [InlineData("""{"op":"send","ref":"r","to":"2","client_id":"c","text":"\ud800"}""", "text_invalid")]
    [InlineData("""{"op":"shout","ref":"r","channel":"1-2","id":"1","text":"x"}""", "unknown_op")]
    [InlineData("""{"op":"edit","ref":"r","channel":"1-2","id":"1","text":""}""", "text_empty")]
    [InlineData("""{"op":"edit","ref":"r","channel":"x","id":"1","text":"x"}""", "channel_not_found")]
    [InlineData("""{"op":"delete","ref":"r","channel":"8-9","id":"1"}""", "channel_not_found")]
    [InlineData("""{"op":"delete","ref":"r","channel":"1-2","id":"0"}""", "bad_request")]
    [InlineData("""{"op":"react","ref":"r","channel":"1-2","id":"1","emoji":""}""", "bad_request")]
    [InlineData("""{"op":"unreact","ref":"r","channel":"1-2","id":"1","emoji":" "}""", "bad_request")]
    [InlineData("""{"op":"history","ref":"r","channel":"2-3"}""", "channel_not_found")]
    public async Task What_cannot_be_served_is_refused_without_asking_a_channel(string frame, string code)
    {
        var socket = await OpenAsync();
        socket.Send(frame);
        (await socket.ReadAsync()).ShouldStartWith($$"""{"op":"error","ref":"r","code":"{{code}}",""");
        Channels.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_hundred_thousand_characters_are_the_most()
    {
        var socket = await OpenAsync();
        foreach (var character in new[] { "x", "한", "👋" })
        {
            var longest = string.Concat(Enumerable.Repeat(character, 100_000));
            socket.Send(Send("r", longest));
            ExpectPost().Text.ShouldBe(longest);
            socket.Send(Send("long", longest + character));
            (await socket.ReadAsync()).ShouldStartWith("""{"op":"error","ref":"long","code":"text_too_long",""");
        }
    }

    [Theory]
    [InlineData(Refusal.ChannelNotFound, "channel_not_found", false)]
    [InlineData(Refusal.UserNotFound, "user_not_found", false)]
    [InlineData(Refusal.MessageNotFound, "message_not_found", false)]
    [InlineData(Refusal.NotAllowed, "not_allowed", false)]
    [InlineData(Refusal.GroupTooLarge, "group_too_large", false)]
    [InlineData(Refusal.Outdated, "outdated", false)]
    [InlineData(Refusal.Busy, "busy", true)]
    [InlineData(Refusal.Unavailable, "unavailable", true)]
    public async Task A_refusal_has_its_code(Refusal reason, string code, bool retry)
    {
        var socket = await OpenAsync();
        socket.Send(Send("r"));
        var post = ExpectPost();
        Channels.Reply(new Refused(post.Channel, post.Request, reason));
        var error = await socket.ReadJsonAsync();
        error.GetProperty("code").GetString().ShouldBe(code);
        error.TryGetProperty("retry_ms", out _).ShouldBe(retry);
    }

    [Fact]
    public void Every_refusal_has_a_code()
    {
        foreach (var reason in Enum.GetValues<Refusal>())
        {
            Refusals.Code(reason).ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task The_ok_first_then_the_event_is_left_out()
    {
        var socket = await OpenAsync();
        socket.Send(Send("r"));
        Channels.Reply(Ok(ExpectPost(), 7));
        Users.Send(socket.Actor, new Delivery(Some.Direct, [Some.Message(7, Some.Kim, Some.KimsPhone)]));
        Users.Send(socket.Actor, new Delivery(Some.Direct, [Some.Message(8, Some.Lee, Some.LeesPhone)]));

        (await socket.ReadAsync()).ShouldStartWith("""{"op":"ok","ref":"r","channel":"1-2","id":"7",""");
        (await socket.ReadAsync()).ShouldStartWith("""{"op":"event","channel":"1-2","id":"8",""");
    }

    [Fact]
    public async Task The_event_first_answers_the_send_and_the_reply_is_left_out()
    {
        var socket = await OpenAsync();
        socket.Send(Send("r"));
        var post = ExpectPost();
        Users.Send(socket.Actor, new Delivery(Some.Direct, [Some.Message(7, Some.Kim, Some.KimsPhone)]));
        (await socket.ReadAsync()).ShouldBe("""{"op":"ok","ref":"r","channel":"1-2","id":"7","n":7,"at":1007}""");

        Channels.Reply(Ok(post, 7));
        Users.Send(socket.Actor, new Delivery(Some.Direct, [Some.Message(8, Some.Lee, Some.LeesPhone)]));
        (await socket.ReadAsync()).ShouldStartWith("""{"op":"event","channel":"1-2","id":"8",""");
    }

    [Fact]
    public async Task The_event_of_a_repeated_send_is_left_out_too()
    {
        var socket = await OpenAsync();
        socket.Send(Send("r"));
        Channels.Reply(Ok(ExpectPost(), 7, duplicate: true));
        Users.Send(socket.Actor, new Delivery(Some.Direct, [Some.Message(7, Some.Kim, Some.KimsPhone), Some.Message(8, Some.Lee, Some.LeesPhone)]));

        (await socket.ReadAsync()).ShouldEndWith(""","duplicate":true}""");
        (await socket.ReadAsync()).ShouldStartWith("""{"op":"event","channel":"1-2","id":"8",""");
    }

    [Fact]
    public async Task The_senders_other_device_gets_the_event_with_the_client_id()
    {
        var delivery = new Delivery(Some.Direct, [Some.Message(7, Some.Kim, Some.KimsPhone)]);
        var tablet = await OpenAsync(device: Some.KimsTablet);
        var lee = await OpenAsync(Some.Lee, Some.LeesPhone);
        Users.Send(tablet.Actor, delivery);
        Users.Send(lee.Actor, delivery);
        (await tablet.ReadJsonAsync()).GetProperty("client_id").GetString().ShouldBe("c");
        (await lee.ReadJsonAsync()).TryGetProperty("client_id", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task The_same_device_gets_the_event_of_what_it_posted_over_http()
    {
        var socket = await OpenAsync();
        Users.Send(socket.Actor, new Delivery(Some.Direct, [Some.Message(7, Some.Kim, Some.KimsPhone, clientId: "http")]));
        (await socket.ReadJsonAsync()).GetProperty("client_id").GetString().ShouldBe("http");
    }

    [Fact]
    public async Task A_delivery_is_encoded_once_for_all_sockets()
    {
        var delivery = new Delivery(Some.Group, [Some.Message(7, Some.Kim, Some.KimsPhone), Some.Message(8, Some.Kim, Some.KimsPhone)]);
        var one = await OpenAsync(Some.Lee, Some.LeesPhone);
        var two = await OpenAsync(Some.Lee, new DeviceId("22"));
        Users.Send(one.Actor, delivery);
        (await one.ReadJsonAsync()).GetProperty("id").GetString().ShouldBe("7");
        var frame = delivery.Frame.ShouldNotBeNull();
        Users.Send(two.Actor, delivery);
        (await two.ReadJsonAsync()).GetProperty("id").GetString().ShouldBe("7");
        (await two.ReadJsonAsync()).GetProperty("id").GetString().ShouldBe("8");
        delivery.Frame.ShouldBeSameAs(frame);
    }

    [Fact]
    public async Task A_burst_is_one_flush()
    {
        // The actor is held up in its first message until all the others wait behind it.
        using var entered = new ManualResetEventSlim();
        using var released = new ManualResetEventSlim();
        Authenticator.Override = _ =>
        {
            entered.Set();
            released.Wait();
            return new ValueTask<Authentication>(new Authenticated(Some.Kim, Some.KimsPhone));
        };
        var socket = Connect();
        socket.Send("""{"op":"hello","ref":"h","token":"any"}""");
        entered.Wait();
        Users.Send(socket.Actor, new SessionAttached(0));
        for (var id = 1; id <= 50; id++)
        {
            Users.Send(socket.Actor, new Delivery(Some.Direct, [Some.Message(id, Some.Lee, Some.LeesPhone)]));
        }

        released.Set();
        (await socket.ReadFlushAsync()).Count.ShouldBe(51);
    }

    [Fact]
    public async Task A_channel_that_doesnt_answer_is_unavailable_after_five_seconds()
    {
        var socket = await OpenAsync();
        socket.Send(Send("r"));
        var post = ExpectPost();
        Time.Advance(4_000);
        socket.Connection.Sweep(Time.GetTimestamp());
        socket.Send("""{"op":"heartbeat","ref":"b"}""");
        (await socket.ReadAsync()).ShouldStartWith("""{"op":"ok","ref":"b",""");
        Time.Advance(1_500);
        socket.Connection.Sweep(Time.GetTimestamp());
        var error = await socket.ReadJsonAsync();
        (error.GetProperty("ref").GetString(), error.GetProperty("code").GetString()).ShouldBe(("r", "unavailable"));
        error.GetProperty("retry_ms").GetInt32().ShouldBeGreaterThan(0);

        // A late answer isn't a second one; the event then is an event.
        Channels.Reply(Ok(post, 7));
        Users.Send(socket.Actor, new Delivery(Some.Direct, [Some.Message(7, Some.Kim, Some.KimsPhone)]));
        (await socket.ReadAsync()).ShouldStartWith("""{"op":"event","channel":"1-2","id":"7",""");
    }

    [Fact]
    public async Task Unanswered_requests_pause_the_reading()
    {
        Limits = new LimitsOptions { SocketPending = 4 };
        var socket = await OpenAsync();
        for (var i = 0; i < 10; i++)
        {
            socket.Send(Send($"r{i}", clientId: $"c{i}"));
        }

        var posts = Enumerable.Range(0, 4).Select(_ => ExpectPost()).ToList();
        Channels.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        Time.Advance(40_000);
        socket.Connection.Sweep(Time.GetTimestamp());
        for (var i = 0; i < 10; i++)
        {
            if (i >= posts.Count)
            {
                posts.Add(ExpectPost());
            }

            socket.Actor.Tell(Ok(posts[i], i + 1));
        }

        // It paused because of us, so the missing heartbeats are not the client's fault.
        for (var i = 0; i < 10; i++)
        {
            (await socket.ReadAsync()).ShouldNotStartWith("close");
        }
    }

    [Fact]
    public async Task Delivered_moves_the_cursor_and_is_never_answered()
    {
        var socket = await OpenAsync();
        socket.Send("""{"op":"delivered","channel":"1-2","id":"9"}""");
        socket.Send("""{"op":"delivered","channel":"2-3","id":"9"}""");
        socket.Send("""{"op":"heartbeat","ref":"b"}""");
        Users.ExpectMsg<MoveCursor>().ShouldBe(new MoveCursor(Some.Kim, Some.KimsPhone, Some.Direct, 9));
        (await socket.ReadAsync()).ShouldStartWith("""{"op":"ok","ref":"b",""");
        Users.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public async Task History_asks_the_channel_then_reads()
    {
        Timeline.Events[Some.Direct] = [.. Enumerable.Range(1, 9).Select(id => Some.Message(id, Some.Lee, Some.LeesPhone))];
        var socket = await OpenAsync();
        socket.Send("""{"op":"history","ref":"r","channel":"1-2","before":"5","limit":2}""");
        var get = Channels.ExpectMsg<GetChannel>();
        (get.Channel, get.By).ShouldBe((Some.Direct, Some.Kim));
        Channels.Reply(new ChannelInfo(get.Channel, get.Request, Some.View(9, 9), false));
        var page = await socket.ReadJsonAsync();
        page.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("id").GetString()).ShouldBe(["3", "4"]);
        (page.GetProperty("has_before").GetBoolean(), page.GetProperty("has_after").GetBoolean()).ShouldBe((true, true));
    }

    [Fact]
    public async Task History_of_a_store_that_is_off_is_unavailable()
    {
        Timeline.Fails = true;
        var socket = await OpenAsync();
        socket.Send("""{"op":"history","ref":"r","channel":"1-2"}""");
        var get = Channels.ExpectMsg<GetChannel>();
        Channels.Reply(new ChannelInfo(get.Channel, get.Request, Some.View(9, 9), false));
        (await socket.ReadJsonAsync()).GetProperty("code").GetString().ShouldBe("unavailable");
    }

    [Fact]
    public async Task Channels_come_and_go()
    {
        var socket = await OpenAsync();
        Users.Send(socket.Actor, new ChannelAppeared(Some.KimsView(1, 0, Some.Group)));
        Users.Send(socket.Actor, new ChannelDisappeared(Some.Group));
        var appeared = await socket.ReadJsonAsync();
        (appeared.GetProperty("op").GetString(), appeared.GetProperty("channel").GetProperty("kind").GetString())
            .ShouldBe(("channel", "group"));
        (await socket.ReadAsync()).ShouldBe("""{"op":"channel","removed":"77"}""");
    }
}
