using System.Threading.Channels;
using Akka.Actor;

namespace Akka.TestKit;

/// <summary>What a test actor and its test share.</summary>
internal sealed class TestActorState
{
    public readonly Channel<MessageEnvelope> Messages = Channel.CreateUnbounded<MessageEnvelope>();
    public Func<object, bool>? Ignore;
    public AutoPilot? Pilot;
}

internal sealed record WatchRequest(IActorRef Subject);

internal sealed record UnwatchRequest(IActorRef Subject);

/// <summary>Keeps what it receives for the test.</summary>
internal sealed class TestActor(TestActorState state) : UntypedActor
{
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case WatchRequest watch:
                Context.Watch(watch.Subject);
                Sender.Tell(Done.Instance);
                return;
            case UnwatchRequest unwatch:
                Context.Unwatch(unwatch.Subject);
                Sender.Tell(Done.Instance);
                return;
        }

        if (Volatile.Read(ref state.Pilot) is { } pilot and not NoAutoPilot)
        {
            var next = pilot.Run(Sender, message);
            // Unless the test has set another one meanwhile.
            if (next is not KeepRunning)
                Interlocked.CompareExchange(ref state.Pilot, next, pilot);
        }

        if (Volatile.Read(ref state.Ignore)?.Invoke(message) != true)
            state.Messages.Writer.TryWrite(new RealMessageEnvelope(message, Sender));
    }
}
