using Akka.Actor;
using ChatAkka.Actors.Users;
using ChatAkka.Gateway.Limits;
using ChatAkka.Gateway.LongPoll;
using ChatAkka.Gateway.Tests.Support;

namespace ChatAkka.Gateway.Tests.LongPoll;

public sealed class PostingTests : PollTestKit
{
    [Fact]
    public async Task Frames_are_served_in_order_and_answered_by_a_poll()
    {
        var session = await OpenSyncedAsync();

        var intake = await PostAsync(session, Send("r1"), """{"op":"heartbeat","ref":"r2"}""", """{"op":"nonsense","ref":"r3"}""");

        intake.ShouldBe(Intake.Taken);
        Channels.Reply(Ok(ExpectPost(), 7));
        List<string> ops = [];
        while (ops.Count < 3)
        {
            ops.AddRange(Ops(await PollAsync(session)));
        }

        ops.ShouldBe(["ok r2", "error r3", "ok 7"]);
    }

    [Fact]
    public async Task A_large_frame_arrives_whole()
    {
        var session = await OpenSyncedAsync();
        foreach (var length in new[] { 1, 125, 126, 40_000, 65_536, 90_000 })
        {
            var text = new string('x', length);
            await PostAsync(session, Send("r", text));
            ExpectPost().Text.ShouldBe(text);
        }
    }

    [Fact]
    public async Task Posts_before_the_first_poll_open_a_session_that_any_poll_goes_on_with()
    {
        var session = Open(polled: false);
        (await PostAsync(session, """{"op":"heartbeat","ref":"r1"}""")).ShouldBe(Intake.Taken);
        (await PostAsync(session, """{"op":"heartbeat","ref":"r2"}""")).ShouldBe(Intake.Taken);
        Attach();
        Users.Reply(SyncCompleted.Instance);

        session.TryClaim("of an earlier session").ShouldBeTrue();
        List<string> ops = [];
        while (ops.Count < 4)
        {
            ops.AddRange(Ops(await PollAsync(session)));
        }

        ops.ShouldBe(["ok 0", "synced", "ok r1", "ok r2"]);
        session.TryClaim(null).ShouldBeFalse("another poll has it");
    }

    [Fact]
    public async Task A_post_waits_while_too_much_is_unanswered_and_is_busy_after_ten_seconds()
    {
        Limits = new LimitsOptions { SocketPending = 2 };
        var session = await OpenSyncedAsync();
        await PostAsync(session, Send("r1", clientId: "c1"), Send("r2", clientId: "c2"), Send("r3", clientId: "c3"));
        var posts = new[] { ExpectPost(), ExpectPost() };

        var waits = BeginPost(session, Send("r4", clientId: "c4"));
        waits.IsCompleted.ShouldBeFalse();
        Time.Advance(10_000);
        (await waits.Within("busy")).ShouldBe(Intake.Full);

        waits = BeginPost(session, Send("r5", clientId: "c5"));
        foreach (var post in posts)
        {
            Channels.Send(Actor, Ok(post, 7));
        }

        (await waits.Within("room")).ShouldBe(Intake.Taken);
        (ExpectPost().ClientId, ExpectPost().ClientId).ShouldBe(("c3", "c5"));
    }

    [Fact]
    public async Task Of_many_posts_at_once_all_but_a_few_are_busy_at_once()
    {
        Limits = new LimitsOptions { SocketPending = 1 };
        var session = await OpenSyncedAsync();
        await PostAsync(session, Send("r1", clientId: "c1"), Send("r2", clientId: "c2"));
        ExpectPost();

        var posts = Enumerable.Range(0, 20).Select(_ => BeginPost(session, """{"op":"heartbeat"}""")).ToList();

        posts.Count(post => !post.IsCompleted).ShouldBe(8);
        Time.Advance(10_000);
        (await Task.WhenAll(posts).Within("busy")).ShouldAllBe(intake => intake == Intake.Full);
    }

    [Fact]
    public async Task A_client_who_hangs_up_while_its_post_waits_leaves_nothing_behind()
    {
        Limits = new LimitsOptions { SocketPending = 1 };
        var session = await OpenSyncedAsync();
        await PostAsync(session, Send("r1", clientId: "c1"), Send("r2", clientId: "c2"));
        ExpectPost();
        using var client = new CancellationTokenSource();
        var post = session.PostAsync(["{}"u8.ToArray()], client.Token);

        await client.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(post.Within("the end of the post"));
        Time.Timers.ShouldBe(0);
    }

    [Fact]
    public async Task A_post_after_the_end_says_so()
    {
        var session = await OpenSyncedAsync();
        Actor.Tell(SessionRevoked.Instance);
        AwaitCondition(() => session.IsClosed);

        (await PostAsync(session, """{"op":"heartbeat"}""")).ShouldBe(Intake.Ended);
        (await PostAsync(session)).ShouldBe(Intake.Ended);
    }

    [Fact]
    public async Task Frames_over_the_rate_are_told_as_on_a_socket()
    {
        Limits = new LimitsOptions { SocketRequestsPerSecond = 10, SocketBurst = 2 };
        var session = await OpenSyncedAsync();

        await PostAsync(session, [.. Enumerable.Repeat("""{"op":"nonsense","ref":"r"}""", 5)]);

        List<string> frames = [];
        while (frames.Count < 5)
        {
            frames.AddRange(Texts(await PollAsync(session)));
        }

        frames.Count(frame => frame.Contains("unknown_op")).ShouldBe(1, "hello was the other one");
        frames.Count(frame => frame.Contains("rate_limited")).ShouldBe(4);
    }
}
