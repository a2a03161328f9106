using Akka.Actor;
using Akka.Persistence;

namespace Akka.Embedded.Tests.Persistence;

/// <summary>Runs in the actor as the handling of a command.</summary>
internal sealed record Do(Action<ScriptedActor> Script);

/// <summary>Like <see cref="Do"/>, asynchronously.</summary>
internal sealed record DoAsync(Func<ScriptedActor, Task> Script);

/// <summary>
/// A persistent actor whose commands are code. Whatever happens to it, it tells the observer, in order: replayed events as
/// <c>recovered …</c>, other commands as they are.
/// </summary>
internal class ScriptedActor : ReceivePersistentActor
{
    private readonly IActorRef _observer;
    private readonly Recovery _recovery;

    public ScriptedActor(string persistenceId, IActorRef observer, Recovery? recovery = null)
    {
        PersistenceId = persistenceId;
        _observer = observer;
        _recovery = recovery ?? Recovery.Default;
        Recover<SnapshotOffer>(offer => Tell($"offered {offer.Snapshot}"));
        Recover<RecoveryCompleted>(_ => Completed());
        RecoverAny(Recovering);
        Command<Do>(command => command.Script(this));
        CommandAsync<DoAsync>(command => command.Script(this));
        CommandAny(Tell);
    }

    public override string PersistenceId { get; }

    public override Recovery Recovery => _recovery;

    public IActorRef CommandSender => Sender;

    public IActorContext ActorContext => Context;

    public void Tell(object message) => _observer.Tell(message, Self);

    public void PersistAndTell(object @event) => Persist(@event, Tell);

    protected virtual void Recovering(object @event) => Tell($"recovered {@event}");

    protected virtual void Completed() => Tell("completed");

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        Tell($"failed {@event} {sequenceNr}: {cause.Message}");
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        Tell($"rejected {@event} {sequenceNr}: {cause.Message}");
        base.OnPersistRejected(cause, @event, sequenceNr);
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        Tell($"recovery failed on {message ?? "nothing"}: {reason.Message}");
        base.OnRecoveryFailure(reason, message);
    }

    protected override void PreRestart(Exception reason, object message)
    {
        Tell($"restarting: {reason.Message}");
        base.PreRestart(reason, message);
    }

    protected override void PostStop()
    {
        Tell("stopped");
        base.PostStop();
    }
}
