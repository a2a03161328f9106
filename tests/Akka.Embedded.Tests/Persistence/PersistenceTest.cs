using System.Collections.Immutable;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Akka.Persistence.Snapshot;
using ChatAkka.Tests;

namespace Akka.Embedded.Tests.Persistence;

/// <summary>The base of tests whose system has a journal and a snapshot store that the test controls.</summary>
public abstract class PersistenceTest : TestKit.Xunit2.TestKit
{
    internal PersistenceTest(StoreControl stores, params Setup[] others)
        : base(ActorSystemSetup.Create([stores, DefaultPlugins.Of(typeof(ControlledJournal), typeof(ControlledSnapshotStore)), .. others])) =>
        Stores = stores;

    internal StoreControl Stores { get; }

    internal IReadOnlyList<object> EventsOf(string persistenceId) => Stores.EventsOf(persistenceId);

    internal void ExpectMessages(params object[] messages)
    {
        foreach (var message in messages)
            ExpectMsg<object>(received => received.ShouldBe(message));
    }
}

/// <summary>What a test makes the stores do; they find it as a setup of their system. Thread-safe.</summary>
internal sealed class StoreControl : Setup
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

    public static StoreControl Of(ActorSystem system) => system.Settings.Setup.Get<StoreControl>().Value;

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

internal sealed class ControlledJournal : MemoryJournal
{
    private readonly StoreControl _control = StoreControl.Of(Context.System);

    protected override async Task<IImmutableList<Exception?>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
    {
        var writes = messages.ToList();
        _control.Began(writes);
        await _control.WriteGate;
        var events = writes.SelectMany(w => (IImmutableList<IPersistentRepresentation>)w.Payload).ToList();
        if (events.Select(e => _control.FailWrite(e.Payload)).FirstOrDefault(e => e is not null) is { } failure)
            throw failure;
        var results = writes
            .Select(w => ((IImmutableList<IPersistentRepresentation>)w.Payload)
                .Select(e => _control.RejectWrite(e.Payload)).FirstOrDefault(e => e is not null))
            .ToImmutableList();
        var stored = writes.Where((_, i) => results[i] is null).ToList();
        await base.WriteMessagesAsync(stored);
        stored.ForEach(_control.Wrote);
        return results.Any(e => e is not null) ? results : null;
    }

    public override async Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr)
    {
        await _control.ReplayGate;
        if (_control.FailReadHighest is { } failure)
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
        _control.Replays++;
        await base.ReplayMessagesAsync(context, persistenceId, fromSequenceNr, toSequenceNr, max, recoveryCallback);
        if (_control.FailReplay is { } failure)
            throw failure;
    }

    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr) =>
        _control.FailDelete is { } failure ? Task.FromException(failure) : base.DeleteMessagesToAsync(persistenceId, toSequenceNr);
}

internal sealed class ControlledSnapshotStore : MemorySnapshotStore
{
    private readonly StoreControl _control = StoreControl.Of(Context.System);

    protected override Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria) =>
        _control.FailSnapshots is { } failure
            ? Task.FromException<SelectedSnapshot?>(failure)
            : base.LoadAsync(persistenceId, criteria);

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot) =>
        _control.FailSnapshots is { } failure ? Task.FromException(failure) : base.SaveAsync(metadata, snapshot);

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria) =>
        _control.FailSnapshots is { } failure ? Task.FromException(failure) : base.DeleteAsync(persistenceId, criteria);

    protected override Task DeleteAsync(SnapshotMetadata metadata) =>
        _control.FailSnapshots is { } failure ? Task.FromException(failure) : base.DeleteAsync(metadata);
}
