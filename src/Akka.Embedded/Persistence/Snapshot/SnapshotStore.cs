using Akka.Actor;

namespace Akka.Persistence.Snapshot;

/// <summary>
/// The base of snapshot stores: an actor that persistent actors ask to save, load and delete snapshots. The abstract methods are
/// called on the actor's thread, one at a time; the tasks may end on any thread, and several may be under way.
/// </summary>
public abstract class SnapshotStore : ActorBase
{
    /// <summary>The youngest snapshot that meets the criteria, or null.</summary>
    protected abstract Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria);

    /// <summary>Saves a snapshot; one of the same sequence number is replaced.</summary>
    protected abstract Task SaveAsync(SnapshotMetadata metadata, object snapshot);

    /// <summary>Deletes the snapshot of a sequence number, and of a time unless that is <see cref="DateTime.MinValue"/>.</summary>
    protected abstract Task DeleteAsync(SnapshotMetadata metadata);

    /// <summary>Deletes all snapshots that meet the criteria.</summary>
    protected abstract Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria);

    protected override bool Receive(object message) => ReceiveSnapshotStore(message) || ReceivePluginInternal(message);

    /// <summary>Handles messages of the plugin's own.</summary>
    protected virtual bool ReceivePluginInternal(object message) => false;

    private bool ReceiveSnapshotStore(object message)
    {
        switch (message)
        {
            case RecoverySession session:
                _ = LoadForRecoveryAsync(session);
                return true;
            case LoadSnapshot load:
                _ = LoadAsync(load, Sender, Self);
                return true;
            case SaveSnapshot save:
                _ = SaveAsync(save, Sender, Self);
                return true;
            case DeleteSnapshot delete:
                _ = DeleteAsync(delete, Sender, Self);
                return true;
            case DeleteSnapshots delete:
                _ = DeleteAsync(delete, Sender, Self);
                return true;
            default:
                return false;
        }
    }

    private async Task LoadForRecoveryAsync(RecoverySession session)
    {
        try
        {
            session.SnapshotLoaded(await LoadAsync(session.PersistenceId, session.SnapshotCriteria).ConfigureAwait(false));
        }
        catch (Exception e)
        {
            session.Failed(e);
        }
    }

    private async Task LoadAsync(LoadSnapshot load, IActorRef replyTo, IActorRef self)
    {
        try
        {
            var snapshot = load.Criteria == SnapshotSelectionCriteria.None
                ? null
                : await LoadAsync(load.PersistenceId, load.Criteria.Limit(load.ToSequenceNr)).ConfigureAwait(false);
            replyTo.Tell(new LoadSnapshotResult(snapshot, load.ToSequenceNr), self);
        }
        catch (Exception e)
        {
            replyTo.Tell(new LoadSnapshotFailed(e), self);
        }
    }

    private async Task SaveAsync(SaveSnapshot save, IActorRef replyTo, IActorRef self)
    {
        try
        {
            await SaveAsync(save.Metadata, save.Snapshot).ConfigureAwait(false);
            replyTo.Tell(new SaveSnapshotSuccess(save.Metadata), self);
        }
        catch (Exception e)
        {
            replyTo.Tell(new SaveSnapshotFailure(save.Metadata, e), self);
        }
    }

    private async Task DeleteAsync(DeleteSnapshot delete, IActorRef replyTo, IActorRef self)
    {
        try
        {
            await DeleteAsync(delete.Metadata).ConfigureAwait(false);
            replyTo.Tell(new DeleteSnapshotSuccess(delete.Metadata), self);
        }
        catch (Exception e)
        {
            replyTo.Tell(new DeleteSnapshotFailure(delete.Metadata, e), self);
        }
    }

    private async Task DeleteAsync(DeleteSnapshots delete, IActorRef replyTo, IActorRef self)
    {
        try
        {
            await DeleteAsync(delete.PersistenceId, delete.Criteria).ConfigureAwait(false);
            replyTo.Tell(new DeleteSnapshotsSuccess(delete.Criteria), self);
        }
        catch (Exception e)
        {
            replyTo.Tell(new DeleteSnapshotsFailure(delete.Criteria, e), self);
        }
    }
}
