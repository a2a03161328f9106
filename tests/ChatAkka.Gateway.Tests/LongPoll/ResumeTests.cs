using ChatAkka.Actors.Users;
using ChatAkka.Gateway.LongPoll;

namespace ChatAkka.Gateway.Tests.LongPoll;

/// <summary>P4: a session by long poll outlives its user's actor as a socket does.</summary>
public sealed class ResumeTests : PollTestKit
{
    [Fact]
    public async Task Session_goes_on_with_the_next_incarnation_and_a_poll_brings_what_came_meanwhile()
    {
        var session = await OpenSyncedAsync();
        var (actor, user) = (Actor, CreateTestProbe());
        Users.Send(actor, Event(5));
        Ops(await PollAsync(session)).ShouldBe(["event 5"]);
        var poll = BeginPoll(session);
        Time.Advance(1_000);

        Users.Send(actor, SessionInterrupted.Instance);
        var attach = Users.ExpectMsg<AttachSession>();
        attach.Resume!.Sent.Values.ShouldBe([5]);
        (await PostAsync(session, """{"op":"heartbeat","ref":"served"}""")).ShouldBe(Intake.Taken);
        Ops(await poll.Within("the answer")).ShouldBe(["ok served"]);

        user.Send(actor, new SessionAttached(attach.Attempt));
        user.Send(actor, Event(6));
        user.Send(actor, SyncCompleted.Instance);
        user.Send(actor, Event(7));

        List<string> ops = [];
        while (ops.Count < 2)
        {
            ops.AddRange(Ops(await PollAsync(session)));
        }

        ops.ShouldBe(["event 6", "event 7"]);
        session.IsClosed.ShouldBeFalse();
    }
}
