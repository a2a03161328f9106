using Akka.Actor;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Gateway.Limits;
using ChatAkka.Gateway.LongPoll;
using ChatAkka.Gateway.Tests.Support;

namespace ChatAkka.Gateway.Tests.LongPoll;

public sealed class EndingTests : PollTestKit
{
    [Fact]
    public async Task A_poll_that_waits_is_told_why_the_session_ends_and_the_session_is_gone()
    {
        var session = await OpenSyncedAsync();
        var poll = BeginPoll(session);

        Actor.Tell(SessionReplaced.Instance);

        var answer = await poll.Within("the close");
        Texts(answer).ShouldBe(["""{"op":"close","code":4409,"reason":"replaced"}"""]);
        session.TryClaim(answer.Poll).ShouldBeFalse();
        Sessions.Find(Phone).ShouldBeNull();
        AwaitEmpty();
    }

    [Fact]
    public async Task The_next_poll_gets_what_was_still_there_and_then_why()
    {
        var session = await OpenSyncedAsync();
        var name = (await PollAsync(session, 0)).Poll;
        Users.Send(Actor, Event(5));
        Actor.Tell(SessionRevoked.Instance);
        AwaitCondition(() => session.IsClosed);
        Sweep();

        Sessions.Find(Phone).ShouldBe(session);
        session.TryClaim(name).ShouldBeTrue();
        Ops(await PollAsync(session)).ShouldBe(["event 5", "close 4403"]);
        AwaitEmpty();
    }

    [Fact]
    public async Task A_session_that_nobody_asks_for_any_more_is_forgotten_after_30_seconds()
    {
        var session = await OpenSyncedAsync();
        Actor.Tell(SessionRevoked.Instance);
        AwaitCondition(() => session.IsClosed);
        Sweep();
        Time.Advance(29_000);
        Sweep();
        Sessions.Find(Phone).ShouldBe(session);

        Time.Advance(1_000);
        Sweep();

        Sessions.Find(Phone).ShouldBeNull();
        AwaitEmpty();
    }

    [Fact]
    public async Task A_session_that_no_poll_ever_asked_for_is_forgotten_when_it_is_closed()
    {
        var session = Open(polled: false);
        await SyncAsync(session);
        Actor.Tell(SessionRevoked.Instance);
        AwaitCondition(() => session.IsClosed);

        Sessions.Find(Phone).ShouldBeNull();
        AwaitEmpty();
    }

    [Fact]
    public async Task Silence_ends_a_session_as_it_ends_a_socket()
    {
        var session = await OpenSyncedAsync();
        await SettleAsync(session); // or the time of its last frame may be noted only after this
        Time.Advance(30_001);
        Sweep();

        Ops(await PollAsync(session)).ShouldBe(["close 4408"]);
    }

