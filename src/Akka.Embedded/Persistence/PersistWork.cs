using Akka.Actor;

namespace Akka.Persistence;

/// <summary>
/// What a persistent actor holds from its first unconfirmed event to the end of the last one's handler, and only then: an idle
/// actor has none. Instances are reused by the actors that run on one thread after each other; one that is not idle, of an actor
/// that has restarted or stopped, is not, since its batch may still come back.
/// </summary>
internal sealed class PersistWork
{
    private const int LargestKept = 64;

    [ThreadStatic]
    private static PersistWork? _spare;

    private readonly List<AtomicWrite> _writes = [];
    private readonly Queue<PendingHandler> _pending = [];
    private readonly WriteBatch _batch = new();

    // The journal has the batch, or its handlers have not all run.
    private bool _inFlight;

    // How many pending handlers no command may overtake.
    private int _exclusive;

    // The batch in flight has ended, and its handlers wait for the end of an asynchronous command handler.
    private bool _answered;

    // The handlers of the batch in flight go on with the mailbox's first message.
    private bool _continuesLater;

    /// <summary>The last sequence number given to an event; those above the actor's last one are unconfirmed.</summary>
    public long AssignedSequenceNr { get; set; }

    /// <summary>The actor's commands wait in the mailbox.</summary>
    public bool HoldsCommands { get; private set; }

    public bool HasPending => _pending.Count > 0;

    public static PersistWork Rent(long lastSequenceNr)
    {
        var work = _spare ?? new PersistWork();
        _spare = null;
        work.AssignedSequenceNr = lastSequenceNr;
        return work;
    }

    /// <summary>Gives an idle instance back.</summary>
    public void Return()
    {
        _batch.Clear();
        if (_pending.Capacity <= LargestKept && _writes.Capacity <= LargestKept)
            _spare = this;
    }

    public void Add(AtomicWrite write) => _writes.Add(write);

    public void Add(in PendingHandler handler)
    {
        _pending.Enqueue(handler);
        if (handler.IsExclusive)
            _exclusive++;
    }

    /// <summary>The journal has ended a batch: its handlers run, now or as soon as they may.</summary>
    public void Written(Eventsourced actor, WriteBatch batch)
    {
        var cell = actor.Cell;
        if (!IsInFlight(batch))
            return;
        if (cell.BlockCount > (HoldsCommands ? 1 : 0) + (cell.IsAwaiting ? 1 : 0))
            // The actor has failed or is suspended: if it resumes, the handlers come before all commands.
            ContinueLater(cell);
        else if (actor.IsHandlingAsync)
            _answered = true;
        else if (cell.IsAwaiting)
            ContinueLater(cell);
        else
            RunHandlers(actor, batch);
    }

    /// <summary>An asynchronous command handler has ended, for which the handlers of a batch have waited.</summary>
    public void RunAnswered(Eventsourced actor)
    {
        if (!_answered)
            return;
        _answered = false;
        RunHandlers(actor, _batch);
    }

    /// <summary>Calls the handlers of a batch that the journal has ended; does nothing for one of an instance before a restart.</summary>
    public void RunHandlers(Eventsourced actor, WriteBatch batch)
    {
        if (!IsInFlight(batch))
            return;
        _continuesLater = false;
        var outcome = Outcome.Interrupted;
        try
        {
            outcome = RunWhilePossible(actor, batch);
        }
        finally
        {
            // A handler has thrown, or what it has done comes first, such as the actor's stopping. If this instance goes on
            // afterwards, the remaining handlers do so before all commands. After a failure nothing is written any more.
            if (outcome == Outcome.Finished)
                _inFlight = false;
            else if (outcome == Outcome.Interrupted)
                ContinueLater(actor.Cell);
        }

        actor.Cell.CurrentNode = null;
    }

    /// <summary>Sends what was persisted and holds the actor's commands or lets them go; true when nothing is left to do.</summary>
    public bool Settle(Eventsourced actor)
    {
        if (!_inFlight && _writes.Count > 0)
        {
            _batch.Begin(actor.Cell, [.. _writes]);
            _writes.Clear();
            _inFlight = true;
            actor.Journal.Tell(_batch, actor.Cell);
        }

        var hold = _exclusive > 0 && !_continuesLater;
        if (hold != HoldsCommands)
        {
            HoldsCommands = hold;
            if (hold)
                actor.Cell.Block();
            else
                actor.Cell.Unblock();
        }

        return _pending.Count == 0 && !_inFlight;
    }

    private bool IsInFlight(WriteBatch batch) => _inFlight && batch == _batch;

    private Outcome RunWhilePossible(Eventsourced actor, WriteBatch batch)
    {
        RunDeferred(actor);
        if (batch.Failure is not null)
        {
            var failed = _pending.Peek();
            actor.Cell.CurrentNode = failed.Command;
            actor.Fail(batch.Failure, failed.Event, actor.LastSequenceNr + 1);
            return Outcome.Failed;
        }

        while (!actor.Cell.HasSystemMessages)
        {
            if (!batch.TryTakeNext(out var rejection))
                return Outcome.Finished;
            actor.ReachNext();
            RunOldest(actor, rejection);
            RunDeferred(actor);
        }

        return batch.IsFinished ? Outcome.Finished : Outcome.Interrupted;
    }

    // A handler is pending until it has returned, so that what it defers comes after it.
    private void RunOldest(Eventsourced actor, Exception? rejection)
    {
        var pending = _pending.Peek();
        actor.Cell.CurrentNode = pending.Command;
        try
        {
            if (rejection is null)
                pending.Invoke();
            else
                actor.Reject(rejection, pending.Event);
        }
        finally
        {
            if (_pending.Dequeue().IsExclusive)
                _exclusive--;
        }
    }

    private void RunDeferred(Eventsourced actor)
    {
        while (_pending.TryPeek(out var oldest) && oldest.IsDeferred)
            RunOldest(actor, null);
    }

    private void ContinueLater(ActorCell cell)
    {
        _continuesLater = true;
        var node = new MessageNode(_batch, null);
        cell.Prepend(node, node);
    }
}

/// <summary>How far the handlers of a batch have come.</summary>
internal enum Outcome : byte
{
    Interrupted,
    Finished,
    Failed,
}
