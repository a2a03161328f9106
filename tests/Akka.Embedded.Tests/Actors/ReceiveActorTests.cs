using Akka.Actor;

namespace Akka.Embedded.Tests.Actors;

public sealed class ReceiveActorTests : TestKit.Xunit2.TestKit
{
    [Fact]
    public void First_handler_that_accepts_the_message_handles_it()
    {
        var actor = Sys.ActorOf<Selective>();
        foreach (var message in new object[] { 1, 20, "text", new ArgumentNullException(), new ArgumentException(), new InvalidOperationException(), 'c', 2.5 })
            actor.Tell(message);
        ReceiveN(8).ShouldBe(["small", "int", "string", "null", "argument", "exception", "char", "any"]);
    }

    [Fact]
    public void Handler_of_an_interface_gets_what_implements_it()
    {
        var actor = Sys.ActorOf<ByInterface>();
        actor.Tell(new List<int> { 1 });
        ExpectMsg("enumerable");
    }

    [Fact]
    public void Handlers_for_many_types_are_all_found()
    {
        var actor = Sys.ActorOf<ManyTypes>();
        for (var round = 0; round < 3; round++)
        {
            foreach (var message in new object[] { (byte)1, (short)1, 1, 1L, 1f, 1d, 1m, 'c', "s", true, Guid.Empty, DateTime.UnixEpoch })
                actor.Tell(message);
        }

        ReceiveN(36).Distinct().Count().ShouldBe(12);
    }

    [Fact]
    public void Handler_after_one_that_catches_all_is_refused()
    {
        EventFilter.Exception<ActorInitializationException>().ExpectOne(() => Sys.ActorOf<AnyThenMore>());
    }

    [Fact]
    public void Handler_outside_constructor_and_become_is_refused()
    {
        var actor = Sys.ActorOf<LateDeclaration>();
        actor.Tell("declare");
        ExpectMsg<InvalidOperationException>();
    }

    [Fact]
    public void Untyped_declarations_work_like_typed_ones()
    {
        var actor = Sys.ActorOf<Untyped>();
        actor.Tell(1);
        actor.Tell(2);
        actor.Tell("text");
        ReceiveN(3).ShouldBe(["one", "other int", "async"]);
    }

    [Fact]
    public void Become_replaces_and_become_stacked_covers_the_behaviour()
    {
        var actor = Sys.ActorOf<Changing>();
        actor.Tell("who");
        ExpectMsg("first");
        actor.Tell("become");
        actor.Tell("who");
        ExpectMsg("second");
        actor.Tell("push");
        actor.Tell("who");
        ExpectMsg("third");
        actor.Tell("pop");
        actor.Tell("who");
        ExpectMsg("second");
    }

    [Fact]
    public void Unbecome_returns_an_untyped_actor_to_its_own_receive()
    {
        var actor = Sys.ActorOf<UntypedChanging>();
        actor.Tell("push");
        actor.Tell("x");
        ExpectMsg("pushed x");
        actor.Tell("pop");
        actor.Tell("x");
        ExpectMsg("own x");
    }

    [Fact]
    public void AroundReceive_that_is_overridden_gets_the_current_behaviour()
    {
        var actor = Sys.ActorOf<Surrounded>();
        actor.Tell("a");
        actor.Tell("become");
        actor.Tell("b");
        ReceiveN(5).ShouldBe(["around a", "first a", "around become", "around b", "second b"]);
    }

    private sealed class Selective : ReceiveActor
    {
        public Selective()
        {
            Receive<int>(_ => Sender.Tell("small"), n => n < 10);
            Receive<int>(_ => Sender.Tell("int"));
            Receive<string>(_ => Sender.Tell("string"));
            Receive<ArgumentNullException>(_ => Sender.Tell("null"));
            Receive<ArgumentException>(_ => Sender.Tell("argument"));
            Receive<Exception>(_ => Sender.Tell("exception"));
            Receive<char>(_ =>
            {
                Sender.Tell("char");
                return true;
            });
            ReceiveAny(_ => Sender.Tell("any"));
        }
    }

    private sealed class ByInterface : ReceiveActor
    {
        public ByInterface() => Receive<IEnumerable<int>>(_ => Sender.Tell("enumerable"));
    }

    private sealed class ManyTypes : ReceiveActor
    {
        public ManyTypes()
        {
            Answer<byte>();
            Answer<short>();
            Answer<int>();
            Answer<long>();
            Answer<float>();
            Answer<double>();
            Answer<decimal>();
            Answer<char>();
            Answer<string>();
            Answer<bool>();
            Answer<Guid>();
            Answer<DateTime>();
        }

        private void Answer<T>() => Receive<T>(_ => Sender.Tell(typeof(T)));
    }

    private sealed class AnyThenMore : ReceiveActor
    {
        public AnyThenMore()
        {
            ReceiveAny(_ => { });
            Receive<int>(_ => { });
        }
    }

    private sealed class LateDeclaration : ReceiveActor
    {
        public LateDeclaration() => ReceiveAny(_ =>
        {
            try
            {
                Receive<int>(_ => { });
            }
            catch (InvalidOperationException e)
            {
                Sender.Tell(e);
            }
        });
    }

    private sealed class Untyped : ReceiveActor
    {
        public Untyped()
        {
            Receive(typeof(int), _ => Sender.Tell("one"), n => (int)n == 1);
            Receive(typeof(int), _ => Sender.Tell("other int"));
            ReceiveAsync(typeof(string), async _ =>
            {
                await Task.Yield();
                Sender.Tell("async");
            });
        }
    }

    private sealed class Changing : ReceiveActor
    {
        public Changing() => First();

        private void First()
        {
            Receive<string>(s => s == "who", _ => Sender.Tell("first"));
            Receive<string>(_ => Become(Second));
        }

        private void Second()
        {
            Receive<string>(s => s == "who", _ => Sender.Tell("second"));
            Receive<string>(_ => BecomeStacked(Third));
        }

        private void Third()
        {
            Receive<string>(s => s == "who", _ => Sender.Tell("third"));
            Receive<string>(_ => UnbecomeStacked());
        }
    }

    private sealed class UntypedChanging : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is "push")
                BecomeStacked(Pushed);
            else
                Sender.Tell($"own {message}");
        }

        private void Pushed(object message)
        {
            if (message is "pop")
                UnbecomeStacked();
            else
                Sender.Tell($"pushed {message}");
        }
    }

    private sealed class Surrounded : ReceiveActor
    {
        public Surrounded()
        {
            Receive<string>(s => s == "become", _ => Become(() => Receive<string>(s => Sender.Tell($"second {s}"))));
            Receive<string>(s => Sender.Tell($"first {s}"));
        }

        protected override bool AroundReceive(Receive receive, object message)
        {
            Sender.Tell($"around {message}");
            return receive(message);
        }
    }
}
