using Akka.Actor;

namespace Akka.Embedded.Tests.Supervision;

public sealed class SupervisionTests : TestKit.Xunit2.TestKit
{
    [Fact]
    public void Restart_calls_the_hooks_in_order_and_keeps_the_other_messages()
    {
        var child = Child(_ => Directive.Restart);
        child.Tell(new Exception("on purpose"));
        child.Tell("next");
        ReceiveN(6).ShouldBe(
        [
            "constructor", "PreStart", "PreRestart on purpose after System.Exception: on purpose", "constructor", "PostRestart on purpose", "next",
        ]);
        ExpectNoMsg();
    }

    [Fact]
    public void Default_hooks_run_PostStop_in_the_old_and_PreStart_in_the_new_instance()
    {
        var actor = Sys.ActorOf(Props.Create(() => new DefaultHooks(TestActor)));
        actor.Tell("fail");
        ReceiveN(3).ShouldBe(["PreStart", "PostStop", "PreStart"]);
    }

    [Fact]
    public void Resume_keeps_the_instance()
    {
        var child = Child(_ => Directive.Resume);
        child.Tell(new Exception("on purpose"));
        child.Tell("next");
        ReceiveN(3).ShouldBe(["constructor", "PreStart", "next"]);
    }

    [Fact]
    public void Stop_ends_the_child()
    {
        var child = Child(_ => Directive.Stop);
        Watch(child);
        child.Tell(new Exception("on purpose"));
        ReceiveN(3).ShouldBe(["constructor", "PreStart", "PostStop"]);
        ExpectTerminated(child);
    }

    [Fact]
    public void Escalate_makes_the_parent_fail_and_its_restart_stops_the_child()
    {
        var child = Child(_ => Directive.Escalate);
        Watch(child);
        child.Tell(new Exception("on purpose"));
        ReceiveN(3).ShouldBe(["constructor", "PreStart", "PostStop"]);
        ExpectTerminated(child);
    }

    [Fact]
    public void Parent_that_keeps_its_children_restarts_them_with_itself()
    {
        var parent = Sys.ActorOf(Props.Create(() => new Keeping(TestActor)));
        ReceiveN(2).ShouldBe(["constructor", "PreStart"]);
        parent.Tell("fail");
        ReceiveN(3).ShouldBe(
            ["PreRestart parent fails after ", "constructor", "PostRestart parent fails"]);
    }

    [Fact]
    public void Failure_in_the_constructor_stops_by_default()
    {
        EventFilter.Exception<ActorInitializationException>().ExpectOne(() =>
        {
            var actor = Sys.ActorOf<FailingConstructor>();
            Watch(actor);
            ExpectTerminated(actor);
        });
    }

    [Fact]
    public void Kill_stops_by_default()
    {
        var child = Sys.ActorOf(Props.Create(() => new DefaultHooks(TestActor)));
        ExpectMsg("PreStart");
        Watch(child);
        child.Tell(Kill.Instance);
        ExpectMsg("PostStop");
        ExpectTerminated(child);
    }

    [Fact]
    public void Number_of_restarts_is_limited()
    {
        var child = Child(_ => Directive.Restart, maxRetries: 2);
        Watch(child);
        for (var i = 0; i < 3; i++)
            child.Tell(new Exception("on purpose"));
        ReceiveN(8).Count(message => message is "constructor").ShouldBe(3);
        ExpectMsg("PostStop");
        ExpectTerminated(child);
    }

    [Fact]
    public async Task Props_may_carry_the_strategy()
    {
        var parent = Sys.ActorOf(Props.Create(() => new DefaultParent(TestActor)).WithSupervisorStrategy(
            new OneForOneStrategy(_ => Directive.Resume)));
        var child = await parent.Ask<IActorRef>("child", TimeSpan.FromSeconds(3));
        child.Tell(new Exception("on purpose"));
        child.Tell("next");
        ReceiveN(3).ShouldBe(["constructor", "PreStart", "next"]);
    }

    [Fact]
    public async Task Siblings_of_a_failed_child_go_on()
    {
        var parent = Sys.ActorOf(Props.Create(() => new DefaultParent(TestActor)));
        var first = await parent.Ask<IActorRef>("child", TimeSpan.FromSeconds(3));
        var second = await parent.Ask<IActorRef>("child", TimeSpan.FromSeconds(3));
        ReceiveN(4);
        first.Tell(new Exception("on purpose"));
        ReceiveN(3);
        second.Tell("alive");
        ExpectMsg("alive");
    }

