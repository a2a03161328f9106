using System.Collections.Concurrent;
using Akka.Actor;

namespace ChatAkka.Gateway.Tests.Support;

/// <summary>A region that answers as a test says, and remembers what it was told.</summary>
internal sealed class Responder(Func<object, object?> answer, ConcurrentQueue<object> told) : UntypedActor
{
    protected override void OnReceive(object message)
    {
        told.Enqueue(message);
        if (answer(message) is { } reply)
        {
            Sender.Tell(reply, Self);
        }
    }
}
