using Akka.Actor;
using ChatAkka.Actors.Presence;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Identity;
using ChatAkka.Gateway.Auth;
using ChatAkka.Gateway.Tests.Support;

namespace ChatAkka.Gateway.Tests.Connections;

/// <summary>P2, P4: a socket outlives its user's actor, and its client doesn't notice.</summary>
public sealed class ResumeTests : ResumeTestKit
{
    [Fact]
    public async Task The_next_incarnation_goes_on_where_the_last_one_was_and_the_client_sees_events_only()
    {
        var (socket, user) = await OpenAtAsync();
        user.Send(socket.Actor, Events(5, 6));
        (await ReadIdsAsync(socket, 2)).ShouldBe([5, 6]);

        var attach = Interrupt(socket, user);

        (attach.User, attach.Device, attach.Attempt, attach.Cursors).ShouldBe((Some.Kim, Some.KimsPhone, 1, null));
        attach.Resume!.IsSynced.ShouldBeTrue();
        attach.Resume.Sent.ShouldBe(new Dictionary<ChannelId, long> { [Some.Direct] = 6 });
        var next = Take(socket, attach);
        next.Send(socket.Actor, Events(7));
        next.Send(socket.Actor, SyncCompleted.Instance);
        next.Send(socket.Actor, Events(8));
        (await ReadIdsAsync(socket, 2)).ShouldBe([7, 8]);
        await ExpectNothingAsync(socket);
    }

    [Fact]
    public async Task Death_without_a_word_is_noticed_too_and_told_once()
    {
        var (socket, user) = await OpenAtAsync();
        Sys.Stop(user.Ref);
        ExpectAttach().Attempt.ShouldBe(1);

        var (other, gone) = await OpenAtAsync();
        Interrupt(other, gone).Attempt.ShouldBe(1);
        Sys.Stop(gone.Ref);
        await ExpectNothingAsync(other);
        Users.ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        socket.Connection.State.ShouldBe(Gateway.Connections.ConnectionState.Serving);
    }

    [Fact]
    public async Task Death_while_the_socket_is_being_closed_does_not_cut_it()
    {
        var (socket, user) = await OpenAtAsync();
        user.Send(socket.Actor, SessionReplaced.Instance);
        (await socket.ReadAsync()).ShouldBe("close 4409 replaced");
        Watch(user.Ref);

        Sys.Stop(user.Ref);

        ExpectTerminated(user.Ref);
        socket.SendBytes(ClientBytes.Close(4409, "replaced"));
        await socket.Ended.Within("the end");
        socket.Aborts.ShouldBe(0);
    }

    [Fact]
    public async Task Requests_are_served_while_the_user_has_no_actor()
    {
        var (socket, user) = await OpenAtAsync();
        Interrupt(socket, user);
        socket.Send(Send("r"));
        var post = ExpectPost();
        socket.Actor.Tell(Ok(post, 9));
        (await socket.ReadAsync()).ShouldStartWith("""{"op":"ok","ref":"r",""");
        socket.Send("""{"op":"read","channel":"1-2","id":"9"}""");
        Users.ExpectMsg<MoveReadCursor>().Id.ShouldBe(9);
    }

    [Fact]
    public async Task What_an_earlier_incarnation_says_late_is_not_written()
    {
        var (socket, user) = await OpenAtAsync();
        var attach = Interrupt(socket, user);
        user.Send(socket.Actor, Events(1));
        var next = Take(socket, attach);
        user.Send(socket.Actor, Events(1));
        user.Send(socket.Actor, SyncCompleted.Instance);
        next.Send(socket.Actor, Events(1));
        next.Send(socket.Actor, SyncCompleted.Instance);
        user.Send(socket.Actor, Events(2));
        user.Send(socket.Actor, SessionInterrupted.Instance);
        (await ReadIdsAsync(socket, 1)).ShouldBe([1]);
        await ExpectNothingAsync(socket);
    }

