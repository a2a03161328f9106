using Akka.Actor;

namespace Akka.Embedded.Tests.Actors;

public sealed class AsyncHandlerTests : TestKit.Xunit2.TestKit
{
    [Fact]
    public void Next_message_waits_until_the_handler_is_done()
    {
        var gate = new TaskCompletionSource();
        var actor = Sys.ActorOf(Props.Create(() => new Gated(gate.Task)));
        actor.Tell("slow");
        actor.Tell(1);
        ExpectMsg("before");
        ExpectNoMsg();
        gate.SetResult();
        ReceiveN(2).ShouldBe(["after", 1]);
    }

    [Fact]
    public void After_an_await_context_self_and_sender_are_those_of_before()
    {
        var actor = Sys.ActorOf<Contextual>();
        var other = CreateTestProbe();
        actor.Tell("context");
        actor.Tell("context", other);
        ExpectMsg((actor, TestActor));
        other.ExpectMsg<(IActorRef, IActorRef)>((actor, other.Ref));
    }

    [Fact]
    public void Exception_after_an_await_goes_to_the_supervisor_with_the_message()
    {
        var actor = Sys.ActorOf(Props.Create(() => new FailingAsync(TestActor)));
        EventFilter.Exception<InvalidDataException>().ExpectOne(() => actor.Tell("fail"));
        ExpectMsg("restarted after fail");
        actor.Tell("still there");
        ExpectMsg("still there");
    }

    [Fact]
    public void Handler_that_completes_synchronously_does_not_yield()
    {
        var actor = Sys.ActorOf<Synchronous>();
        for (var i = 0; i < 1000; i++)
            actor.Tell(i);
        ReceiveN(1000).ShouldBe(Enumerable.Range(0, 1000).Cast<object>());
    }

    [Fact]
    public void Actor_can_be_stopped_while_it_awaits()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Gated(new TaskCompletionSource().Task)));
        Watch(actor);
        actor.Tell("slow");
        ExpectMsg("before");
        Sys.Stop(actor);
        ExpectTerminated(actor);
    }

    [Fact]
    public void Ask_inside_a_handler_works()
    {
        var echo = Sys.ActorOf<Synchronous>();
        var actor = Sys.ActorOf(Props.Create(() => new Asking(echo)));
        actor.Tell(7);
        ExpectMsg("answered 7");
    }

    [Fact]
    public void Many_awaits_keep_the_order()
    {
        var actor = Sys.ActorOf<Yielding>();
        for (var i = 0; i < 500; i++)
            actor.Tell(i);
        ReceiveN(500, TimeSpan.FromSeconds(10)).ShouldBe(Enumerable.Range(0, 500).Cast<object>());
    }

    [Fact]
    public void Untyped_actor_runs_tasks_too()
    {
        var actor = Sys.ActorOf<TaskRunner>();
        actor.Tell("a");
        actor.Tell("b");
        ReceiveN(2).ShouldBe(["a", "b"]);
    }

    private sealed class Gated : ReceiveActor
    {
        public Gated(Task gate)
        {
            ReceiveAsync<string>(async _ =>
            {
                Sender.Tell("before");
                await gate;
                Sender.Tell("after");
            });
            Receive<int>(n => Sender.Tell(n));
        }
    }

    private sealed class Contextual : ReceiveActor
    {
        public Contextual() => ReceiveAsync<string>(async _ =>
        {
            await Task.Yield();
            await Task.Run(() => { });
            Sender.Tell((Context.Self, Context.Sender));
        });
    }

    private sealed class FailingAsync : ReceiveActor
    {
        private readonly IActorRef _report;

        public FailingAsync(IActorRef report)
        {
            _report = report;
            ReceiveAsync<string>(s => s == "fail", async _ =>
            {
                await Task.Yield();
                throw new InvalidDataException("on purpose");
            });
            ReceiveAny(report.Tell);
        }

        protected override void PreRestart(Exception reason, object message)
        {
            _report.Tell($"restarted after {message}");
            base.PreRestart(reason, message);
        }
    }

    private sealed class Synchronous : ReceiveActor
    {
        public Synchronous() => ReceiveAsync<int>(n =>
        {
            Sender.Tell(n);
            return Task.CompletedTask;
        });
    }

    private sealed class Asking : ReceiveActor
    {
        public Asking(IActorRef echo) => ReceiveAsync<int>(async n =>
        {
            var answer = await echo.Ask<int>(n, TimeSpan.FromSeconds(3));
            Sender.Tell($"answered {answer}");
        });
    }

    private sealed class Yielding : ReceiveActor
    {
        public Yielding() => ReceiveAsync<int>(async n =>
        {
            await Task.Yield();
            await Task.Yield();
            Sender.Tell(n);
        });
    }

    private sealed class TaskRunner : UntypedActor
    {
        protected override void OnReceive(object message) => RunTask(async () =>
        {
            await Task.Yield();
            Sender.Tell(message);
        });
    }
}
