using System.Text;
using Akka.Actor;
using Akka.Remote.Associations;

namespace Akka.Remote;

/// <summary>An actor on another node. What is told to it is turned into bytes by the teller's own thread.</summary>
internal sealed class RemoteActorRef : MinimalActorRef
{
    private byte[]? _name;

    public RemoteActorRef(ActorSystemImpl system, Association association, ActorPath path)
        : base(system)
    {
        Association = association;
        Path = path;
        var elements = path.Elements;
        IsPrior = elements.Count > 1 && elements[0] == "system" && elements[1] is "cluster" or "ddataReplicator";
    }

    public override ActorPath Path { get; }

    public Association Association { get; }

    /// <summary>
    /// What the cluster says to itself: it gets through although so much else waits for the link that no more of that is accepted. Otherwise a
    /// busy node would look like a dead one.
    /// </summary>
    public bool IsPrior { get; }

    /// <summary>The path without the address, with the uid, in UTF-8.</summary>
    public byte[] Name => _name ??= Encoding.UTF8.GetBytes(ActorNaming.WithoutAddress(Path));

    public override void Tell(object message, IActorRef? sender)
    {
        if (message is null)
            throw new InvalidMessageException();
        Association.Send(message, sender, this);
    }

    public override void SendSystemMessage(SystemMessage message) => Association.Send(message, this);

    public override void Stop() => SendSystemMessage(new Terminate());
}
