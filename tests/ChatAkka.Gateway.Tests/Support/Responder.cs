using System.Collections.Concurrent;
using Akka.Actor;

namespace ChatAkka.Gateway.Tests.Support;

/// <summary>A region that answers as a test says, once or with several messages, and remembers what it was told.</summary>
internal sealed class Responder(Func<object, object?> answer, ConcurrentQueue<object> told) : UntypedActor
{
    protected override void OnReceive(object message)
    {
        told.Enqueue(message);
        var reply = answer(message);
        foreach (var part in reply as object?[] ?? [reply])
        {
            if (part is not null)
            {
                Sender.Tell(part, Self);
            }
        }
    }
}
