using Akka.Actor;

namespace Akka.Embedded.Tests.Timers;

public sealed class ReceiveTimeoutTests : TestKit.Xunit2.TestKit
{
    [Fact]
    public void Idle_actor_gets_the_timeout_again_and_again()
    {
        Sys.ActorOf(Props.Create(() => new Waiting(TestActor, TimeSpan.FromMilliseconds(20))));
        for (var i = 0; i < 3; i++)
            ExpectMsg("timeout");
    }

    [Fact]
    public void Timeout_is_switched_off_by_null()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Waiting(TestActor, TimeSpan.FromMilliseconds(20))));
        ExpectMsg("timeout");
        actor.Tell("off");
        FishForMessage(message => message is "off");
        AwaitAssert(() => ExpectNoMsg(TimeSpan.FromMilliseconds(60)));
    }

    private sealed class Waiting : ReceiveActor
    {
        public Waiting(IActorRef report, TimeSpan timeout)
        {
            SetReceiveTimeout(timeout);
            Receive<ReceiveTimeout>(_ => report.Tell("timeout"));
            Receive<string>(s =>
            {
                SetReceiveTimeout(null);
                report.Tell(s);
            });
        }
    }
}