    [Fact]
    public async Task Posts_and_polls_keep_a_session_open()
    {
        var session = await OpenSyncedAsync();
        for (var i = 0; i < 3; i++)
        {
            Time.Advance(20_000);
            await PostAsync(session);
            await SettleAsync(session);
            Sweep();
            Time.Advance(20_000);
            (await PollAsync(session, 0)).Frames.ShouldBeEmpty();
            await SettleAsync(session);
            Sweep();
        }

        (await PollAsync(session, 0)).Frames.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_poll_keeps_its_session_open_to_its_end_and_30_seconds_beyond()
    {
        var session = await OpenSyncedAsync();
        var poll = BeginPoll(session);
        AwaitRead(session);
        Time.Advance(30_000);
        (await poll.Within("the end of the time")).Frames.ShouldBeEmpty();
        AwaitRead(session);

        await ShouldBeOpenFor30SecondsAsync(session);
    }

    [Fact]
    public async Task A_poll_that_waits_is_a_sign_of_life_until_the_client_hangs_up()
    {
        var session = await OpenSyncedAsync();
        using var client = new CancellationTokenSource();
        var poll = BeginPoll(session, cancel: client.Token);
        for (var i = 0; i < 29; i++)
        {
            Time.Advance(1_000);
            Sweep();
            AwaitRead(session);
        }

        await client.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(poll.Within("the end of the poll"));

        await ShouldBeOpenFor30SecondsAsync(session);
    }

    [Fact]
    public async Task A_client_who_posts_and_never_polls_is_closed_and_told()
    {
        Limits = new LimitsOptions { OutboundBytes = 64 * 1024 };
        var session = await OpenSyncedAsync();
        for (var id = 1; id <= 11; id++)
        {
            Users.Send(Actor, Event(id, 100_000));
        }

        Users.Send(Actor, Event(12, 60_000));
        await SettleAsync(session);
        Users.Send(Actor, Event(13, 60_000));

        // The close frame waits for room, until the time for closing is over.
        Users.Watch(Actor);
        Time.Advance(1_000);
        Sweep();
        AwaitCondition(() =>
        {
            Time.Advance(1_000);
            Sweep();
            return session.IsClosed;
        });

        Users.ExpectTerminated(Actor);
        List<string> ops = [.. Ops(await PollAsync(session)), .. Ops(await PollAsync(session, 0))];
        ops[^1].ShouldBe("close 4429");
        ops[..^1].ShouldBe(Enumerable.Range(1, ops.Count - 1).Select(id => $"event {id}"));
        AwaitEmpty();
    }

    [Fact]
    public async Task A_client_who_polls_again_in_time_gets_everything()
    {
        Limits = new LimitsOptions { OutboundBytes = 4 * 1024 * 1024 };
        var session = await OpenSyncedAsync();
        for (var id = 1; id <= 30; id++)
        {
            Users.Send(Actor, Event(id, 100_000));
        }

        List<string> ops = [];
        while (ops.Count < 30)
        {
            ops.AddRange(Ops(await PollAsync(session)));
        }

        ops.ShouldBe(Enumerable.Range(1, 30).Select(id => $"event {id}"));
    }

    [Fact]
    public async Task A_failure_of_the_actor_is_told_as_one()
    {
        var session = await OpenSyncedAsync();
        var poll = BeginPoll(session);
        EventFilter.Exception<InvalidOperationException>().ExpectOne(() =>
            Users.Send(Actor, new Delivery(Some.Direct, [new UnknownEvent()])));

        Ops(await poll.Within("the end")).ShouldBe(["close 1011"]);
        AwaitEmpty();
    }

    [Fact]
    public async Task Polls_that_wait_are_answered_when_the_node_goes_away()
    {
        var session = await OpenSyncedAsync();
        var poll = BeginPoll(session);

        await Sweeper.DrainAsync(TimeSpan.FromMinutes(1), CancellationToken.None).Within("the end of the drain");

        Ops(await poll.Within("the close")).ShouldBe(["reconnect", "close 1001"]);
    }

    [Fact]
    public async Task A_session_that_is_opened_anew_replaces_the_earlier_one()
    {
        var session = await OpenSyncedAsync();
        var poll = BeginPoll(session);
        var earlier = Actor;

        var next = Open();
        Attach();
        Sessions.Find(Phone).ShouldBe(next);
        earlier.Tell(SessionReplaced.Instance);

        Ops(await poll.Within("the close")).ShouldBe(["close 4409"]);
        Time.Advance(2_001);
        AwaitCondition(() =>
        {
            Sweep();
            return Sessions.Count == 1 && Registry.Count == 2;
        });
        Sessions.Find(Phone).ShouldBe(next);
    }

    [Fact]
    public async Task A_token_that_isnt_valid_any_more_ends_the_session()
    {
        Sessions.TryOpen(Phone, "nonsense", polled: true, out var session).ShouldBeTrue();

        Ops(await PollAsync(session!)).ShouldBe(["error 0", "close 4401"]);
    }

    // The connection is watched until the time for its closing is over.
    private void AwaitEmpty()
    {
        Time.Advance(2_001);
        AwaitCondition(() =>
        {
            Sweep();
            return Sessions.Count == 0 && Registry.Count == 0;
        });
    }

    // An actor that is told to close does so before it writes what it is told later.
    private async Task ShouldBeOpenFor30SecondsAsync(PollSession session)
    {
        Time.Advance(30_000);
        Sweep();
        Users.Send(Actor, Event(5));
        Ops(await PollAsync(session)).ShouldBe(["event 5"]);
        AwaitRead(session);
        Time.Advance(30_001);
        Sweep();
        Ops(await PollAsync(session)).ShouldBe(["close 4408"]);
    }

    // A heartbeat counts when it is read, which is another thread's doing.
    private void AwaitRead(PollSession session) => AwaitCondition(() => session.Transport.Posted.WhenRoomAsync().IsCompleted);

    private sealed record UnknownEvent() : ChannelEvent(1, 1, 1, Some.Lee);
}
