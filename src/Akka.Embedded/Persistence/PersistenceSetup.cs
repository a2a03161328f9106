using System.Collections.Immutable;
using Akka.Actor;
using Akka.Actor.Setup;

namespace Akka.Persistence;

/// <summary>
/// The stores and limits of a system's persistent actors: the programmatic counterpart of a configuration. Immutable. A system
/// without one keeps events and snapshots in memory.
/// </summary>
public sealed class PersistenceSetup : Setup
{
    private PersistenceSetup(PersistenceSetup? from = null)
    {
        Journals = from?.Journals ?? ImmutableDictionary<string, Func<ActorSystem, Props>>.Empty;
        SnapshotStores = from?.SnapshotStores ?? ImmutableDictionary<string, Func<ActorSystem, Props>>.Empty;
        DefaultJournal = from?.DefaultJournal;
        DefaultSnapshotStore = from?.DefaultSnapshotStore;
        MaxConcurrentRecoveries = from?.MaxConcurrentRecoveries ?? 50;
        RecoveryEventTimeout = from?.RecoveryEventTimeout ?? TimeSpan.FromSeconds(30);
    }

    /// <summary>Makes the actors of journals, by plugin id.</summary>
    public ImmutableDictionary<string, Func<ActorSystem, Props>> Journals { get; private init; }

    /// <summary>Makes the actors of snapshot stores, by plugin id.</summary>
    public ImmutableDictionary<string, Func<ActorSystem, Props>> SnapshotStores { get; private init; }

    /// <summary>The id of the journal of actors that name none; null for the journal in memory.</summary>
    public string? DefaultJournal { get; private init; }

    /// <summary>The id of the snapshot store of actors that name none; null for the store in memory.</summary>
    public string? DefaultSnapshotStore { get; private init; }

    /// <summary>How many persistent actors may recover at a time; 50 by default.</summary>
    public int MaxConcurrentRecoveries { get; private init; }

    /// <summary>A recovery that gets no answer from its store for this long fails; 30 s by default.</summary>
    public TimeSpan RecoveryEventTimeout { get; private init; }

    public static PersistenceSetup Create() => new();

    /// <summary>Adds a journal.</summary>
    /// <param name="journal">Makes the props of a <see cref="Journal.AsyncWriteJournal"/>; called when the journal is first used.</param>
    /// <param name="journalId">What <see cref="Eventsourced.JournalPluginId"/> calls it.</param>
    /// <param name="isDefault">Actors that name no journal use this one.</param>
    public PersistenceSetup WithJournal(Func<ActorSystem, Props> journal, string journalId = "journal", bool isDefault = true)
    {
        var journals = Journals.SetItem(journalId, journal);
        return new(this) { Journals = journals, DefaultJournal = isDefault ? journalId : DefaultJournal };
    }

    /// <summary>Adds a snapshot store.</summary>
    /// <param name="store">Makes the props of a <see cref="Snapshot.SnapshotStore"/>; called when the store is first used.</param>
    /// <param name="snapshotStoreId">What <see cref="Eventsourced.SnapshotPluginId"/> calls it.</param>
    /// <param name="isDefault">Actors that name no snapshot store use this one.</param>
    public PersistenceSetup WithSnapshotStore(
        Func<ActorSystem, Props> store, string snapshotStoreId = "snapshot-store", bool isDefault = true)
    {
        var stores = SnapshotStores.SetItem(snapshotStoreId, store);
        return new(this) { SnapshotStores = stores, DefaultSnapshotStore = isDefault ? snapshotStoreId : DefaultSnapshotStore };
    }

    public PersistenceSetup WithMaxConcurrentRecoveries(int recoveries)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(recoveries, 1);
        return new(this) { MaxConcurrentRecoveries = recoveries };
    }

    public PersistenceSetup WithRecoveryEventTimeout(TimeSpan timeout)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        return new(this) { RecoveryEventTimeout = timeout };
    }
}
