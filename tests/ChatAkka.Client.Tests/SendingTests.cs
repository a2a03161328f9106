using ChatAkka.Client.Events;
using ChatAkka.Client.Tests.Support;
using ChatAkka.Protocol;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Client.Tests;

/// <summary>Retry is safe (P3), and what was acknowledged is in the stream.</summary>
public sealed class SendingTests : ClientTest
{
    [Fact]
    public async Task Send_completes_with_what_the_server_says_and_is_in_the_stream()
    {
        var (client, connection, reader) = await ConnectAsync(null, Frames.Sync(3, 4));
        var sending = client.SendAsync("5", "hello", new SendOptions { ClientId = "c1", ReplyTo = 3, Mentions = ["7"] });
        var send = await connection.TakeAsync("send");
        connection.SendOk(send, 5);

        (await sending.Within("the ok")).ShouldBe(new SentMessage("5", 5, 5, DateTimeOffset.FromUnixTimeMilliseconds(99), false));
        send.GetRawText()
            .ShouldBe("""{"op":"send","ref":"1","channel":"5","client_id":"c1","text":"hello","reply_to":"3","mentions":["7"]}""");
        (await reader.IdsAsync(2)).ShouldBe([3, 4]);
        var own = await reader.NextAsync<MessageReceived>();
        (own.Id, own.Text, own.From, own.ClientId, own.ReplyTo, own.IsOwn).ShouldBe((5, "hello", "42", "c1", 3, true));
        own.Mentions.ShouldBe(["7"]);
    }

    [Fact]
    public async Task Send_to_a_user_names_the_user()
    {
        var (client, connection, _) = await ConnectAsync();
        var sending = client.SendToAsync("7", "hello");
        var send = await connection.TakeAsync("send");
        connection.SendOk(send, 2, "42-7");

        send.GetProperty("to").GetString().ShouldBe("7");
        (await sending.Within("the ok")).Channel.ShouldBe("42-7");
    }