    [Fact]
    public async Task An_incarnation_that_answers_an_overtaken_attempt_does_not_count()
    {
        var (socket, user) = await OpenAtAsync();
        var first = Interrupt(socket, user);
        Sweep(socket, 5_000);
        var second = ExpectAttach();
        second.Attempt.ShouldBe(2);

        var thoughtDead = Take(socket, first);
        thoughtDead.Send(socket.Actor, Events(1));
        var next = Take(socket, second);
        next.Send(socket.Actor, Events(1, 2));
        thoughtDead.Send(socket.Actor, Events(2));
        Take(socket, second).Send(socket.Actor, Events(3));
        (await ReadIdsAsync(socket, 2)).ShouldBe([1, 2]);
        await ExpectNothingAsync(socket);
    }

    [Fact]
    public async Task What_the_socket_has_is_not_written_again_whoever_says_it()
    {
        var (socket, user) = await OpenAtAsync();
        user.Send(socket.Actor, Events(1, 2, 3));
        Resume(socket, user, Events(2, 3, 4), Events(3));
        (await ReadIdsAsync(socket, 4)).ShouldBe([1, 2, 3, 4]);
        await ExpectNothingAsync(socket);
    }

    [Fact]
    public async Task What_the_store_has_is_not_remembered()
    {
        var (socket, user) = await OpenAtAsync();
        user.Send(socket.Actor, Events(1, 2));
        user.Send(socket.Actor, Events(Some.Group, 7));
        socket.Send("""{"op":"delivered","channel":"1-2","id":"2"}""");
        Users.ExpectMsg<MoveCursor>();
        user = Resume(socket, user);
        ExpectSaidAgain(delivered: 2);

        user.Send(socket.Actor, new CursorsStored([new StoredCursor(Some.Direct, 1, 0)]));
        user = Resume(socket, user, new CursorsStored([new StoredCursor(Some.Direct, 2, 0)]));

        Interrupt(socket, user).Resume!.Sent.ShouldBe(new Dictionary<ChannelId, long> { [Some.Group] = 7 });
    }

    [Fact]
    public async Task Own_message_whose_ok_was_written_is_not_written_as_an_event_by_the_next_incarnation()
    {
        var (socket, user) = await OpenAtAsync();
        socket.Send(Send("r"));
        socket.Actor.Tell(Ok(ExpectPost(), 7));
        (await socket.ReadAsync()).ShouldStartWith("""{"op":"ok","ref":"r",""");

        var attach = Interrupt(socket, user);
        attach.Resume!.Sent.ShouldBeEmpty("the event hasn't passed");
        var next = Take(socket, attach);
        next.Send(socket.Actor, new Delivery(Some.Direct, [Some.Message(6, Some.Lee, Some.LeesPhone), Some.Message(7, Some.Kim, Some.KimsPhone), Some.Message(8, Some.Lee, Some.LeesPhone)]));
        (await ReadIdsAsync(socket, 2)).ShouldBe([6, 8]);
    }

    [Fact]
    public async Task What_a_client_pages_itself_after_a_sync_is_not_sent()
    {
        var socket = Connect();
        socket.Send("""{"op":"hello","ref":"h","token":"1/11"}""");
        await socket.ReadAsync();
        var user = Take(socket, ExpectAttach());
        user.Send(socket.Actor, new CursorsAhead(new Dictionary<ChannelId, long> { [new ChannelId("78")] = 4 }));
        user.Send(socket.Actor, new SyncChannel(Some.KimsView(900, 800, Some.Group), 0, 800, [Some.Message(1, Some.Lee, Some.LeesPhone)], More: true));
        user.Send(socket.Actor, SyncCompleted.Instance);
        Interrupt(socket, user).Resume!.Sent.ShouldBe(
            new Dictionary<ChannelId, long> { [Some.Group] = 900, [new ChannelId("78")] = 4 }, ignoreOrder: true);
    }

    [Fact]
    public async Task Channels_that_came_and_went_are_known_to_the_next_incarnation()
    {
        var (socket, user) = await OpenAtAsync();
        user.Send(socket.Actor, new ChannelDisappeared(Some.Direct));
        user.Send(socket.Actor, new ChannelAppeared(Some.KimsView(1, 0, Some.Group)));
        user.Send(socket.Actor, new CursorsStored([new StoredCursor(Some.Direct, 9, 0)]));
        user.Send(socket.Actor, new ReadCursorsTold(77));
        var resume = Interrupt(socket, user).Resume!;
        resume.Sent.ShouldBe(
            new Dictionary<ChannelId, long> { [Some.Direct] = SessionResume.HasLeft, [Some.Group] = 0 }, ignoreOrder: true);
        resume.ReadDigest.ShouldBe(77UL);
    }