    [Fact]
    public void Failure_is_logged_with_the_child_as_source()
    {
        var child = Child(_ => Directive.Restart);
        EventFilter.Error("on purpose", source: child.Path.ToString()).ExpectOne(() => child.Tell(new Exception("on purpose")));
    }

    [Fact]
    public void Resumed_failure_is_logged_as_a_warning()
    {
        var child = Child(_ => Directive.Resume);
        EventFilter.Warning("on purpose", source: child.Path.ToString()).ExpectOne(() => child.Tell(new Exception("on purpose")));
    }

    [Fact]
    public void New_instance_that_fails_is_stopped()
    {
        var actor = Sys.ActorOf(Props.Create(() => new FailingOnRestart(TestActor)));
        ExpectMsg("constructor");
        Watch(actor);
        actor.Tell("fail");
        ExpectMsg("constructor");
        ExpectTerminated(actor);
    }

    [Fact]
    public void Behaviour_of_a_new_instance_is_its_own_again()
    {
        var actor = Sys.ActorOf<BecomingThenFailing>();
        actor.Tell("become");
        actor.Tell("who");
        ExpectMsg("second");
        actor.Tell("fail");
        actor.Tell("who");
        ExpectMsg("first");
    }

    private IActorRef Child(Func<Exception, Directive> decide, int maxRetries = -1)
    {
        var parent = Sys.ActorOf(Props.Create(() => new Parent(TestActor, decide, maxRetries)));
        return parent.Ask<IActorRef>("child", TimeSpan.FromSeconds(3)).GetAwaiter().GetResult();
    }

    private sealed class Parent : ReceiveActor
    {
        private readonly Func<Exception, Directive> _decide;
        private readonly int _maxRetries;

        public Parent(IActorRef report, Func<Exception, Directive> decide, int maxRetries)
        {
            (_decide, _maxRetries) = (decide, maxRetries);
            Receive<string>(_ => Sender.Tell(Context.ActorOf(Props.Create(() => new Worker(report)), "worker")));
        }

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_maxRetries, -1, _decide);
    }

    private sealed class DefaultParent : ReceiveActor
    {
        public DefaultParent(IActorRef report) =>
            Receive<string>(_ => Sender.Tell(Context.ActorOf(Props.Create(() => new Worker(report)))));
    }

    private sealed class Keeping(IActorRef report) : UntypedActor
    {
        protected override void OnReceive(object message) => throw new Exception("parent fails");

        protected override void PreStart() => Context.ActorOf(Props.Create(() => new Worker(report)), "worker");

        protected override void PreRestart(Exception reason, object message) { }

        protected override void PostRestart(Exception reason) { }
    }

    private sealed class Worker : ReceiveActor
    {
        private readonly IActorRef _report;

        public Worker(IActorRef report)
        {
            _report = report;
            report.Tell("constructor");
            Receive<Exception>(e => throw e);
            ReceiveAny(report.Tell);
        }

        protected override void PreStart() => _report.Tell("PreStart");

        protected override void PostStop() => _report.Tell("PostStop");

        protected override void PreRestart(Exception reason, object message) =>
            _report.Tell($"PreRestart {reason.Message} after {message?.ToString()?.Split(Environment.NewLine)[0]}");

        protected override void PostRestart(Exception reason) => _report.Tell($"PostRestart {reason.Message}");
    }

    private sealed class DefaultHooks(IActorRef report) : UntypedActor
    {
        protected override void OnReceive(object message) => throw new Exception("on purpose");

        protected override void PreStart() => report.Tell("PreStart");

        protected override void PostStop() => report.Tell("PostStop");
    }

    private sealed class FailingConstructor : ReceiveActor
    {
        public FailingConstructor() => throw new Exception("on purpose");
    }

    private sealed class FailingOnRestart : ReceiveActor
    {
        public FailingOnRestart(IActorRef report)
        {
            report.Tell("constructor");
            ReceiveAny(_ => throw new Exception("on purpose"));
        }

        protected override void PostRestart(Exception reason) => throw new Exception("again");
    }

    private sealed class BecomingThenFailing : ReceiveActor
    {
        public BecomingThenFailing()
        {
            Receive<string>(s => s == "become", _ => Become(Second));
            ReceiveAny(_ => Sender.Tell("first"));
        }

        private void Second()
        {
            Receive<string>(s => s == "fail", _ => throw new Exception("on purpose"));
            ReceiveAny(_ => Sender.Tell("second"));
        }
    }
}
