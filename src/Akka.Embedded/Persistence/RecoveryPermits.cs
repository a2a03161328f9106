using Akka.Actor;

namespace Akka.Persistence;

/// <summary>
/// Caps how many persistent actors recover at a time, so that a node that starts does not flood its store; the others wait
/// in the order of their asking. Fails a recovery that gets no answer for the event time-out. Thread-safe.
/// </summary>
internal sealed class RecoveryPermits(ActorSystemImpl system, int permits, TimeSpan eventTimeout)
{
    private readonly Lock _gate = new();
    private readonly HashSet<RecoverySession> _held = [];
    private readonly Queue<RecoverySession> _waiting = [];
    private bool _watching;

    /// <summary>True when the recovery may begin; false when it has to wait for <see cref="RecoverySession.PermitGranted"/>.</summary>
    public bool TryEnter(RecoverySession session)
    {
        lock (_gate)
        {
            if (_held.Count >= permits)
            {
                session.Permit = RecoveryPermitState.Waiting;
                _waiting.Enqueue(session);
                return false;
            }

            Hold(session);
            return true;
        }
    }

    /// <summary>Ends a recovery, whatever its state. May be called again.</summary>
    public void Leave(RecoverySession session)
    {
        RecoverySession? next = null;
        lock (_gate)
        {
            var held = session.Permit == RecoveryPermitState.Held;
            session.Permit = RecoveryPermitState.Returned;
            if (!held)
            {
                // One that still waits stays in the queue and is passed over there.
                return;
            }

            _held.Remove(session);
            while (next is null && _waiting.TryDequeue(out var waiting))
            {
                if (waiting.Permit == RecoveryPermitState.Waiting)
                {
                    next = waiting;
                    Hold(next);
                }
            }
        }

        next?.PermitGranted();
    }

    /// <summary>The recovery has got an answer.</summary>
    public void Progressed(RecoverySession session) => session.LastProgress = system.Runtime.Time.GetTimestamp();

    private void Hold(RecoverySession session)
    {
        session.Permit = RecoveryPermitState.Held;
        Progressed(session);
        _held.Add(session);
        if (!_watching)
        {
            _watching = true;
            ScheduleCheck();
        }
    }

    // A recovery is failed between one and one and a quarter time-outs after its last answer.
    private void ScheduleCheck() => system.Scheduler.Advanced.ScheduleOnce(eventTimeout / 4, Check);

    private void Check()
    {
        List<RecoverySession>? stuck = null;
        lock (_gate)
        {
            if (_held.Count == 0)
            {
                _watching = false;
                return;
            }

            foreach (var session in _held)
            {
                if (system.Runtime.Time.GetElapsedTime(session.LastProgress) >= eventTimeout)
                    (stuck ??= []).Add(session);
            }

            ScheduleCheck();
        }

        if (stuck is null)
            return;

        foreach (var session in stuck)
        {
            session.Failed(new RecoveryTimedOutException(
                $"Recovery of '{session.PersistenceId}' got no answer from the journal or the snapshot store for {eventTimeout}."));
        }
    }
}
