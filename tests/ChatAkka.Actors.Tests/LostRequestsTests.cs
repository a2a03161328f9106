using Akka.Actor;
using Akka.Event;
using ChatAkka.Actors.Tests.Harness;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;

namespace ChatAkka.Actors.Tests;

/// <summary>Nobody waits in vain for an actor that could not take their request.</summary>
public sealed class LostRequestsTests : ActorTest
{
    public LostRequestsTests()
    {
        var regions = OtherRegion.Ref;
        Sys.ActorOf(Props.Create(() => new LostRequests(() => regions)));
        AwaitAssert(() =>
        {
            // It listens as soon as it has started.
            Lose(new GetChannel(Direct, Ann, 1));
            ExpectMsg<Refused>(TimeSpan.FromMilliseconds(100));
        });
    }

    [Fact]
    public void Command_that_no_channel_could_take_is_refused_as_unavailable()
    {
        Lose(new GetChannel(Direct, Ann, 7));

        FishForMessage<Refused>(refused => refused.Request == 7).ShouldBe(new Refused(Direct, 7, Refusal.Unavailable));
    }

    [Fact]
    public void Session_that_no_user_could_take_is_told_to_come_back()
    {
        Lose(new AttachSession(Ann, AnnPhone, null));
        FishForMessage<SessionUnavailable>(_ => true);

        Lose(new RegisterDevice(Ann, AnnPhone));
        FishForMessage<SessionUnavailable>(_ => true);
    }

    [Fact]
    public void Look_after_an_absent_user_is_tried_again()
    {
        Lose(new ReviewAbsence(Ann));

        OtherRegion.ExpectMsg(new ReviewAbsence(Ann), TimeSpan.FromSeconds(10));
    }

    private void Lose(object request) => Sys.EventStream.Publish(new DeadLetter(request, TestActor, OtherRegion.Ref));
}
