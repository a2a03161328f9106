using System.Collections.Immutable;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Akka.Persistence.Snapshot;
using Akka.TestKit.Xunit2;

namespace Akka.Embedded.Tests.Persistence;

/// <summary>The base of tests whose system has a journal and a snapshot store that the test controls.</summary>
public abstract class PersistenceTest : TestKit.Xunit2.TestKit
{
    internal PersistenceTest(StoreControl stores, Func<PersistenceSetup, PersistenceSetup>? change = null, params Setup[] others)
        : base(ActorSystemSetup.Create([SetupOf(stores, change), .. others])) => Stores = stores;

    internal StoreControl Stores { get; }

    private static PersistenceSetup SetupOf(StoreControl stores, Func<PersistenceSetup, PersistenceSetup>? change)
    {
        var setup = PersistenceSetup.Create()
            .WithJournal(_ => Props.Create<ControlledJournal>(stores))
            .WithSnapshotStore(_ => Props.Create<ControlledSnapshotStore>(stores));
        return change is null ? setup : change(setup);
    }

    internal IReadOnlyList<object> EventsOf(string persistenceId) => Stores.EventsOf(persistenceId);

    internal void ExpectMessages(params object[] messages)
    {
        foreach (var message in messages)
            ExpectMsg<object>(received => received.ShouldBe(message));
    }
}

/// <summary>What a test makes the stores do. Thread-safe.</summary>
internal sealed class StoreControl
{
    private readonly Lock _gate = new();
    private readonly List<(string PersistenceId, long SequenceNr, object Event)> _written = [];
    private TaskCompletionSource? _writeGate;
    private TaskCompletionSource? _replayGate;

    /// <summary>Fails writes that contain such an event.</summary>
    public Func<object, Exception?> FailWrite { get; set; } = _ => null;

    /// <summary>Rejects writes that contain such an event.</summary>
    public Func<object, Exception?> RejectWrite { get; set; } = _ => null;

    public Exception? FailReplay { get; set; }

    public Exception? FailReadHighest { get; set; }

    public Exception? FailDelete { get; set; }

    public Exception? FailSnapshots { get; set; }

    public int Replays { get; set; }

    /// <summary>Sizes of the batches, in atomic writes.</summary>
    public List<int> Batches { get; } = [];

    /// <summary>What each atomic write held.</summary>
    public List<object[]> AtomicWrites { get; } = [];

    public void HoldWrites() => _writeGate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void ReleaseWrites() => Release(ref _writeGate);

    public void HoldReplays() => _replayGate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void ReleaseReplays() => Release(ref _replayGate);

    public Task WriteGate => _writeGate?.Task ?? Task.CompletedTask;

    public Task ReplayGate => _replayGate?.Task ?? Task.CompletedTask;

    public IReadOnlyList<object> EventsOf(string persistenceId)
    {
        lock (_gate)
            return [.. _written.Where(e => e.PersistenceId == persistenceId).Select(e => e.Event)];
    }

    public void Began(IEnumerable<AtomicWrite> writes)
    {
        lock (_gate)
        {
            Batches.Add(writes.Count());
            AtomicWrites.AddRange(writes.Select(w =>
                ((IImmutableList<IPersistentRepresentation>)w.Payload).Select(e => e.Payload).ToArray()));
        }
    }

    public void Wrote(AtomicWrite write)
    {
        lock (_gate)
        {
            foreach (var e in (IImmutableList<IPersistentRepresentation>)write.Payload)
                _written.Add((e.PersistenceId, e.SequenceNr, e.Payload));
        }
    }

    private static void Release(ref TaskCompletionSource? gate) => Interlocked.Exchange(ref gate, null)?.SetResult();
}

internal sealed class ControlledJournal(StoreControl control) : MemoryJournal
{
    protected override async Task<IImmutableList<Exception?>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
    {
        var writes = messages.ToList();
        control.Began(writes);
        await control.WriteGate;
        var events = writes.SelectMany(w => (IImmutableList<IPersistentRepresentation>)w.Payload).ToList();
        if (events.Select(e => control.FailWrite(e.Payload)).FirstOrDefault(e => e is not null) is { } failure)
            throw failure;
        var results = writes
            .Select(w => ((IImmutableList<IPersistentRepresentation>)w.Payload)
                .Select(e => control.RejectWrite(e.Payload)).FirstOrDefault(e => e is not null))
            .ToImmutableList();
        var stored = writes.Where((_, i) => results[i] is null).ToList();
        await base.WriteMessagesAsync(stored);
        stored.ForEach(control.Wrote);
        return results.Any(e => e is not null) ? results : null;
    }

    public override async Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr)
    {
        await control.ReplayGate;
        if (control.FailReadHighest is { } failure)
            throw failure;
        return await base.ReadHighestSequenceNrAsync(persistenceId, fromSequenceNr);
    }

    public override async Task ReplayMessagesAsync(
        IActorContext context,
        string persistenceId,
        long fromSequenceNr,
        long toSequenceNr,
        long max,
        Action<IPersistentRepresentation> recoveryCallback)
    {
        control.Replays++;
        await base.ReplayMessagesAsync(context, persistenceId, fromSequenceNr, toSequenceNr, max, recoveryCallback);
        if (control.FailReplay is { } failure)
            throw failure;
    }

    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr) =>
        control.FailDelete is { } failure ? Task.FromException(failure) : base.DeleteMessagesToAsync(persistenceId, toSequenceNr);
}

internal sealed class ControlledSnapshotStore(StoreControl control) : MemorySnapshotStore
{
    protected override Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria) =>
        control.FailSnapshots is { } failure
            ? Task.FromException<SelectedSnapshot?>(failure)
            : base.LoadAsync(persistenceId, criteria);

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot) =>
        control.FailSnapshots is { } failure ? Task.FromException(failure) : base.SaveAsync(metadata, snapshot);

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria) =>
        control.FailSnapshots is { } failure ? Task.FromException(failure) : base.DeleteAsync(persistenceId, criteria);

    protected override Task DeleteAsync(SnapshotMetadata metadata) =>
        control.FailSnapshots is { } failure ? Task.FromException(failure) : base.DeleteAsync(metadata);
}
