using Akka.Actor;

namespace Benchmarks.Runtime;

/// <summary>Messages between two actors, and from outside to one.</summary>
internal static class LocalMessages
{
    private const int PingPongMessages = 10_000_000;
    private const int OneInFlightMessages = 2_000_000;
    private const int FloodMessages = 10_000_000;

    public static async Task Run()
    {
        using var system = ActorSystem.Create("bench");
        await Measure.Rate("ping-pong of one pair, 1,000 in flight", PingPongMessages, () => PingPong(system, PingPongMessages, 1000));
        await Measure.Rate("ping-pong of one pair, 1 in flight", OneInFlightMessages, () => PingPong(system, OneInFlightMessages, 1));
        await Measure.Rate("flood from one thread to one actor", FloodMessages, () => Flood(system));
        Allocation(system);
        await system.Terminate();
    }

    private static async Task PingPong(ActorSystem system, int messages, int inFlight)
    {
        var done = new TaskCompletionSource();
        var pong = system.ActorOf(Props.Create(() => new Echo()));
        var ping = system.ActorOf(Props.Create(() => new Pinger(pong, messages / 2, inFlight, done)));
        ping.Tell(Start.Instance);
        await done.Task;
        system.Stop(ping);
        system.Stop(pong);
    }

    private static async Task Flood(ActorSystem system)
    {
        var done = new TaskCompletionSource();
        var counter = system.ActorOf(Props.Create(() => new Counter(FloodMessages, done)));
        await Task.Run(() =>
        {
            for (var i = 0; i < FloodMessages; i++)
                counter.Tell(Ball.Instance, ActorRefs.NoSender);
        });
        await done.Task;
        system.Stop(counter);
    }

    private static void Allocation(ActorSystem system)
    {
        var idle = system.ActorOf(Props.Create(() => new Counter(int.MaxValue, new TaskCompletionSource())));
        idle.Tell(Ball.Instance, ActorRefs.NoSender);
        const int Messages = 100_000;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Messages; i++)
            idle.Tell(Ball.Instance, ActorRefs.NoSender);
        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Messages;
        Measure.Line("allocated by a Tell of an existing message", $"{bytes:N1} B", "the mailbox's node");
    }

    private sealed class Start
    {
        public static readonly Start Instance = new();
    }

    private sealed class Ball
    {
        public static readonly Ball Instance = new();
    }

    private sealed class Echo : ReceiveActor
    {
        public Echo() => Receive<Ball>(ball => Sender.Tell(ball));
    }

    private sealed class Pinger : ReceiveActor
    {
        public Pinger(IActorRef pong, int balls, int inFlight, TaskCompletionSource done)
        {
            var (toSend, toReceive) = (balls, balls);
            Receive<Start>(_ =>
            {
                for (var i = 0; i < inFlight && toSend-- > 0; i++)
                    pong.Tell(Ball.Instance);
            });
            Receive<Ball>(ball =>
            {
                if (--toReceive == 0)
                    done.SetResult();
                else if (toSend-- > 0)
                    pong.Tell(ball);
            });
        }
    }

    private sealed class Counter : ReceiveActor
    {
        public Counter(int messages, TaskCompletionSource done)
        {
            var rest = messages;
            Receive<Ball>(_ =>
            {
                if (--rest == 0)
                    done.SetResult();
            });
        }
    }
}