    [Fact]
    public async Task First_sync_that_is_interrupted_goes_on()
    {
        var socket = Connect();
        socket.Send("""{"op":"hello","ref":"h","token":"1/11","cursors":{"77":"3"}}""");
        await socket.ReadAsync();
        var user = Take(socket, ExpectAttach());
        user.Send(socket.Actor, new SyncChannel(Some.KimsView(7, 7), 0, 7, [Some.Message(7, Some.Lee, Some.LeesPhone)], More: false));
        (await socket.ReadAsync()).ShouldStartWith("""{"op":"sync",""");
        user.Send(socket.Actor, SessionInterrupted.Instance);
        Sweep(socket, 1_000);

        var attach = ExpectAttach();
        attach.Cursors.ShouldBe(new Dictionary<ChannelId, long> { [Some.Group] = 3 });
        attach.Resume!.IsSynced.ShouldBeFalse();
        attach.Resume.Sent.ShouldBe(new Dictionary<ChannelId, long> { [Some.Direct] = 7 });
        var next = Take(socket, attach);
        next.Send(socket.Actor, new SyncChannel(Some.KimsView(4, 4, Some.Group), 0, 4, [Some.Message(4, Some.Lee, Some.LeesPhone)], More: false));
        next.Send(socket.Actor, SyncCompleted.Instance);
        (await socket.ReadAsync()).ShouldStartWith("""{"op":"sync",""");
        (await socket.ReadAsync()).ShouldBe("""{"op":"synced"}""");
        Interrupt(socket, next).Cursors.ShouldBeNull("they have done what they were for");
    }

