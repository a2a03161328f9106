using Akka.Actor;
using ChatAkka.Actors.Channels;

namespace ChatAkka.Actors.Tests.Harness;

/// <summary>Other nodes without a network: an actor that is said to live beside a relay lives at another node.</summary>
internal sealed class FakeRelays : IRelays
{
    private readonly Dictionary<IActorRef, IActorRef> _beside = [];

    /// <summary>The actor has moved to another node, or is back at this one if null.</summary>
    public void Move(IActorRef actor, IActorRef? beside)
    {
        _beside.Remove(actor);
        if (beside is not null)
        {
            _beside[actor] = beside;
        }
    }

    public IActorRef? Beside(IActorRef actor) => _beside.GetValueOrDefault(actor);
}
