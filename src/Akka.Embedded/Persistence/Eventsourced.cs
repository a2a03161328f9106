using System.Runtime.InteropServices;
using Akka.Actor;
using Akka.Event;

namespace Akka.Persistence;

/// <summary>
/// The base of persistent actors. It recovers the actor's state from its snapshot store and journal before the first command, and
/// persists events: a handler runs when its event is stored, and until the handlers of <c>Persist</c> have run, commands wait.
/// </summary>
/// <remarks>
/// <para>Commands wait in the mailbox itself, which is held while the actor recovers or persists; answers of the stores are system
/// messages, which pass a held mailbox. So there is no second queue that a failing actor could lose, a restarted actor finds
/// its commands in order, and the actor's own stash puts messages back in front of those that wait.</para>
/// <para>Events of one message, and with <c>PersistAsync</c> all that come while a write is under way, go to the journal as one
/// batch; an actor has at most one batch there. Handlers run in the order of the calls, deferred ones included. A failed write
/// stops the actor, since what was stored is unknown; a rejected one, known not to be stored, only drops its handler.</para>
/// <para>An idle actor holds two references more than any other one, and its sequence number.</para>
/// </remarks>
public abstract class Eventsourced : ActorBase, IWithStash, IPersistentIdentity
{
    // What is in progress from a failed recovery to the end of the actor: its commands are held.
    private static readonly object FailedRecovery = new();

    private PersistencePlugins? _plugins;

    // The RecoverySession while it recovers, the PersistWork while it persists, FailedRecovery, or null.
    private object? _progress;
    private IStash? _stash;
    private long _lastSequenceNr;
    private bool _isRecovering = true;

    public abstract string PersistenceId { get; }

    /// <summary>The journal's id; to be set, if at all, in the constructor.</summary>
    public string? JournalPluginId
    {
        get => _plugins?.JournalPluginId;
        set => _plugins = Extension.PluginsFor(value, SnapshotPluginId);
    }

    /// <summary>The snapshot store's id; to be set, if at all, in the constructor.</summary>
    public string? SnapshotPluginId
    {
        get => _plugins?.SnapshotPluginId;
        set => _plugins = Extension.PluginsFor(JournalPluginId, value);
    }

    public IActorRef Journal => Plugins.Journal;

    public IActorRef SnapshotStore => Plugins.SnapshotStore;

    /// <summary>The id under which snapshots are saved.</summary>
    public string SnapshotterId => PersistenceId;

    /// <summary>The sequence number that a snapshot taken now gets.</summary>
    public long SnapshotSequenceNr => _lastSequenceNr;

    /// <summary>The sequence number of the last event that was replayed or whose handler has been called.</summary>
    public long LastSequenceNr => _lastSequenceNr;

    /// <summary>True until the actor gets <see cref="RecoveryCompleted"/>.</summary>
    public bool IsRecovering => _isRecovering;

    public bool IsRecoveryFinished => !_isRecovering;

    /// <summary>How this actor recovers; from the latest snapshot to the last event by default.</summary>
    public virtual Recovery Recovery => Recovery.Default;

    /// <summary>The actor's own stash. What is unstashed comes before the commands that wait for a persist.</summary>
    public IStash Stash
    {
        get => _stash ??= new MailboxStash(Cell);
        set => _stash = value;
    }

    protected PersistenceExtension Extension => Plugins.Extension;

    protected virtual ILoggingAdapter Log => Cell.GetLogger();

    /// <summary>The recovery that is under way.</summary>
    internal RecoverySession? Session => _progress as RecoverySession;

    internal RecoveryPermits Permits => Plugins.Extension.RecoveryPermits;

    private PersistencePlugins Plugins => _plugins ??= Persistence.Instance.Apply(Cell.SystemImpl).DefaultPlugins;

    /// <summary>Handles an event, a <see cref="SnapshotOffer"/> or <see cref="RecoveryCompleted"/>.</summary>
    protected abstract bool ReceiveRecover(object message);

    /// <summary>Handles a command.</summary>
    protected abstract bool ReceiveCommand(object message);

    /// <summary>
    /// Stores an event, then calls the handler. No command is handled in between. The handler sees the sender of the command that
    /// is being handled now.
    /// </summary>
    /// <exception cref="InvalidOperationException">The actor is recovering.</exception>
    public void Persist<TEvent>(TEvent @event, Action<TEvent> handler) => Store(@event, handler, PersistKind.Exclusive);

