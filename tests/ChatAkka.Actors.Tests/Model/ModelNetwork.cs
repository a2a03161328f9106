using Akka.Actor;
using ChatAkka.Actors.Channels;
using ChatAkka.Actors.Serialization;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Tests.Model;

/// <summary>
/// As if the actors were spread over nodes: whatever is told to a region, a relay or a connection arrives as what the serializer reads of
/// what it has written; and of the users, the odd ones are said to live at another node, behind a relay.
/// </summary>
internal sealed class ModelNetwork : IRelays
{
    private readonly NodeSerializer _serializer;
    private readonly IActorRef _relay;
    private readonly IActorRef _link;

    public ModelNetwork(ActorSystem system, Func<IActorRef> users, Func<IActorRef> channels)
    {
        _serializer = new NodeSerializer((ExtendedActorSystem)system);
        _relay = system.ActorOf(Props.Create(() => new RelayActor(users, channels)), RelayActor.Name);
        _link = system.ActorOf(Props.Create(() => new Link(_relay, this)));
    }

    /// <summary>What was told to the relay.</summary>
    public HashSet<Type> Relayed { get; } = [];

    /// <summary>A message as it arrives at another node; what never leaves its node stays as it is.</summary>
    public object Carry(object message) => Array.Exists(NodeSerializer.BoundTypes, type => type.IsInstanceOfType(message))
        ? _serializer.FromBinary(_serializer.ToBinary(message), _serializer.Manifest(message))
        : message;

    public IActorRef? Beside(IActorRef actor) => actor.Equals(_relay) || IsElsewhere(new UserId(actor.Path.Name)) ? _link : null;

    private static bool IsElsewhere(UserId user) => user.Value is [.., '1' or '3' or '5'];

    private sealed class Link(IActorRef relay, ModelNetwork network) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            network.Relayed.Add(message.GetType());
            relay.Forward(network.Carry(message));
        }
    }
}
