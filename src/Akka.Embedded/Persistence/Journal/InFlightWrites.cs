using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Akka.Persistence.Journal;

/// <summary>
/// The writes a journal has begun and not yet ended, by persistence id. A persistent actor that recovers while a write of its
/// former incarnation is still under way must not read before that write has ended: it would miss the events and use their
/// sequence numbers again. Thread-safe: writes end on any thread.
/// </summary>
internal sealed class InFlightWrites
{
    private readonly Dictionary<string, Writes> _byPersistenceId = [];

    public void Begin(string persistenceId)
    {
        lock (_byPersistenceId)
        {
            ref var writes = ref CollectionsMarshal.GetValueRefOrAddDefault(
                _byPersistenceId, persistenceId, out _);
            writes.Count++;
        }
    }

    public void End(string persistenceId)
    {
        TaskCompletionSource? waiting;
        lock (_byPersistenceId)
        {
            ref var writes = ref CollectionsMarshal.GetValueRefOrNullRef(
                _byPersistenceId, persistenceId);
            if (--writes.Count > 0)
                return;

            waiting = writes.Ended;
            _byPersistenceId.Remove(persistenceId);
        }

        waiting?.SetResult();
    }

    /// <summary>Completes when no write of the persistence id is under way.</summary>
    public Task Ended(string persistenceId)
    {
        lock (_byPersistenceId)
        {
            ref var writes = ref CollectionsMarshal.GetValueRefOrNullRef(
                _byPersistenceId, persistenceId);
            if (Unsafe.IsNullRef(ref writes))
                return Task.CompletedTask;

            writes.Ended ??= new TaskCompletionSource();
            return writes.Ended.Task;
        }
    }

    private struct Writes
    {
        public int Count;
        public TaskCompletionSource? Ended;
    }
}
