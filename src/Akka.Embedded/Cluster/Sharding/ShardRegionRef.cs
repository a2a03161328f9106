using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>The reference to a region that applications hold: its actor's in every respect, but that it delivers messages itself.</summary>
internal sealed class ShardRegionRef(ActorSystemImpl system, ShardRegion region, ActorCell cell) : MinimalActorRef(system)
{
    public override ActorPath Path => cell.Path;

    public override IInternalActorRef? Parent => cell.Parent;

    public override void Tell(object message, IActorRef? sender)
    {
        if (message is null)
            throw new InvalidMessageException();

        region.Tell(message, sender);
    }

    public override void SendSystemMessage(SystemMessage message) => cell.SendSystemMessage(message);

    public override void Stop() => cell.Stop();
}

/// <summary>
/// The reference to a region that its path stands for: what another node sends there is delivered on the thread that receives it. Whatever
/// this region doesn't run itself it sends on as such, so that two regions that take each other for the home don't send it for ever.
/// </summary>
internal sealed class ShardRegionFacade(ActorSystemImpl system, ShardRegion region, ActorCell cell) : MinimalActorRef(system)
{
    public override ActorPath Path => cell.Path;

    public override IInternalActorRef? Parent => cell.Parent;

    public override void Tell(object message, IActorRef? sender)
    {
        if (message is null)
            throw new InvalidMessageException();

        region.TellFromElsewhere(message, sender);
    }

    public override void SendSystemMessage(SystemMessage message) => cell.SendSystemMessage(message);

    public override void Stop() => cell.Stop();
}

/// <summary>The props of a region's actor.</summary>
internal sealed class ShardRegionProps(ShardRegion region, Func<ShardRegion, ActorBase> actor) : Props
{
    public override ActorBase NewActor() => actor(region);
}
