using Akka.Event;
using Akka.Persistence;
using ChatAkka.Domain.Timelines;

namespace ChatAkka.Actors;

/// <summary>A persistent actor to which a store that doesn't answer is no fault: it ends, and the next message makes one that tries again.
/// What waited for it is answered by <see cref="LostRequests"/>.</summary>
public abstract class RecoveringActor : UntypedPersistentActor
{
    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        if (reason is StorageUnavailableException)
        {
            Log.Warning("{0} could not recover: {1}", PersistenceId, reason.Message);
        }
        else
        {
            base.OnRecoveryFailure(reason, message);
        }
    }

    /// <summary>The outcome of a snapshot: a newer one makes the older ones superfluous, and without one a recovery takes longer. Anything
    /// else is none of the actor's.</summary>
    protected void OnSnapshotOutcome(object message)
    {
        switch (message)
        {
            case SaveSnapshotSuccess saved:
                DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1));
                break;
            case SaveSnapshotFailure failed:
                Log.Warning("{0} has no snapshot at {1}: {2}", PersistenceId, failed.Metadata.SequenceNr, failed.Cause.Message);
                break;
        }
    }
}
