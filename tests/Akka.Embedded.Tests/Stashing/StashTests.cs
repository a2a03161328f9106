using Akka.Actor;

namespace Akka.Embedded.Tests.Stashing;

public sealed class StashTests : TestKit.Xunit2.TestKit
{
    [Fact]
    public void Unstashed_messages_come_in_their_order_before_newer_ones()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Opening()));
        foreach (var message in new object[] { 1, 2, 3, "open", 4, 5 })
            actor.Tell(message);
        ReceiveN(5).ShouldBe([1, 2, 3, 4, 5]);
        LastSender.ShouldBe(actor);
    }

    [Fact]
    public void Stashing_a_message_twice_is_refused()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Doubling()));
        actor.Tell("a");
        ExpectMsg<IllegalActorStateException>();
    }

    [Fact]
    public void Unstash_returns_one_message()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Stepping()));
        foreach (var message in new object[] { "a", "b", 1, 1 })
            actor.Tell(message);
        ReceiveN(2).ShouldBe(["a", "b"]);
        ExpectNoMsg();
    }

    [Fact]
    public void Stashed_messages_survive_a_restart()
    {
        var actor = Sys.ActorOf(Props.Create(() => new FailingAfterStash()));
        foreach (var message in new object[] { "a", "b", "fail" })
            actor.Tell(message);
        ReceiveN(2).ShouldBe(["new a", "new b"]);
    }

    [Fact]
    public void Stashed_messages_of_a_stopped_actor_are_dead_letters()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Opening()));
        EventFilter.DeadLetter<int>().Expect(2, () =>
        {
            actor.Tell(1);
            actor.Tell(2);
            actor.Tell(PoisonPill.Instance);
        });
    }

    [Fact]
    public void Stash_can_be_cleared_filtered_and_prepended()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Juggling()));
        foreach (var message in new object[] { 1, 2, 3, 4, "even" })
            actor.Tell(message);
        ReceiveN(2).ShouldBe(["got 2", "got 4"]);
        foreach (var message in new object[] { "close", 5, 6, "reverse" })
            actor.Tell(message);
        ReceiveN(2).ShouldBe(["got 6", "got 5"]);
    }

    [Fact]
    public void Stash_knows_its_size()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Opening()));
        actor.Tell(1);
        actor.Tell(2);
        actor.Tell('c');
        ExpectMsg((2, false, true, -1));
    }

    private sealed class Opening : ReceiveActor, IWithStash
    {
        public Opening()
        {
            Receive<string>(_ =>
            {
                Become(() => Receive<int>(n => Sender.Tell(n)));
                Stash.UnstashAll();
            });
            Receive<int>(_ => Stash.Stash());
            Receive<char>(_ => Sender.Tell((Stash.Count, Stash.IsEmpty, Stash.NonEmpty, Stash.Capacity)));
        }

        public IStash Stash { get; set; } = null!;
    }

    private sealed class Doubling : ReceiveActor, IWithUnboundedStash
    {
        public Doubling() => ReceiveAny(_ =>
        {
            Stash.Stash();
            try
            {
                Stash.Stash();
            }
            catch (IllegalActorStateException e)
            {
                Sender.Tell(e);
            }
        });

        public IStash Stash { get; set; } = null!;
    }

    private sealed class Stepping : ReceiveActor, IWithStash
    {
        private int _allowed;

        public Stepping()
        {
            Receive<int>(n =>
            {
                _allowed += n;
                Stash.Unstash();
            });
            Receive<string>(_ => _allowed > 0, s =>
            {
                _allowed--;
                Sender.Tell(s);
            });
            Receive<string>(_ => Stash.Stash());
        }

        public IStash Stash { get; set; } = null!;
    }

    private sealed class FailingAfterStash : ReceiveActor, IWithStash
    {
        private bool _restarted;

        public FailingAfterStash()
        {
            Receive<string>(s => s == "fail", _ => throw new Exception("on purpose"));
            Receive<string>(_ => _restarted, s => Sender.Tell($"new {s}"));
            Receive<string>(_ => Stash.Stash());
        }

        public IStash Stash { get; set; } = null!;

        protected override void PostRestart(Exception reason) => _restarted = true;
    }

    private sealed class Juggling : ReceiveActor, IWithStash
    {
        public Juggling() => Closed();

        public IStash Stash { get; set; } = null!;

        private void Closed()
        {
            Receive<int>(_ => Stash.Stash());
            Receive<string>(s => s == "even", _ =>
            {
                Become(Open);
                Stash.UnstashAll(envelope => envelope.Message is int n && n % 2 == 0);
            });
            Receive<string>(_ =>
            {
                Become(Open);
                Stash.Prepend(Stash.ClearStash().Reverse().ToArray());
                Stash.UnstashAll();
            });
        }

        private void Open()
        {
            Receive<int>(n => Sender.Tell($"got {n}"));
            Receive<string>(_ => Become(Closed));
        }
    }
}
