using Akka.Actor;

namespace Akka.Embedded.Tests.Timers;

public sealed class TimerTests : TestKit.Xunit2.TestKit
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(10);

    [Fact]
    public void Single_timer_fires_once()
    {
        var actor = Actor();
        Do(actor, timers => timers.StartSingleTimer("key", "fired", Short));
        ExpectMsg("fired");
        ExpectNoMsg();
    }

    [Fact]
    public void Periodic_timer_fires_until_it_is_cancelled()
    {
        var actor = Actor();
        Do(actor, timers => timers.StartPeriodicTimer("key", "tick", Short));
        ReceiveN(3).ShouldBe(["tick", "tick", "tick"]);
        Do(actor, timers => timers.Cancel("key"));
        AwaitAssert(() => ExpectNoMsg(TimeSpan.FromMilliseconds(50)));
    }

    [Fact]
    public void Message_of_a_cancelled_timer_is_dropped_even_when_it_is_in_the_mailbox()
    {
        var actor = Actor();
        Do(actor, timers =>
        {
            timers.StartSingleTimer("key", "stale", TimeSpan.FromMilliseconds(1));
            // Long enough for the timer to put its message into the mailbox behind this one.
            SpinWait.SpinUntil(() => false, TimeSpan.FromMilliseconds(50));
            timers.Cancel("key");
        });
        ExpectNoMsg();
    }

    [Fact]
    public void Timer_of_the_same_key_replaces_the_other()
    {
        var actor = Actor();
        Do(actor, timers =>
        {
            timers.StartSingleTimer("key", "old", Short);
            timers.StartSingleTimer("key", "new", Short);
        });
        ExpectMsg("new");
        ExpectNoMsg();
    }

    [Fact]
    public void Timers_know_which_are_active()
    {
        var actor = Actor();
        Do(actor, timers =>
        {
            timers.StartSingleTimer("a", "x", TimeSpan.FromHours(1));
            timers.StartPeriodicTimer("b", "x", TimeSpan.FromHours(1));
            timers.Cancel("a");
            TestActor.Tell((timers.IsTimerActive("a"), timers.IsTimerActive("b"), timers.ActiveTimers.Count));
            timers.CancelAll();
            TestActor.Tell(timers.ActiveTimers.Count);
        });
        ExpectMsg((false, true, 1));
        ExpectMsg(0);
    }

    [Fact]
    public void Restart_cancels_the_timers()
    {
        var actor = Actor();
        Do(actor, timers => timers.StartPeriodicTimer("key", "tick", Short));
        ExpectMsg("tick");
        actor.Tell(new InvalidDataException("on purpose"));
        FishForMessage(message => message is "restarted");
        ExpectNoMsg();
    }

    [Fact]
    public void Fired_single_timer_is_no_longer_active()
    {
        var actor = Actor();
        Do(actor, timers => timers.StartSingleTimer("key", "fired", Short));
        ExpectMsg("fired");
        Do(actor, timers => TestActor.Tell(timers.IsTimerActive("key")));
        ExpectMsg(false);
    }

    private static void Do(IActorRef actor, Action<ITimerScheduler> action) => actor.Tell(action);

    private IActorRef Actor() => Sys.ActorOf(Props.Create(() => new Timed(TestActor)));

    private sealed class Timed : ReceiveActor, IWithTimers
    {
        private readonly IActorRef _report;

        public Timed(IActorRef report)
        {
            _report = report;
            Receive<Action<ITimerScheduler>>(action => action(Timers));
            Receive<Exception>(e => throw e);
            ReceiveAny(report.Tell);
        }

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PostRestart(Exception reason) => _report.Tell("restarted");
    }
}