    /// <summary>Like <see cref="Persist{TEvent}"/>, but commands that arrive in the meantime are handled before the handler runs.</summary>
    public void PersistAsync<TEvent>(TEvent @event, Action<TEvent> handler) => Store(@event, handler, PersistKind.Async);

    /// <summary>Stores all events or none, then calls the handler for each; otherwise like <see cref="Persist{TEvent}"/>.</summary>
    public void PersistAll<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler) =>
        StoreAll(events, handler, PersistKind.Exclusive);

    /// <summary>Stores all events or none, then calls the handler for each; otherwise like <see cref="PersistAsync{TEvent}"/>.</summary>
    public void PersistAllAsync<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler) =>
        StoreAll(events, handler, PersistKind.Async);

    /// <summary>
    /// Calls the handler, with something that is not stored, after the handlers of all events persisted before; at once if there
    /// are none. It is not called if one of them can't be stored for sure, or the actor stops or restarts.
    /// </summary>
    public void DeferAsync<TEvent>(TEvent evt, Action<TEvent> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        EnsureRecovered("defer");
        if (_progress is PersistWork { HasPending: true } work)
        {
            work.Add(new PendingHandler(PersistHandler<TEvent>.Instance, handler, evt!, Cell.CurrentNode, PersistKind.Deferred));
        }
        else
        {
            handler(evt);
        }
    }

    /// <summary>Saves a snapshot of the state after event <see cref="SnapshotSequenceNr"/>; the answer comes as a message.</summary>
    public void SaveSnapshot(object snapshot)
    {
        var now = Cell.SystemImpl.Runtime.Time.GetUtcNow().UtcDateTime;
        SnapshotStore.Tell(new SaveSnapshot(new SnapshotMetadata(SnapshotterId, SnapshotSequenceNr, now), snapshot), Self);
    }

    /// <summary>Asks for a snapshot; <see cref="LoadSnapshotResult"/> or <see cref="LoadSnapshotFailed"/> comes as a message.</summary>
    public void LoadSnapshot(string persistenceId, SnapshotSelectionCriteria criteria, long toSequenceNr) =>
        SnapshotStore.Tell(new LoadSnapshot(persistenceId, criteria, toSequenceNr), Self);

    /// <summary>Deletes the snapshot of a sequence number; the answer comes as a message.</summary>
    public void DeleteSnapshot(long sequenceNr) =>
        SnapshotStore.Tell(new DeleteSnapshot(new SnapshotMetadata(SnapshotterId, sequenceNr, DateTime.MinValue)), Self);

    /// <summary>Deletes all snapshots that meet the criteria; the answer comes as a message.</summary>
    public void DeleteSnapshots(SnapshotSelectionCriteria criteria) =>
        SnapshotStore.Tell(new DeleteSnapshots(SnapshotterId, criteria), Self);

    /// <summary>
    /// Deletes the events up to a sequence number, inclusive; the answer comes as a message. A number above
    /// <see cref="LastSequenceNr"/> is refused, except <see cref="long.MaxValue"/>, which stands for all.
    /// </summary>
    public void DeleteMessages(long toSequenceNr)
    {
        if (toSequenceNr == long.MaxValue || toSequenceNr <= LastSequenceNr)
        {
            Journal.Tell(new DeleteMessagesTo(PersistenceId, toSequenceNr), Self);
        }
        else
        {
            var cause = new InvalidOperationException(
                $"The last event of '{PersistenceId}' is {LastSequenceNr}; {toSequenceNr} can't be deleted.");
            Self.Tell(new DeleteMessagesFailure(cause, toSequenceNr), Self);
        }
    }

    /// <summary>A write failed, so that it is unknown what was stored; the actor is stopped afterwards. Logs by default.</summary>
    protected virtual void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        Log.Error(
            cause,
            "Failed to persist event type [{0}] with sequence number [{1}] for persistenceId [{2}].",
            @event.GetType(), sequenceNr, PersistenceId);

    /// <summary>The journal rejected an event: it is not stored and its handler is dropped; the actor goes on. Logs by default.</summary>
    protected virtual void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        Log.Warning(
            "Rejected to persist event type [{0}] with sequence number [{1}] for persistenceId [{2}] due to [{3}].",
            @event.GetType(), sequenceNr, PersistenceId, cause.Message);

    /// <summary>The state could not be recovered; the actor is stopped afterwards. Logs by default.</summary>
    /// <param name="reason">What went wrong.</param>
    /// <param name="message">What the recover handler failed on; null where the fault lies with a store.</param>
    protected virtual void OnRecoveryFailure(Exception reason, object? message = null)
    {
        if (message is null)
        {
            Log.Error(
                reason,
                "Exception in ReceiveRecover when replaying events for persistenceId [{0}] with last known sequence number [{1}].",
                PersistenceId, LastSequenceNr);
        }
        else
        {
            Log.Error(
                reason,
                "Exception in ReceiveRecover when replaying event type [{0}] with sequence number [{1}] for persistenceId [{2}].",
                message.GetType(), LastSequenceNr, PersistenceId);
        }
    }

    /// <summary>All events have been replayed; <see cref="RecoveryCompleted"/> follows.</summary>
    protected virtual void OnReplaySuccess() { }

    /// <summary>Runs asynchronous work as part of the current command; commands and persist handlers wait for its end.</summary>
    protected void RunTask(Func<Task> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        Cell.RunTask(() => RunToEndAsync(action()));
    }

    public override void AroundPreStart()
    {
        EnsureIdentified();
        base.AroundPreStart();
        BeginRecovery();
    }

    public override void AroundPreRestart(Exception cause, object message)
    {
        LeaveOff();
        base.AroundPreRestart(cause, message);
    }

    public override void AroundPostRestart(Exception reason, object message)
    {
        EnsureIdentified();
        base.AroundPostRestart(reason, message);
        BeginRecovery();
    }

    public override void AroundPostStop()
    {
        LeaveOff();
        base.AroundPostStop();
    }

    protected override void Unhandled(object message)
    {
        switch (message)
        {
            case RecoveryCompleted:
                break;
            case SaveSnapshotFailure failure:
                LogUnhandled("save a snapshot", failure.Cause);
                break;
            case DeleteSnapshotFailure failure:
                LogUnhandled("delete a snapshot", failure.Cause);
                break;
            case DeleteSnapshotsFailure failure:
                LogUnhandled("delete snapshots", failure.Cause);
                break;
            case DeleteMessagesFailure failure:
                LogUnhandled("delete events", failure.Cause);
                break;
            default:
                base.Unhandled(message);
                break;
        }
    }

    internal override void Deliver(Receive? behavior, object message)
    {
        try
        {
            if (message is WriteBatch interrupted)
                (_progress as PersistWork)?.RunHandlers(this, interrupted);
            else
                base.Deliver(behavior, message);
        }
        finally
        {
            // Also after a fault: what was persisted before it is stored, and replayed to the restarted actor.
            Settle();
        }
    }

    /// <summary>
    /// An asynchronous command handler is under way. Its cell learns of the end a moment after the actor, and is awaiting till then.
    /// </summary>
    internal bool IsHandlingAsync { get; private set; }

    /// <summary>Ends an asynchronous command handler.</summary>
    internal async Task RunToEndAsync(Task handler)
    {
        IsHandlingAsync = true;
        try
        {
            // Back to the actor: what follows is its work.
            await handler.ConfigureAwait(true);
        }
        finally
        {
            IsHandlingAsync = false;
            try
            {
                (_progress as PersistWork)?.RunAnswered(this);
            }
            finally
            {
                Settle();
            }
        }
    }

    /// <summary>The journal has ended a batch.</summary>
    internal void OnWritten(WriteBatch batch)
    {
        if (_progress is not PersistWork work || Cell.IsTerminating)
            return;
        try
        {
            work.Written(this, batch);
        }
        finally
        {
            Settle();
        }
    }

    /// <summary>The handler of the next event is called now.</summary>
    internal void ReachNext() => _lastSequenceNr++;

    internal void Fail(Exception cause, object @event, long sequenceNr)
    {
        try
        {
            OnPersistFailure(cause, @event, sequenceNr);
        }
        finally
        {
            Cell.Stop();
        }
    }

    internal void Reject(Exception cause, object @event) => OnPersistRejected(cause, @event, _lastSequenceNr);

    /// <summary>Answers of the stores have arrived.</summary>
    internal void OnRecoveryProgress(RecoverySession session)
    {
        if (_progress == session && !Cell.IsTerminating)
            session.Continue(this);
    }

    /// <summary>The state is now that of a snapshot or an event; what changes it follows.</summary>
    internal void Recover(object message, long sequenceNr)
    {
        _lastSequenceNr = sequenceNr;
        Recover(message);
    }

    internal void CompleteRecovery(long highestSequenceNr)
    {
        OnReplaySuccess();
        // A store that forgets the numbers of deleted events must not lead to their being used again.
        _lastSequenceNr = Math.Max(_lastSequenceNr, highestSequenceNr);
        _isRecovering = false;
        LeaveOff();
        try
        {
            Recover(RecoveryCompleted.Instance);
            Recovered();
        }
        finally
        {
            Settle();
        }
    }

    internal void FailRecovery(Exception cause, object? message)
    {
        // The commands stay where they are, and become dead letters when the actor has stopped.
        Permits.Leave((RecoverySession)_progress!);
        _progress = FailedRecovery;
        try
        {
            OnRecoveryFailure(cause, message);
        }
        finally
        {
            Cell.Stop();
        }
    }

    /// <summary>The recover handler has got its last message.</summary>
    internal virtual void Recovered() { }

    private void BeginRecovery()
    {
        var session = new RecoverySession(Cell, PersistenceId, Recovery);
        var mayBegin = Permits.TryEnter(session);
        _progress = session;
        Cell.Block();
        if (mayBegin)
            session.Start(this);
    }

    private void Recover(object message)
    {
        if (!ReceiveRecover(message))
            Unhandled(message);
    }

    /// <summary>Ends what is in progress, at whatever point it is, and lets go of the commands.</summary>
    private void LeaveOff()
    {
        switch (_progress)
        {
            case RecoverySession session:
                Permits.Leave(session);
                Cell.Unblock();
                break;
            case PersistWork { HoldsCommands: true }:
                Cell.Unblock();
                break;
            case not null when _progress == FailedRecovery:
                Cell.Unblock();
                break;
        }

        _progress = null;
    }

    private void Store<TEvent>(TEvent @event, Action<TEvent> handler, PersistKind kind)
    {
        ArgumentNullException.ThrowIfNull(@event);
        ArgumentNullException.ThrowIfNull(handler);
        var work = Work();
        work.Add(new PendingHandler(PersistHandler<TEvent>.Instance, handler, @event, Cell.CurrentNode, kind));
        work.Add(new AtomicWrite(Represent(@event, work)));
    }

    private void StoreAll<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler, PersistKind kind)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(handler);
        // Taken out of the caller's hands before anything is changed: an enumeration may throw, or persist.
        var all = events.ToArray();
        if (Array.Exists(all, static e => e is null))
            throw new ArgumentException("An event must not be null.", nameof(events));
        EnsureRecovered("persist");
        if (all.Length == 0)
            return;

        var work = Work();
        var representations = new IPersistentRepresentation[all.Length];
        for (var i = 0; i < all.Length; i++)
        {
            work.Add(new PendingHandler(PersistHandler<TEvent>.Instance, handler, all[i]!, Cell.CurrentNode, kind));
            representations[i] = Represent(all[i]!, work);
        }

        work.Add(new AtomicWrite(ImmutableCollectionsMarshal.AsImmutableArray(representations)));
    }

    private Persistent Represent(object @event, PersistWork work) => new(
        @event,
        ++work.AssignedSequenceNr,
        PersistenceId,
        writerGuid: Extension.WriterGuid,
        timestamp: Cell.SystemImpl.Runtime.Time.GetUtcNow().UtcTicks);

    private PersistWork Work()
    {
        EnsureRecovered("persist");
        if (_progress is not PersistWork work)
            _progress = work = PersistWork.Rent(_lastSequenceNr);
        return work;
    }

    /// <summary>After each message: sends what was persisted, holds commands or lets them go, and drops what is done with.</summary>
    private void Settle()
    {
        if (_progress is PersistWork work && work.Settle(this))
        {
            _progress = null;
            work.Return();
        }
    }

    private void EnsureRecovered(string operation)
    {
        if (_isRecovering)
        {
            throw new InvalidOperationException(
                $"Cannot {operation} during replay. Events can be persisted when receiving RecoveryCompleted or later.");
        }
    }

    private void EnsureIdentified()
    {
        if (string.IsNullOrWhiteSpace(PersistenceId))
            throw new InvalidOperationException($"The PersistenceId of persistent actor [{Self.Path}] is null or empty.");
    }

    private void LogUnhandled(string operation, Exception cause) =>
        Log.Warning("Failed to {0} of persistenceId [{1}] due to: {2}", operation, PersistenceId, cause.Message);
}
