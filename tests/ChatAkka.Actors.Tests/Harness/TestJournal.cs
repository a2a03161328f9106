using System.Collections.Immutable;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Akka.Persistence.Snapshot;

namespace ChatAkka.Actors.Tests.Harness;

/// <summary>Gives the plugins of a system what they are over.</summary>
internal sealed class TestStores(TestStore store, TestSnapshots snapshots) : Setup
{
    public TestStore Store => store;

    public TestSnapshots Snapshots => snapshots;

    public static TestStores Of(ActorSystem system) => system.Settings.Setup.Get<TestStores>().Value;
}

/// <summary>The journal plugin over a <see cref="TestStore"/>.</summary>
internal sealed class TestJournal : AsyncWriteJournal
{
    private readonly TestStore _store = TestStores.Of(Context.System).Store;

    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr) =>
        Task.FromResult((long)_store.EventsOf(persistenceId).Count);

    public override Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max,
        Action<IPersistentRepresentation> recoveryCallback)
    {
        var events = _store.EventsOf(persistenceId);
        for (var nr = Math.Max(1, fromSequenceNr); nr <= Math.Min(toSequenceNr, events.Count) && max-- > 0; nr++)
        {
            recoveryCallback(new Persistent(events[(int)nr - 1], nr, persistenceId));
        }

        return Task.CompletedTask;
    }

    protected override async Task<IImmutableList<Exception?>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
    {
        await _store.WritesReleased;
        foreach (var write in messages)
        {
            if (_store.FailWrites is { } failure)
            {
                throw failure;
            }

            var events = ((IImmutableList<IPersistentRepresentation>)write.Payload).Select(e => e.Payload);
            _store.Append(write.PersistenceId, events);
        }

        return null;
    }

    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr) => Task.CompletedTask;
}

/// <summary>The snapshots of one system, in memory; a test can look whether there are any.</summary>
internal sealed class TestSnapshots
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SelectedSnapshot> _newest = [];

    public SelectedSnapshot? Of(string persistenceId)
    {
        lock (_gate)
        {
            return _newest.GetValueOrDefault(persistenceId);
        }
    }

    public void Save(SnapshotMetadata metadata, object snapshot)
    {
        lock (_gate)
        {
            _newest[metadata.PersistenceId] = new SelectedSnapshot(metadata, snapshot);
        }
    }
}

/// <summary>The snapshot plugin over <see cref="TestSnapshots"/>: keeps the newest.</summary>
internal sealed class TestSnapshotStore : SnapshotStore
{
    private readonly TestSnapshots _snapshots = TestStores.Of(Context.System).Snapshots;

    protected override Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria) =>
        Task.FromResult(_snapshots.Of(persistenceId));

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot)
    {
        _snapshots.Save(metadata, snapshot);
        return Task.CompletedTask;
    }

    protected override Task DeleteAsync(SnapshotMetadata metadata) => Task.CompletedTask;

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria) => Task.CompletedTask;
}
