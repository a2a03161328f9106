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

    /// <summary>Makes this the next round trip. The journal keeps the writes as long as it likes, but nothing else of the last one.</summary>
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

    public void Fail(Exception cause)
    {
        Failure = cause;
        _persistentActor.SendSystemMessage(this);
    }

    public void End(Task<IImmutableList<Exception?>?> write)
    {
        if (!write.IsCompletedSuccessfully)
        {
            Fail(write.Exception?.InnerException ?? new TaskCanceledException(write));
            return;
        }

        _rejections = write.Result;
        if (_rejections is not null && _rejections.Count != _writes.Length)
        {
            Fail(new InvalidOperationException(
                $"The journal answered {_writes.Length} writes with {_rejections.Count} results; it must return one for each, or null."));
            return;
        }

        _persistentActor.SendSystemMessage(this);
    }

    /// <summary>Steps to the next event, in order; false after the last.</summary>
    /// <param name="rejection">Why the event's write was rejected; null when it was stored.</param>
    public bool TryTakeNext(out Exception? rejection)
    {
        if (_nextWrite == _writes.Length)
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
