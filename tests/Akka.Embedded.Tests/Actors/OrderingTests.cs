using Akka.Actor;

namespace Akka.Embedded.Tests.Actors;

public sealed class OrderingTests : TestKit.Xunit2.TestKit
{
    private const int Senders = 8;
    private const int PerSender = 20_000;

    [Fact]
    public async Task Messages_of_one_sender_arrive_in_order_whatever_others_send()
    {
        var checker = Sys.ActorOf(Props.Create(() => new OrderChecker(TestActor)));
        var threads = Enumerable.Range(0, Senders).Select(sender => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < PerSender; i++)
                    checker.Tell(new Numbered(sender, i));
            },
            TaskCreationOptions.LongRunning));
        await Task.WhenAll(threads);
        ExpectMsg("in order", TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task An_actor_is_never_run_by_two_threads_at_once()
    {
        var checker = Sys.ActorOf(Props.Create(() => new ReentrancyChecker(TestActor)));
        var threads = Enumerable.Range(0, Senders).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < PerSender; i++)
                    checker.Tell(i);
            },
            TaskCreationOptions.LongRunning));
        await Task.WhenAll(threads);
        ExpectMsg(Senders * PerSender, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void A_chain_of_actors_keeps_the_order()
    {
        IActorRef next = TestActor;
        for (var i = 0; i < 10; i++)
        {
            var target = next;
            next = Sys.ActorOf(Props.Create(() => new Forwarder(target)));
        }

        foreach (var number in Enumerable.Range(0, 1000))
            next.Tell(number);
        ReceiveN(1000).ShouldBe(Enumerable.Range(0, 1000).Cast<object>());
    }

    private sealed record Numbered(int Sender, int Number);

    private sealed class OrderChecker : ReceiveActor
    {
        private readonly int[] _next = new int[Senders];
        private int _received;

        public OrderChecker(IActorRef report) => Receive<Numbered>(message =>
        {
            if (_next[message.Sender]++ != message.Number)
                report.Tell($"{message} instead of {_next[message.Sender] - 1}");
            if (++_received == Senders * PerSender)
                report.Tell("in order");
        });
    }

    private sealed class ReentrancyChecker : ReceiveActor
    {
        private int _inside;
        private int _received;

        public ReentrancyChecker(IActorRef report) => Receive<int>(_ =>
        {
            if (Interlocked.Increment(ref _inside) != 1)
                report.Tell("two at once");
            // Not atomic on purpose: it stays exact only if one batch sees what the previous one wrote.
            _received++;
            Interlocked.Decrement(ref _inside);
            if (_received == Senders * PerSender)
                report.Tell(_received);
        });
    }

    private sealed class Forwarder : ReceiveActor
    {
        public Forwarder(IActorRef target) => ReceiveAny(target.Forward);
    }
}
