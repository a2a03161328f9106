using Akka.Actor;

namespace Akka.Persistence;

/// <summary>
/// One recovery of one persistent actor: what it asks of the snapshot store and the journal, and what they have answered. They
/// answer on any thread; the actor is woken by a system message and takes all that has arrived.
/// </summary>
internal sealed class RecoverySession(ActorCell persistentActor, string persistenceId, Recovery recovery)
{
    private readonly Lock _gate = new();

    // Guarded by _gate.
    private List<IPersistentRepresentation>? _events;
    private SelectedSnapshot? _snapshot;
    private Arrivals _arrived;
    private long _highestSequenceNr;
    private Exception? _failure;
    private bool _woken;

    [Flags]
    private enum Arrivals : byte
    {
        None = 0,
        Permit = 1,
        Snapshot = 2,
        End = 4,
    }

    public string PersistenceId => persistenceId;

    /// <summary>What the snapshot store is asked for.</summary>
    public SnapshotSelectionCriteria SnapshotCriteria => recovery.FromSnapshot.Limit(recovery.ToSequenceNr);

    /// <summary>What the journal is asked for; set before it is.</summary>
    public long FromSequenceNr { get; private set; }

    public long ToSequenceNr => recovery.ToSequenceNr;

    public long ReplayMax => recovery.ReplayMax;

    /// <summary>Owned by <see cref="RecoveryPermits"/>, which counts and times the recoveries that are under way.</summary>
    public RecoveryPermitState Permit { get; set; }

    /// <summary>A time stamp of the last answer, for <see cref="RecoveryPermits"/>.</summary>
    public long LastProgress { get; set; }

    /// <summary>Begins, with the permit held.</summary>
    public void Start(Eventsourced actor)
    {
        if (recovery.FromSnapshot == SnapshotSelectionCriteria.None)
            StartReplay(actor);
        else
            actor.SnapshotStore.Tell(this, actor.Cell);
    }

    /// <summary>Takes what has arrived to the actor, and asks for what comes next. In the actor.</summary>
    public void Continue(Eventsourced actor)
    {
        var answers = Take();
        actor.Permits.Progressed(this);
        object? replayed = null;
        try
        {
            if (answers.HasPermit)
                Start(actor);
            if (answers.Snapshot is { Metadata: var metadata, Snapshot: var snapshot })
            {
                replayed = new SnapshotOffer(metadata, snapshot);
                actor.Recover(replayed, metadata.SequenceNr);
            }

            if (answers.HasSnapshot)
                StartReplay(actor);
            foreach (var @event in answers.Events ?? [])
            {
                replayed = @event.Payload;
                actor.Recover(replayed, @event.SequenceNr);
            }
        }
        catch (Exception e)
        {
            actor.FailRecovery(e, replayed);
            return;
        }

        if (answers.Failure is not null)
            actor.FailRecovery(answers.Failure, null);
        else if (answers.HasEnded)
            actor.CompleteRecovery(answers.HighestSequenceNr);
    }

    public void PermitGranted() => Arrived(Arrivals.Permit, null, 0L, null);

    public void SnapshotLoaded(SelectedSnapshot? snapshot) => Arrived(Arrivals.Snapshot, snapshot, 0L, null);

    public void ReplayEnded(long highestSequenceNr) => Arrived(Arrivals.End, null, highestSequenceNr, null);

    public void Failed(Exception cause) => Arrived(Arrivals.None, null, 0L, cause);

    public void Replayed(IPersistentRepresentation @event)
    {
        lock (_gate)
        {
            (_events ??= []).Add(@event);
            if (_woken)
                return;

            _woken = true;
        }

        persistentActor.SendSystemMessage(new Wake(this));
    }

    private void StartReplay(Eventsourced actor)
    {
        FromSequenceNr = actor.LastSequenceNr + 1;
        actor.Journal.Tell(this, actor.Cell);
    }

    private Answers Take()
    {
        lock (_gate)
        {
            var answers = new Answers(
                _arrived.HasFlag(Arrivals.Permit), _arrived.HasFlag(Arrivals.Snapshot), _snapshot, _events,
                _arrived.HasFlag(Arrivals.End), _highestSequenceNr, _failure);
            _arrived = Arrivals.None;
            _snapshot = null;
            _events = null;
            _failure = null;
            _woken = false;
            return answers;
        }
    }

    private void Arrived(Arrivals what, SelectedSnapshot? snapshot, long highestSequenceNr, Exception? failure)
    {
        lock (_gate)
        {
            _arrived |= what;
            _snapshot = snapshot ?? _snapshot;
            _failure ??= failure;
            _highestSequenceNr = Math.Max(_highestSequenceNr, highestSequenceNr);
            if (_woken)
                return;

            _woken = true;
        }

        persistentActor.SendSystemMessage(new Wake(this));
    }

    /// <summary>What has arrived since it was last asked.</summary>
    /// <param name="HasPermit">The recovery may begin.</param>
    /// <param name="HasSnapshot">The snapshot store has answered; with null where there is no snapshot.</param>
    /// <param name="Events">Replayed events, in order.</param>
    /// <param name="HasEnded">All events have been replayed.</param>
    private readonly record struct Answers(
        bool HasPermit,
        bool HasSnapshot,
        SelectedSnapshot? Snapshot,
        List<IPersistentRepresentation>? Events,
        bool HasEnded,
        long HighestSequenceNr,
        Exception? Failure);

    private sealed class Wake(RecoverySession session) : SystemMessage
    {
        public override void Invoke(ActorCell cell) => (cell.Actor as Eventsourced)?.OnRecoveryProgress(session);
    }
}

/// <summary>Where a recovery stands with <see cref="RecoveryPermits"/>.</summary>
internal enum RecoveryPermitState : byte
{
    None,
    Waiting,
    Held,
    Returned,
}
