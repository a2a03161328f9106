using Akka.Actor;
using ChatAkka.Actors.Users;
using ChatAkka.Gateway.LongPoll;
using ChatAkka.Gateway.Tests.Support;

namespace ChatAkka.Gateway.Tests.LongPoll;

public sealed class PollingTests : PollTestKit
{
    [Fact]
    public async Task Opening_with_nothing_to_sync_waits_and_is_in_the_answer_when_the_time_is_over()
    {
        var session = Open();
        var poll = BeginPoll(session);
        await SyncAsync(session);
        poll.IsCompleted.ShouldBeFalse();
        Time.Timers.ShouldBe(1);

        Time.Advance(30_000);

        var frames = Texts(await poll.Within("the end of the time"));
        frames.Length.ShouldBe(2);
        ShouldBeOpening(frames);
    }

    [Fact]
    public async Task Opening_with_something_to_sync_is_answered_at_once_as_a_whole()
    {
        var poll = BeginPoll(Open());
        Attach().Device.ShouldBe(Some.KimsPhone);
        var missed = Some.Message(1, Some.Lee, Some.LeesPhone, text: new string('x', 60_000));
        for (var i = 0; i < 2; i++)
        {
            Users.Reply(new SyncChannel(Some.KimsView(1, 1), 0, 1, [missed], false));
        }

        Users.Reply(SyncCompleted.Instance);

        var answer = await poll.Within("the opening");
        ShouldBeOpening(Texts(answer));
        Ops(answer).ShouldBe(["ok 0", "sync", "sync", "synced"]);
        Time.Timers.ShouldBe(0);
    }

    [Fact]
    public async Task What_comes_while_a_poll_waits_answers_it_and_a_burst_is_one_answer()
    {
        var session = await OpenSyncedAsync();
        var poll = BeginPoll(session);
        Users.Send(Actor, new Delivery(Some.Direct, [Some.Message(5, Some.Lee, Some.LeesPhone), Some.Message(6, Some.Lee, Some.LeesPhone)]));

        Ops(await poll.Within("the events")).ShouldBe(["event 5", "event 6"]);
    }

    [Fact]
    public async Task What_waits_is_answered_at_once()
    {
        var session = await OpenSyncedAsync();
        Users.Send(Actor, Event(5));
        await SettleAsync(session);

        Ops(await PollAsync(session)).ShouldBe(["event 5"]);
        (await PollAsync(session, 0)).Frames.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_next_poll_names_the_last_answer_that_had_frames()
    {
        var session = await OpenSyncedAsync();
        var first = (await PollAsync(session, 0)).Poll;
        (await PollAsync(session, 0)).Poll.ShouldBe(first, "an answer without frames may be lost");
        session.TryClaim(first).ShouldBeTrue();

        Users.Send(Actor, Event(5));
        var second = (await PollAsync(session)).Poll;

        second.ShouldNotBe(first);
        session.TryClaim(first).ShouldBeFalse("its frames may be lost");
        session.TryClaim(null).ShouldBeFalse();
        session.TryClaim("").ShouldBeFalse();
        session.TryClaim(second).ShouldBeTrue();
    }

    [Fact]
    public async Task Names_of_two_sessions_are_never_the_same()
    {
        var first = (await PollAsync(await OpenSyncedAsync(), 0)).Poll;
        var second = (await PollAsync(await OpenSyncedAsync(), 0)).Poll;

        second.ShouldNotBe(first);
    }

    [Fact]
    public async Task A_later_poll_lets_the_earlier_go_and_waits()
    {
        var session = await OpenSyncedAsync();
        var earlier = BeginPoll(session);
        var later = BeginPoll(session);

        (await earlier.Within("the earlier poll")).Frames.ShouldBeEmpty();
        later.IsCompleted.ShouldBeFalse();
        Users.Send(Actor, Event(5));
        Ops(await later.Within("the later poll")).ShouldBe(["event 5"]);
    }

    [Fact]
    public async Task A_client_who_hangs_up_while_waiting_loses_nothing()
    {
        var session = await OpenSyncedAsync();
        var name = (await PollAsync(session, 0)).Poll;
        using var client = new CancellationTokenSource();
        var poll = BeginPoll(session, cancel: client.Token);
        await client.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(poll.Within("the end of the poll"));
        Time.Timers.ShouldBe(0);

        Users.Send(Actor, Event(5));

        session.TryClaim(name).ShouldBeTrue();
        Ops(await PollAsync(session)).ShouldBe(["event 5"]);
    }

    [Fact]
    public async Task An_answer_has_at_most_a_mebibyte_and_the_next_one_the_rest()
    {
        var session = await OpenSyncedAsync();
        for (var id = 1; id <= 5; id++)
        {
            Users.Send(Actor, Event(id, 300_000));
        }

        await SettleAsync(session);
        var answers = new List<PollAnswer>();
        while (answers.Sum(answer => answer.Frames.Count) < 5)
        {
            answers.Add(await PollAsync(session));
        }

        answers.SelectMany(Ops).ShouldBe(["event 1", "event 2", "event 3", "event 4", "event 5"]);
        answers[0].Frames.Count.ShouldBe(3);
        answers.ShouldAllBe(answer => answer.Frames.Sum(frame => frame.Length) <= 1024 * 1024);
    }

    [Fact]
    public async Task A_frame_that_is_an_answer_by_itself_is_answered()
    {
        var session = await OpenSyncedAsync();
        Users.Send(Actor, Event(1, 1_200_000));
        Users.Send(Actor, Event(2));

        Ops(await PollAsync(session)).ShouldBe(["event 1"]);
        Ops(await PollAsync(session)).ShouldBe(["event 2"]);
    }
}
