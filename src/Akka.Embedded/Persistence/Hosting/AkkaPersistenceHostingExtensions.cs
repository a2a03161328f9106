using Akka.Actor;
using Akka.Hosting;
using Akka.Persistence.Journal;
using Akka.Persistence.Snapshot;

namespace Akka.Persistence.Hosting;

/// <summary>
/// Chooses the stores of the host's persistent actors. <c>WithJournal</c> and <c>WithSnapshot</c> take the stores' props, where
/// Akka.NET takes a configuration that names a class.
/// </summary>
public static class AkkaPersistenceHostingExtensions
{
    /// <summary>Adds a journal.</summary>
    /// <param name="builder">The system's configuration.</param>
    /// <param name="journal">Makes the props of an <see cref="AsyncWriteJournal"/>; called when the journal is first used.</param>
    /// <param name="journalId">What <see cref="Eventsourced.JournalPluginId"/> calls it.</param>
    /// <param name="isDefaultPlugin">Actors that name no journal use this one.</param>
    public static AkkaConfigurationBuilder WithJournal(
        this AkkaConfigurationBuilder builder,
        Func<ActorSystem, Props> journal,
        string journalId = "journal",
        bool isDefaultPlugin = true) =>
        builder.Configure(setup => setup.WithJournal(journal, journalId, isDefaultPlugin));

    /// <summary>Adds a snapshot store.</summary>
    /// <param name="builder">The system's configuration.</param>
    /// <param name="store">Makes the props of a <see cref="SnapshotStore"/>; called when the store is first used.</param>
    /// <param name="snapshotStoreId">What <see cref="Eventsourced.SnapshotPluginId"/> calls it.</param>
    /// <param name="isDefaultPlugin">Actors that name no snapshot store use this one.</param>
    public static AkkaConfigurationBuilder WithSnapshot(
        this AkkaConfigurationBuilder builder,
        Func<ActorSystem, Props> store,
        string snapshotStoreId = "snapshot-store",
        bool isDefaultPlugin = true) =>
        builder.Configure(setup => setup.WithSnapshotStore(store, snapshotStoreId, isDefaultPlugin));

    /// <summary>Keeps events in memory.</summary>
    public static AkkaConfigurationBuilder WithInMemoryJournal(this AkkaConfigurationBuilder builder) =>
        builder.WithJournal(_ => Props.Create<MemoryJournal>(), "inmem");

    /// <summary>Keeps snapshots in memory.</summary>
    public static AkkaConfigurationBuilder WithInMemorySnapshotStore(
        this AkkaConfigurationBuilder builder, string snapshotStoreId = "inmem", bool isDefaultPlugin = true) =>
        builder.WithSnapshot(_ => Props.Create<MemorySnapshotStore>(), snapshotStoreId, isDefaultPlugin);

    /// <summary>How many persistent actors may recover at a time; 50 by default.</summary>
    public static AkkaConfigurationBuilder WithMaxConcurrentRecoveries(this AkkaConfigurationBuilder builder, int recoveries) =>
        builder.Configure(setup => setup.WithMaxConcurrentRecoveries(recoveries));

    private static AkkaConfigurationBuilder Configure(
        this AkkaConfigurationBuilder builder, Func<PersistenceSetup, PersistenceSetup> change) =>
        builder.AddSetup(change(builder.Setups.OfType<PersistenceSetup>().SingleOrDefault() ?? PersistenceSetup.Create()));
}
