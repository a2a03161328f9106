using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Persistence.Journal;
using Akka.Persistence.Snapshot;

namespace Akka.Persistence;

/// <summary>Gives access to a system's <see cref="PersistenceExtension"/>.</summary>
public class Persistence : ExtensionIdProvider<PersistenceExtension>
{
    public static Persistence Instance { get; } = new();

    public override PersistenceExtension CreateExtension(ExtendedActorSystem system) => new(system);
}

/// <summary>The stores of a system's persistent actors. Each store's actor is made when it is first used. Thread-safe.</summary>
public class PersistenceExtension : IExtension
{
    private const string InMemory = "inmem";

    private readonly ActorSystemImpl _system;
    private readonly PersistenceSetup _setup;
    private readonly ConcurrentDictionary<string, Lazy<IActorRef>> _journals = new();
    private readonly ConcurrentDictionary<string, Lazy<IActorRef>> _snapshotStores = new();

    public PersistenceExtension(ExtendedActorSystem system)
    {
        var local = (ActorSystemImpl)system;
        _system = local;
        _setup = system.Settings.Setup.Get<PersistenceSetup>().GetOrElse(PersistenceSetup.Create());
        RecoveryPermits = new RecoveryPermits(local, _setup.MaxConcurrentRecoveries, _setup.RecoveryEventTimeout);
        Span<byte> writer = stackalloc byte[16];
        local.Runtime.Random.NextBytes(writer);
        WriterGuid = new Guid(writer).ToString();
        DefaultPlugins = new PersistencePlugins(this, null, null);
    }

    internal RecoveryPermits RecoveryPermits { get; }

    /// <summary>What all actors that name no plugin share.</summary>
    internal PersistencePlugins DefaultPlugins { get; }

    /// <summary>The same for all actors of a system: two of them never write the same persistence id for long, two systems may.</summary>
    internal string WriterGuid { get; }

    /// <summary>The actor of a journal.</summary>
    /// <param name="journalPluginId">Null or empty for the default one.</param>
    /// <exception cref="ArgumentException">No journal has that id.</exception>
    public IActorRef JournalFor(string? journalPluginId)
    {
        var id = string.IsNullOrEmpty(journalPluginId) ? _setup.DefaultJournal ?? InMemory : journalPluginId;
        return _journals.GetOrAdd(id, static (id, self) => self.Journal(id), this).Value;
    }

    /// <summary>The actor of a snapshot store.</summary>
    /// <param name="snapshotPluginId">Null or empty for the default one.</param>
    /// <exception cref="ArgumentException">No snapshot store has that id.</exception>
    public IActorRef SnapshotStoreFor(string? snapshotPluginId)
    {
        var id = string.IsNullOrEmpty(snapshotPluginId) ? _setup.DefaultSnapshotStore ?? InMemory : snapshotPluginId;
        return _snapshotStores.GetOrAdd(id, static (id, self) => self.SnapshotStore(id), this).Value;
    }

    /// <summary>A persistence id made of an actor's path.</summary>
    public string PersistenceId(IActorRef actor) => actor.Path.ToStringWithoutAddress();

    internal PersistencePlugins PluginsFor(string? journalPluginId, string? snapshotPluginId) =>
        string.IsNullOrEmpty(journalPluginId) && string.IsNullOrEmpty(snapshotPluginId)
            ? DefaultPlugins
            : new PersistencePlugins(this, journalPluginId, snapshotPluginId);

    private Lazy<IActorRef> Journal(string id) =>
        Plugin("journal", id, _setup.Journals.GetValueOrDefault(id), static () => Props.Create<MemoryJournal>());

    private Lazy<IActorRef> SnapshotStore(string id) =>
        Plugin("snapshot-store", id, _setup.SnapshotStores.GetValueOrDefault(id), static () => Props.Create<MemorySnapshotStore>());

    private Lazy<IActorRef> Plugin(string kind, string id, Func<ActorSystem, Props>? factory, Func<Props> inMemory) => new(() =>
    {
        var props = factory is not null ? factory(_system)
            : id == InMemory ? inMemory()
            : throw new ArgumentException(
                $"There is no {kind} '{id}'; known is what the system's PersistenceSetup has, and '{InMemory}'.", nameof(id));
        return _system.SystemActorOf(props, $"akka.persistence.{kind}.{Uri.EscapeDataString(id)}");
    });
}

/// <summary>The journal and the snapshot store of some persistent actors, looked up once for all of them.</summary>
internal sealed class PersistencePlugins(PersistenceExtension extension, string? journalPluginId, string? snapshotPluginId)
{
    private IActorRef? _journal;
    private IActorRef? _snapshotStore;

    public PersistenceExtension Extension => extension;

    public string? JournalPluginId => journalPluginId;

    public string? SnapshotPluginId => snapshotPluginId;

    public IActorRef Journal => _journal ??= extension.JournalFor(journalPluginId);

    public IActorRef SnapshotStore => _snapshotStore ??= extension.SnapshotStoreFor(snapshotPluginId);
}
