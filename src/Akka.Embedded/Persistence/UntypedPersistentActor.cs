using Akka.Actor;

namespace Akka.Persistence;

/// <summary>A persistent actor whose commands arrive in one method, and whose events in another.</summary>
public abstract class UntypedPersistentActor : Eventsourced
{
    protected new static IUntypedActorContext Context => (IUntypedActorContext)ActorBase.Context;

    /// <summary>Handles a command.</summary>
    protected abstract void OnCommand(object message);

    /// <summary>Handles an event, a <see cref="SnapshotOffer"/> or <see cref="RecoveryCompleted"/>.</summary>
    protected abstract void OnRecover(object message);

    protected override bool Receive(object message) => ReceiveCommand(message);

    protected override bool ReceiveCommand(object message)
    {
        OnCommand(message);
        return true;
    }

    protected override bool ReceiveRecover(object message)
    {
        OnRecover(message);
        return true;
    }

    protected void Become(UntypedReceive receive) => Context.Become(receive);

    protected void BecomeStacked(UntypedReceive receive) => Context.BecomeStacked(receive);
}
