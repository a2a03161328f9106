using Akka.Actor;
using Akka.Event;

namespace Akka.Embedded.Tests.Actors;

public sealed class LifecycleTests : TestKit.Xunit2.TestKit
{
    [Fact]
    public void Actor_that_starts_and_stops_calls_its_hooks_once_in_order()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Hooked(TestActor)));
        actor.Tell("work");
        actor.Tell(PoisonPill.Instance);
        ReceiveN(4).ShouldBe(["constructor", "PreStart", "work", "PostStop"]);
        ExpectNoMsg();
    }

    [Fact]
    public void PoisonPill_lets_earlier_messages_be_handled_and_later_ones_die()
    {
        Sys.EventStream.Subscribe<DeadLetter>(TestActor);
        var actor = Sys.ActorOf(Props.Create(() => new Hooked(TestActor)));
        actor.Tell("before");
        actor.Tell(PoisonPill.Instance);
        actor.Tell("after");
        ReceiveN(3).ShouldBe(["constructor", "PreStart", "before"]);
        var rest = ReceiveN(2);
        rest.ShouldContain("PostStop");
        rest.OfType<DeadLetter>().ShouldHaveSingleItem().Message.ShouldBe("after");
    }

    [Fact]
    public void Stopping_a_parent_stops_the_children_first()
    {
        var parent = Sys.ActorOf(Props.Create(() => new Parent(TestActor)), "parent");
        ExpectMsg("started");
        Watch(parent);
        Sys.Stop(parent);
        ReceiveN(2).ShouldBe(["child0 stopped", "child1 stopped"], ignoreOrder: true);
        ExpectMsg("parent stopped");
        ExpectTerminated(parent);
    }

    [Fact]
    public void Name_of_a_stopped_actor_is_free_again_for_another_incarnation()
    {
        var first = Sys.ActorOf(Props.Create(() => new Silent()), "name");
        Watch(first);
        Sys.Stop(first);
        ExpectTerminated(first);
        var second = Sys.ActorOf(Props.Create(() => new Silent()), "name");
        second.Path.ShouldBe(first.Path);
        second.ShouldNotBe(first);
        second.Path.Uid.ShouldNotBe(first.Path.Uid);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("$name")]
    [InlineData("a b")]
    [InlineData("%zz")]
    public void Invalid_name_is_refused(string name) =>
        Should.Throw<InvalidActorNameException>(() => Sys.ActorOf(Props.Create(() => new Silent()), name));

    [Fact]
    public void Name_that_is_taken_is_refused()
    {
        Sys.ActorOf(Props.Create(() => new Silent()), "taken");
        Should.Throw<InvalidActorNameException>(() => Sys.ActorOf(Props.Create(() => new Silent()), "taken"));
    }

    [Fact]
    public void Actors_without_a_name_get_different_ones()
    {
        var names = Enumerable.Range(0, 1000).Select(_ => Sys.ActorOf(Props.Create(() => new Silent())).Path.Name).ToHashSet();
        names.Count.ShouldBe(1000);
    }

    [Fact]
    [Trait("Akka.NET", "differs")] // Akka.NET makes it, under its test kit.
    public void Constructor_outside_an_actor_system_is_refused() =>
        Should.Throw<ActorInitializationException>(() => new Silent());

    [Fact]
    [Trait("Akka.NET", "differs")] // Akka.NET does not throw to the sender.
    public void Null_message_is_refused()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Silent()));
        Should.Throw<InvalidMessageException>(() => actor.Tell(null!, ActorRefs.NoSender));
    }

    [Fact]
    public void Context_knows_self_parent_children_and_sender()
    {
        var parent = Sys.ActorOf(Props.Create(() => new Inspecting()), "inspecting");
        parent.Tell("who");
        var (self, parentOfSelf, sender, child, missing, children) =
            ExpectMsg<(IActorRef, IActorRef, IActorRef, IActorRef, IActorRef, IActorRef[])>();
        self.ShouldBe(parent);
        parentOfSelf.Path.ToString().ShouldBe($"akka://{Sys.Name}/user");
        sender.ShouldBe(TestActor);
        child.Path.ToString().ShouldBe($"akka://{Sys.Name}/user/inspecting/child");
        missing.IsNobody().ShouldBeTrue();
        children.ShouldBe([child]);
    }

    [Fact]
    public void Message_from_outside_has_the_dead_letters_as_sender()
    {
        var probe = CreateTestProbe();
        probe.Ref.Tell("hello", ActorRefs.NoSender);
        probe.ExpectMsg("hello");
        probe.Sender.ShouldBe(Sys.DeadLetters);
    }

    [Fact]
    public void Context_outside_an_actor_is_refused() =>
        Should.Throw<NotSupportedException>(() => Task.Factory.StartNew(Silent.UseContext, TaskCreationOptions.LongRunning)
            .GetAwaiter().GetResult());

    [Fact]
    public void Unhandled_message_is_published()
    {
        Sys.EventStream.Subscribe<UnhandledMessage>(TestActor);
        var actor = Sys.ActorOf(Props.Create(() => new OnlyStrings()));
        actor.Tell(42);
        var unhandled = ExpectMsg<UnhandledMessage>();
        unhandled.Message.ShouldBe(42);
        unhandled.Recipient.ShouldBe(actor);
        unhandled.Sender.ShouldBe(TestActor);
    }

    private sealed class Hooked : ReceiveActor
    {
        private readonly IActorRef _report;

        public Hooked(IActorRef report)
        {
            _report = report;
            report.Tell("constructor");
            ReceiveAny(report.Tell);
        }

        protected override void PreStart() => _report.Tell("PreStart");

        protected override void PostStop() => _report.Tell("PostStop");
    }

    private sealed class Parent : ReceiveActor
    {
        private readonly IActorRef _report;

        public Parent(IActorRef report)
        {
            _report = report;
            for (var i = 0; i < 2; i++)
                Context.ActorOf(Props.Create(() => new Child(report)), $"child{i}");
            report.Tell("started");
        }

        protected override void PostStop() => _report.Tell("parent stopped");
    }

    private sealed class Child(IActorRef report) : UntypedActor
    {
        protected override void OnReceive(object message) { }

        protected override void PostStop() => report.Tell($"{Self.Path.Name} stopped");
    }

    private sealed class Silent : UntypedActor
    {
        public static void UseContext() => _ = Context.Self;

        protected override void OnReceive(object message) { }
    }

    private sealed class OnlyStrings : ReceiveActor
    {
        public OnlyStrings() => Receive<string>(_ => { });
    }

    private sealed class Inspecting : ReceiveActor
    {
        public Inspecting()
        {
            Context.ActorOf(Props.Create(() => new Silent()), "child");
            Receive<string>(_ => Sender.Tell(
                (Self, Context.Parent, Sender, Context.Child("child"), Context.Child("missing"), Context.GetChildren().ToArray())));
        }
    }
}
