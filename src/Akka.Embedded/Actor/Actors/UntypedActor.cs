namespace Akka.Actor;

/// <summary>An actor whose messages all arrive in one method.</summary>
public abstract class UntypedActor : ActorBase
{
    protected new static IUntypedActorContext Context => (IUntypedActorContext)ActorBase.Context;

    protected abstract void OnReceive(object message);

    protected override bool Receive(object message)
    {
        OnReceive(message);
        return true;
    }

    protected void Become(UntypedReceive receive) => Cell.Become(receive);

    protected void BecomeStacked(UntypedReceive receive) => Cell.BecomeStacked(receive);

    /// <summary>Runs asynchronous work as part of the current message: the next one waits for it.</summary>
    protected void RunTask(Func<Task> action) => Cell.RunTask(action);
}
