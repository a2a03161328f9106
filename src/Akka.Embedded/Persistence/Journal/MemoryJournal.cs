using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>
/// Keeps events in memory, for tests and for actors whose history may end with the process. It is fenced like a real journal: a
/// write whose sequence number was used before fails, so that of two incarnations of one actor the loser stops. Thread-safe, as
/// subclasses may delay or reorder the calls.
/// </summary>
public class MemoryJournal : AsyncWriteJournal
{
    private static readonly Task<IImmutableList<Exception?>?> AllStored = Task.FromResult<IImmutableList<Exception?>?>(null);

    private readonly Dictionary<string, EventLog> _logs = [];

    protected override Task<IImmutableList<Exception?>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
    {
        // An array is what comes; without an enumerator on the heap.
        var writes = messages as AtomicWrite[] ?? [.. messages];
        lock (_logs)
        {
            foreach (var write in writes)
            {
                var sequenceNr = write.LowestSequenceNr;
                if (!_logs.TryGetValue(write.PersistenceId, out var log))
                    _logs.Add(write.PersistenceId, log = new EventLog());
                if (sequenceNr <= log.HighestSequenceNr)
                {
                    return Task.FromException<IImmutableList<Exception?>?>(new InvalidOperationException(
                        $"Event {sequenceNr} of '{write.PersistenceId}' was written before; the highest is {log.HighestSequenceNr}."));
                }

                for (var i = 0; i < write.Size; i++)
                    log.Append(write[i]);
            }
        }

        return AllStored;
    }

    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr)
    {
        lock (_logs)
        {
            if (_logs.TryGetValue(persistenceId, out var log))
                log.DeleteTo(toSequenceNr);
        }

        return Task.CompletedTask;
    }

    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr)
    {
        lock (_logs)
            return Task.FromResult(_logs.TryGetValue(persistenceId, out var log) ? log.HighestSequenceNr : 0L);
    }

    public override Task ReplayMessagesAsync(
        IActorContext context,
        string persistenceId,
        long fromSequenceNr,
        long toSequenceNr,
        long max,
        Action<IPersistentRepresentation> recoveryCallback)
    {
        IPersistentRepresentation[] events;
        lock (_logs)
            events = _logs.TryGetValue(persistenceId, out var log) ? log.Read(fromSequenceNr, toSequenceNr, max) : [];

        foreach (var @event in events)
            recoveryCallback(@event);

        return Task.CompletedTask;
    }

    /// <summary>Events in ascending order; rejected ones leave gaps.</summary>
    private sealed class EventLog
    {
        private readonly List<IPersistentRepresentation> _events = [];

        public long HighestSequenceNr { get; private set; }

        public void Append(IPersistentRepresentation @event)
        {
            _events.Add(@event);
            HighestSequenceNr = @event.SequenceNr;
        }

        public void DeleteTo(long sequenceNr) => _events.RemoveRange(0, CountUpTo(sequenceNr));

        public IPersistentRepresentation[] Read(long from, long to, long max)
        {
            var first = CountBelow(from);
            var end = CountUpTo(to);
            var count = (int)Math.Min(max, end - first);
            return count > 0 ? _events.GetRange(first, count).ToArray() : [];
        }

        private int CountUpTo(long sequenceNr) => sequenceNr == long.MaxValue ? _events.Count : CountBelow(sequenceNr + 1);

        private int CountBelow(long sequenceNr)
        {
            var (low, high) = (0, _events.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (_events[middle].SequenceNr < sequenceNr)
                {
                    low = middle + 1;
                }
                else
                {
                    high = middle;
                }
            }

            return low;
        }
    }
}
