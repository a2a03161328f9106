using Akka.Actor;
using Akka.Event;

namespace Akka.Persistence;

/// <summary>
/// One round trip to the journal: the writes of one persistent actor, and when the journal has ended them, their outcome. The
/// same object is the request and, as a system message, the answer, so that a persistent actor can have its commands held back
/// in its mailbox while it waits. An actor has at most one batch under way; it knows an answer to a former incarnation by the
/// object not being its own.
/// </summary>
internal sealed class WriteBatch : SystemMessage, IDeadLetterSuppression
{
    private ActorCell _persistentActor = null!;
    private AtomicWrite[] _writes = [];
    private IReadOnlyList<Exception?>? _rejections;
    private int _nextWrite;
    private int _nextEvent;

    public AtomicWrite[] Writes => _writes;

    public string PersistenceId => _writes[0].PersistenceId;

    /// <summary>Why it is unknown what was stored; null when that is known.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>All its events have been taken.</summary>
    public bool IsFinished => _nextWrite == _writes.Length;

    /// <summary>Makes this the next round trip. Of the last one, the journal may keep the writes and nothing else.</summary>
    public void Begin(ActorCell persistentActor, AtomicWrite[] writes)
    {
        _persistentActor = persistentActor;
        _writes = writes;
        _rejections = null;
        _nextWrite = 0;
        Failure = null;
    }

    /// <summary>Lets go of what was written.</summary>
    public void Clear() => Begin(null!, []);

    /// <summary>Hands the outcome to the persistent actor, to which the batch belongs from here on.</summary>
    /// <param name="rejections">One element per write, not null where the write was rejected; null when none was.</param>
    /// <param name="failure">Why it is unknown what was stored.</param>
    public void End(IReadOnlyList<Exception?>? rejections, Exception? failure)
    {
        if (rejections is not null && rejections.Count != _writes.Length)
        {
            failure ??= new InvalidOperationException(
                $"The journal answered {_writes.Length} writes with {rejections.Count} results; it must return one for each, or null.");
        }

        _rejections = rejections;
        Failure = failure;
        _persistentActor.SendSystemMessage(this);
    }

    /// <summary>Steps to the next event, in order; false after the last.</summary>
    /// <param name="rejection">Why the event's write was rejected; null when it was stored.</param>
    public bool TryTakeNext(out Exception? rejection)
    {
        if (IsFinished)
        {
            rejection = null;
            return false;
        }

        rejection = _rejections?[_nextWrite];
        if (++_nextEvent == _writes[_nextWrite].Size)
        {
            _nextWrite++;
            _nextEvent = 0;
        }

        return true;
    }

    public override void Invoke(ActorCell cell) => (cell.Actor as Eventsourced)?.OnWritten(this);
}