    [Fact]
    public async Task Unanswered_sends_are_sent_again_in_order_with_the_same_client_ids()
    {
        var (client, connection, reader) = await ConnectAsync(null, Frames.Sync(1, 1));
        var sending = Enumerable.Range(1, 3).Select(i => client.SendAsync("5", $"text {i}")).ToArray();
        connection.SendOk(await connection.TakeAsync("send"), 2);
        await sending[0].Within("the first ok");
        var lost = await connection.TakeAsync("send");
        connection.Close(CloseCode.Abnormal);

        var again = await Server.WelcomeLaterAsync(Time);
        var second = await again.TakeAsync("send");
        again.SendOk(second, 3, duplicate: true);
        var third = await again.TakeAsync("send");
        again.SendOk(third, 4);

        ClientId(second).ShouldBe(ClientId(lost));
        (Text(second), Text(third)).ShouldBe(("text 2", "text 3"));
        (await sending[1].Within("the second ok")).Duplicate.ShouldBeTrue();
        (await sending[2].Within("the third ok")).Id.ShouldBe(4);
        (await reader.IdsAsync(4)).ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public async Task Every_attempt_of_a_change_says_what_the_device_had_at_the_first()
    {
        var (client, connection, reader) = await ConnectAsync(null, Frames.Sync(1, 4));
        var reacting = client.ReactAsync("5", 2, "👍");
        var taking = client.UnreactAsync("5", 2, "👍");
        var editing = client.EditAsync("5", 3, "better");
        Seen(await connection.TakeAsync("react")).ShouldBe("4");
        connection.SendEvent(5);
        (await reader.IdsAsync(5)).ShouldBe([1, 2, 3, 4, 5]);
        connection.Close(CloseCode.Abnormal);

        var again = await Server.WelcomeLaterAsync(Time);
        var react = await again.TakeAsync("react");
        Seen(react).ShouldBe("4");
        again.SendOk(react, 7);
        (await reacting.Within("the reaction")).ShouldBe(7);
        var unreact = await again.TakeAsync("unreact");
        Seen(unreact).ShouldBe("7", "the answer says so, though the event comes later");
        again.Send($$"""{"op":"error","ref":"{{unreact.GetProperty("ref").GetString()}}","code":"outdated","message":"m"}""");
        (await Should.ThrowAsync<ChatException>(taking.Within("the end"))).Code.ShouldBe("outdated");
        Seen(await again.TakeAsync("edit")).ShouldBe("7");
        editing.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Own_message_that_came_with_the_sync_is_not_shown_again_by_its_ok()
    {
        var (client, connection, reader) = await ConnectAsync(null, Frames.Sync(1, 1));
        var sending = client.SendAsync("5", "text 2");
        await connection.TakeAsync("send");
        connection.Close(CloseCode.Abnormal);

        var again = await Server.WelcomeLaterAsync(Time, Frames.Sync(1, 2));
        again.SendOk(await again.TakeAsync("send"), 2, duplicate: true);
        again.SendEvent(3);

        (await sending.Within("the ok")).Id.ShouldBe(2);
        (await reader.IdsAsync(3)).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Ok_that_overtakes_events_is_shown_after_them()
    {
        var (client, connection, reader) = await ConnectAsync(null, Frames.Sync(1, 1));
        var sending = client.SendAsync("5", "own");
        connection.SendOk(await connection.TakeAsync("send"), 4);
        await sending.Within("the ok");
        connection.SendEvent(2);
        connection.SendEvent(3);
        connection.SendEvent(5);

        (await reader.IdsAsync(5)).ShouldBe([1, 2, 3, 4, 5]);
        client.GapsRepaired.ShouldBe(0);
    }

    [Theory]
    [InlineData("busy")]
    [InlineData("unavailable")]
    [InlineData("rate_limited")]
    public async Task Refusal_for_now_holds_everything_back_for_as_long_as_the_server_says(string code)
    {
        var (client, connection, _) = await ConnectAsync();
        var first = client.SendAsync("5", "first");
        var send = await connection.TakeAsync("send");
        connection.SendError(send, code, retryMs: 700);
        connection.Send("""{"op":"typing","channel":"5","user":"7"}""");
        await new Reader(client).NextAsync<UserTyping>();
        var second = client.SendAsync("5", "second");
        connection.Untaken().ShouldBeEmpty();

        Time.Advance(TimeSpan.FromMilliseconds(699));
        connection.Untaken().ShouldBeEmpty();
        Time.Advance(TimeSpan.FromMilliseconds(1));

        var again = await connection.TakeAsync("send");
        ClientId(again).ShouldBe(ClientId(send));
        connection.SendOk(again, 1);
        connection.SendOk(await connection.TakeAsync("send"), 2);
        (await first.Within("the first ok")).Id.ShouldBe(1);
        (await second.Within("the second ok")).Id.ShouldBe(2);
    }

    [Fact]
    public async Task Refusal_for_good_fails_the_send_with_its_code()
    {
        var (client, connection, _) = await ConnectAsync();
        var sending = client.SendAsync("5", "");
        connection.SendError(await connection.TakeAsync("send"), "text_empty");

        (await Should.ThrowAsync<ChatException>(sending)).Code.ShouldBe("text_empty");
    }

    [Fact]
    public async Task Text_that_would_arrive_as_another_one_is_not_sent()
    {
        var (client, connection, _) = await ConnectAsync();

        (await Should.ThrowAsync<ChatException>(client.SendAsync("5", "\ud800"))).Code.ShouldBe("text_invalid");
        (await Should.ThrowAsync<ChatException>(client.ReactAsync("5", 1, "\udc00"))).Code.ShouldBe("text_invalid");
        (await Should.ThrowAsync<ChatException>(client.SendAsync("5", new string('\u0001', 200_000)))).Code.ShouldBe("frame_too_large");
        connection.Untaken().ShouldBeEmpty();
    }

    [Fact]
    public async Task Outbox_takes_no_more_than_its_capacity()
    {
        var client = NewClient(Options with { OutboxCapacity = 2 });
        _ = client.SendAsync("5", "1");
        _ = client.SendAsync("5", "2");

        (await Should.ThrowAsync<ChatException>(client.SendAsync("5", "3"))).Code.ShouldBe(ChatException.OutboxFull);
    }

    [Fact]
    public async Task Text_does_not_overtake_one_that_is_refused_for_now()
    {
        var (client, connection, _) = await ConnectAsync();
        var first = client.SendAsync("5", "first");
        var second = client.SendAsync("5", "second");
        var editing = client.EditAsync("5", 1, "third");
        var elsewhere = client.SendAsync("6", "elsewhere");
        var send = await connection.TakeAsync("send");
        connection.SendOk(await connection.TakeAsync("send"), 1, "6");
        (await elsewhere.Within("the other channel's ok")).Channel.ShouldBe("6");
        connection.Untaken().ShouldBeEmpty();
        connection.SendError(send, "unavailable", retryMs: 700);
        connection.Send("""{"op":"typing","channel":"5","user":"7"}""");
        await new Reader(client).NextAsync<UserTyping>();
        connection.Untaken().ShouldBeEmpty();
        Time.Advance(TimeSpan.FromMilliseconds(700));

        var again = await connection.TakeAsync("send");
        connection.Untaken().ShouldBeEmpty();
        connection.SendOk(again, 2);
        var next = await connection.TakeAsync("send");
        connection.Untaken().ShouldBeEmpty();
        connection.SendOk(next, 3);
        connection.Send($$"""{"op":"ok","ref":"{{Ref(await connection.TakeAsync("edit"))}}","channel":"5","id":"4"}""");

        (Text(again), Text(next)).ShouldBe(("first", "second"));
        await first.Within("the first ok");
        await second.Within("the second ok");
        (await editing.Within("the edit")).ShouldBe(4);
    }

    [Fact]
    public async Task No_more_than_the_window_is_on_its_way_at_once()
    {
        var (client, connection, _) = await ConnectAsync(Options with { MaxInFlight = 2 });
        var sending = Enumerable.Range(1, 3).Select(i => client.SendAsync($"{i}", $"{i}")).ToArray();
        var first = await connection.TakeAsync("send");
        await connection.TakeAsync("send");
        connection.Untaken().ShouldBeEmpty();

        connection.SendOk(first, 1, "1");

        Text(await connection.TakeAsync("send")).ShouldBe("3");
        await sending[0].Within("the ok");
    }

    [Fact]
    public async Task Canceled_send_is_not_sent_again_but_its_ok_still_fills_its_place()
    {
        var (client, connection, reader) = await ConnectAsync(null, Frames.Sync(1, 1));
        using var cancel = new CancellationTokenSource();
        var sending = client.SendAsync("5", "own", cancel: cancel.Token);
        var send = await connection.TakeAsync("send");
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(sending);
        connection.SendOk(send, 2);
        connection.SendEvent(3);
        (await reader.IdsAsync(3)).ShouldBe([1, 2, 3]);

        var other = client.SendAsync("5", "other", cancel: CancellationToken.None);
        using var soon = new CancellationTokenSource();
        var gone = client.SendAsync("6", "gone", cancel: soon.Token);
        await connection.TakeAsync("send");
        await connection.TakeAsync("send");
        await soon.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(gone);
        connection.Close(CloseCode.Abnormal);
        var again = await Server.WelcomeLaterAsync(Time);

        again.SendOk(await again.TakeAsync("send"), 4);
        (await other.Within("the other's ok")).Id.ShouldBe(4);
        again.Untaken().ShouldNotContain(f => f.GetProperty("op").GetString() == "send");
    }

    [Fact]
    public async Task Sends_before_the_connection_wait_for_it()
    {
        var client = NewClient();
        var sending = client.SendAsync("5", "early");
        _ = client.ConnectAsync();
        var connection = await Server.WelcomeAsync();

        connection.SendOk(await connection.TakeAsync("send"), 1);

        (await sending.Within("the ok")).Id.ShouldBe(1);
    }

    [Fact]
    public async Task Requests_that_are_not_sends_are_repeated_too()
    {
        var (client, connection, _) = await ConnectAsync();
        var editing = client.EditAsync("5", 1, "new");
        var reacting = client.ReactAsync("6", 1, "👍");
        var paging = client.HistoryAsync("5", new HistoryRange(HistorySide.Before, 9, 10));
        await connection.TakeAsync("history");
        connection.Close(CloseCode.GoingAway);

        var again = await Server.WelcomeLaterAsync(Time);
        again.Send($$"""{"op":"ok","ref":"{{Ref(await again.TakeAsync("edit"))}}","channel":"5","id":"7"}""");
        again.Send($$"""{"op":"ok","ref":"{{Ref(await again.TakeAsync("react"))}}","channel":"6","id":"8"}""");
        again.Send($$"""{"op":"ok","ref":"{{Ref(await again.TakeAsync("history"))}}","messages":[],"has_before":true,"has_after":false}""");

        (await editing.Within("the edit")).ShouldBe(7);
        (await reacting.Within("the reaction")).ShouldBe(8);
        (await paging.Within("the page")).HasBefore.ShouldBeTrue();
    }

    [Fact]
    public async Task Watched_users_are_watched_on_the_next_connection_too()
    {
        var (client, connection, reader) = await ConnectAsync();
        var watching = client.WatchAsync(["7"]);
        connection.Send($$"""{"op":"ok","ref":"{{Ref(await connection.TakeAsync("watch"))}}","presence":[{"user":"7","status":"offline","last_active_at":5}]}""");
        (await watching.Within("the presence")).ShouldBe([new UserPresence("7", false, 5)]);
        connection.Close(CloseCode.Abnormal);

        var again = await Server.WelcomeLaterAsync(Time);
        again.Send($$"""{"op":"ok","ref":"{{Ref(await again.TakeAsync("watch"))}}","presence":[{"user":"7","status":"online"}]}""");

        (await reader.NextAsync<PresenceChanged>()).ShouldBe(new PresenceChanged("7", true, null));
    }

    private static string? Seen(System.Text.Json.JsonElement frame) => frame.GetProperty("seen").GetString();

    private static string? ClientId(System.Text.Json.JsonElement frame) => frame.GetProperty("client_id").GetString();

    private static string? Text(System.Text.Json.JsonElement frame) => frame.GetProperty("text").GetString();

    private static string? Ref(System.Text.Json.JsonElement frame) => frame.GetProperty("ref").GetString();
}
