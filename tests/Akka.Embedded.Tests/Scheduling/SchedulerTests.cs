using Akka.Actor;

namespace Akka.Embedded.Tests.Scheduling;

public sealed class SchedulerTests : TestKit.Xunit2.TestKit
{
    [Fact]
    public void Message_comes_after_the_delay()
    {
        Within(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(3), () =>
        {
            Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(50), TestActor, "hello", ActorRefs.NoSender);
            ExpectMsg("hello");
        });
    }

    [Fact]
    public void Cancelled_message_does_not_come()
    {
        var cancelable = Sys.Scheduler.ScheduleTellOnceCancelable(TimeSpan.FromMilliseconds(20), TestActor, "never", ActorRefs.NoSender);
        cancelable.Cancel();
        cancelable.IsCancellationRequested.ShouldBeTrue();
        ExpectNoMsg();
    }

    [Fact]
    public void Repeated_message_comes_until_it_is_cancelled()
    {
        var cancelable = Sys.Scheduler.ScheduleTellRepeatedlyCancelable(
            TimeSpan.Zero, TimeSpan.FromMilliseconds(5), TestActor, "tick", ActorRefs.NoSender);
        ReceiveN(5).ShouldAllBe(message => message is string);
        cancelable.Cancel();
        AwaitAssert(() => ExpectNoMsg(TimeSpan.FromMilliseconds(50)));
    }

    [Fact]
    public void Cancelable_of_ones_own_cancels_too()
    {
        var cancelable = new Cancelable(Sys.Scheduler);
        Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(20), TestActor, "never", ActorRefs.NoSender, cancelable);
        cancelable.Cancel();
        ExpectNoMsg();
    }

    [Fact]
    public void Action_runs()
    {
        Sys.Scheduler.Advanced.ScheduleOnce(TimeSpan.FromMilliseconds(5), () => TestActor.Tell("ran"));
        ExpectMsg("ran");
    }

    [Fact]
    public void Messages_due_at_different_times_come_in_that_order()
    {
        foreach (var delay in new[] { 60, 20, 40 })
            Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(delay), TestActor, delay, ActorRefs.NoSender);
        ReceiveN(3).ShouldBe([20, 40, 60]);
    }

    [Fact]
    public void Negative_delay_and_empty_interval_are_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(
            () => Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromSeconds(-1), TestActor, "x", ActorRefs.NoSender));
        Should.Throw<ArgumentOutOfRangeException>(
            () => Sys.Scheduler.ScheduleTellRepeatedly(TimeSpan.Zero, TimeSpan.Zero, TestActor, "x", ActorRefs.NoSender));
    }
}