    [Fact]
    public async Task What_the_client_said_and_nobody_may_have_heard_is_said_again()
    {
        var (socket, user) = await OpenAtAsync();
        user.Send(socket.Actor, Events(1, 2));
        await ReadIdsAsync(socket, 2);
        var attach = Interrupt(socket, user);
        socket.Send("""{"op":"delivered","channel":"1-2","id":"2"}""");
        socket.Send("""{"op":"read","channel":"1-2","id":"1"}""");
        socket.Send("""{"op":"read","channel":"77","id":"5"}""");
        Users.ReceiveN(3);

        var next = Take(socket, attach);
        next.Send(socket.Actor, SyncCompleted.Instance);

        Users.ReceiveN(3).ShouldBe(
            [new MoveCursor(Some.Kim, Some.KimsPhone, Some.Direct, 2), new MoveReadCursor(Some.Kim, Some.Direct, 1), new MoveReadCursor(Some.Kim, Some.Group, 5)],
            ignoreOrder: true);
        next.Send(socket.Actor, new CursorsStored([new StoredCursor(Some.Direct, 2, 0), new StoredCursor(Some.Direct, 0, 1), new StoredCursor(Some.Group, 0, 6)]));
        next = Resume(socket, next);
        await ExpectNothingAsync(socket);
        Users.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task Client_that_names_channels_without_end_is_not_remembered_without_end()
    {
        var (socket, user) = await OpenAtAsync();
        for (var id = 1; id <= 300; id++)
        {
            socket.Send($$"""{"op":"read","channel":"{{id}}","id":"1"}""");
            socket.Send($$"""{"op":"delivered","channel":"{{id}}","id":"1"}""");
        }

        Users.ReceiveN(600, TimeSpan.FromSeconds(10));
        Resume(socket, user);
        Users.ReceiveN(2 * 256, TimeSpan.FromSeconds(10)).OfType<MoveReadCursor>().Count().ShouldBe(256);
        Users.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task Attempts_are_repeated_less_and_less_often_until_patience_ends()
    {
        var (socket, user) = await OpenAtAsync();
        user.Send(socket.Actor, SessionInterrupted.Instance);
        ExpectAttach(); // without a step of the clock: it is counted to the second
        var attempts = 1;
        for (var second = 1; second <= 30; second++)
        {
            Sweep(socket, 1_000);
            await ExpectNothingAsync(socket);
            attempts += Users.HasMessages ? ExpectAttach().Attempt - attempts : 0;
        }

        attempts.ShouldBeInRange(8, 16);
        Sweep(socket, 1_000);
        (await socket.ReadCloseAsync()).ShouldBe(1012);
    }

    [Fact]
    public async Task Incarnation_that_can_not_bring_the_session_up_to_date_is_followed_by_another_attempt()
    {
        var (socket, user) = await OpenAtAsync();
        var next = Take(socket, Interrupt(socket, user));
        next.Send(socket.Actor, Events(1));
        next.Send(socket.Actor, SessionUnavailable.Instance);
        (await ReadIdsAsync(socket, 1)).ShouldBe([1]);
        Users.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        Sweep(socket, 10_000);
        var attach = ExpectAttach();
        (attach.Attempt, attach.Resume!.Sent[Some.Direct]).ShouldBe((2, 1));
        socket.Actor.Tell(SessionUnavailable.Instance, ActorRefs.NoSender);
        next = Take(socket, attach);
        next.Send(socket.Actor, SyncCompleted.Instance);
        next.Send(socket.Actor, Events(2));
        (await ReadIdsAsync(socket, 1)).ShouldBe([2]);
    }

    [Fact]
    public async Task User_whose_actors_die_one_after_the_other_is_not_asked_for_without_a_pause()
    {
        var (socket, user) = await OpenAtAsync();
        var next = Take(socket, Interrupt(socket, user));
        next.Send(socket.Actor, SessionInterrupted.Instance);
        Users.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        Sweep(socket, 1_000);
        ExpectAttach().Attempt.ShouldBe(2);
    }

    [Fact]
    public async Task Device_that_was_revoked_while_its_user_had_no_actor_is_closed()
    {
        Authenticator.Confirmation = () => Task.FromResult<Authentication>(NotAuthenticated.Instance);
        var (socket, user) = await OpenAtAsync();
        Take(socket, Interrupt(socket, user));
        (await socket.ReadCloseAsync()).ShouldBe(4403);
    }

    [Fact]
    public async Task Whether_a_device_was_revoked_is_asked_until_the_store_says()
    {
        var asked = 0;
        Authenticator.Confirmation = () => Task.FromResult<Authentication>(
            ++asked == 1 ? AuthenticationUnavailable.Instance : new Authenticated(Some.Kim, Some.KimsPhone));
        var (socket, user) = await OpenAtAsync();
        Resume(socket, user);
        await ExpectNothingAsync(socket);
        Sweep(socket, 1_000);
        await ExpectNothingAsync(socket);
        Sweep(socket, 1_000);
        Sweep(socket, 28_500);
        await ExpectNothingAsync(socket);
        asked.ShouldBe(2);
    }

    [Fact]
    public async Task Whom_the_socket_watches_is_asked_again()
    {
        var presence = CreateTestProbe();
        var socket = new Support.Socket(Sys, Support.Socket.Services(Channels, Users, Authenticator, Timeline, Limits, Time, presence));
        socket.Send("""{"op":"hello","ref":"h","token":"1/11"}""");
        await socket.ReadAsync();
        var user = Take(socket, ExpectAttach());
        user.Send(socket.Actor, SyncCompleted.Instance);
        await socket.ReadAsync();
        Time.Advance(1_000);
        presence.ExpectMsg<DeviceConnected>();
        socket.Send("""{"op":"watch","ref":"w","users":["2"]}""");
        var lost = Users.ExpectMsg<FilterWatched>();

        var next = Resume(socket, user);

        var filter = Users.ExpectMsg<FilterWatched>();
        user.Send(socket.Actor, new WatchAllowed(lost.Request, []));
        next.Send(socket.Actor, new WatchAllowed(lost.Request, []));
        next.Send(socket.Actor, new WatchAllowed(filter.Request, [Some.Lee]));
        var watch = presence.ExpectMsg<WatchPresence>();
        watch.Users.ShouldBe([Some.Lee]);
        presence.Send(socket.Actor, new PresenceWatched(watch.Request, [new PresenceState(Some.Lee, true, 5)]));
        (await socket.ReadJsonAsync()).GetProperty("presence").GetArrayLength().ShouldBe(1);

        // What may have changed meanwhile nobody said.
        Users.ExpectMsg<FilterWatched>().Users.ShouldBe([Some.Lee]);
    }

    private void ExpectSaidAgain(long delivered) => Users.ExpectMsg<MoveCursor>().Id.ShouldBe(delivered);
}
