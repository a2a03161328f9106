using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Persistence;

/// <summary>
/// One round trip to the journal: the writes of one persistent actor, and when the journal has ended them, their outcome. The
/// same object is the request and, as a system message, the answer, so that a persistent actor can have its commands held back
/// in its mailbox while it waits. An actor has at most one batch under way; it knows an answer to a former incarnation by the
/// object not being its own.
/// </summary>
internal sealed class WriteBatch(ActorCell persistentActor, AtomicWrite[] writes) : SystemMessage, IDeadLetterSuppression
{
    private IReadOnlyList<Exception?>? _rejections;
    private int _nextWrite;
    private int _nextEvent;

    public AtomicWrite[] Writes => writes;

    public string PersistenceId => writes[0].PersistenceId;

    /// <summary>Why it is unknown what was stored; null when that is known.</summary>
    public Exception? Failure { get; private set; }

    public void Fail(Exception cause)
    {
        Failure = cause;
        persistentActor.SendSystemMessage(this);
    }

    public void End(Task<IImmutableList<Exception?>?> write)
    {
        if (!write.IsCompletedSuccessfully)
        {
            Fail(write.Exception?.InnerException ?? new TaskCanceledException(write));
            return;
        }

        _rejections = write.Result;
        if (_rejections is not null && _rejections.Count != writes.Length)
        {
            Fail(new InvalidOperationException(
                $"The journal answered {writes.Length} writes with {_rejections.Count} results; it must return one for each, or null."));
            return;
        }

        persistentActor.SendSystemMessage(this);
    }

    /// <summary>Steps to the next event, in order; false after the last.</summary>
    /// <param name="rejection">Why the event's write was rejected; null when it was stored.</param>
    public bool TryTakeNext(out Exception? rejection)
    {
        if (_nextWrite == writes.Length)
        {
            rejection = null;
            return false;
        }

        rejection = _rejections?[_nextWrite];
        if (++_nextEvent == writes[_nextWrite].Size)
        {
            _nextWrite++;
            _nextEvent = 0;
        }

        return true;
    }

    public override void Invoke(ActorCell cell) => (cell.Actor as Eventsourced)?.OnWritten(this);
}
