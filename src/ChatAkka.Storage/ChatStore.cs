using ChatAkka.Domain.Accounts;
using ChatAkka.Domain.Contacts;
using ChatAkka.Domain.Presence;
using ChatAkka.Domain.Push;
using ChatAkka.Domain.Timelines;
using ChatAkka.Domain.Users;
using ChatAkka.Storage.Contents;
using ChatAkka.Storage.InMemory;
using ChatAkka.Storage.Journals;
using ChatAkka.Storage.Nodes;
using ChatAkka.Storage.PostgreSql;
using ChatAkka.Storage.Sqlite;

namespace ChatAkka.Storage;

/// <summary>
/// Everything that a node stores, behind the ports of the domain: which database it is, is <see cref="StorageOptions.Provider"/>'s
/// business. All stores keep the same contract, which one suite tests. Thread-safe.
/// </summary>
/// <remarks>
/// A write that was reported done is durable. One that failed with <see cref="StorageUnavailableException"/> is not stored, or, if the
/// answer itself was lost, may be; whoever writes must be able to find out (an actor recovers) or to repeat it.
/// </remarks>
public abstract class ChatStore : IAsyncDisposable
{
    private IJournalReader? _timelines;

    /// <summary>Raised when the store becomes unavailable or available; handlers must be brief.</summary>
    public abstract event Action<StorageHealth>? HealthChanged;

    /// <summary>Whether the store can commit, as far as is known.</summary>
    public abstract StorageHealth Health { get; }

    /// <summary>Where the data is, in words for the operator; without credentials.</summary>
    public abstract string Location { get; }

    /// <summary>The version of the schema that the store has now: the number of its last migration.</summary>
    public abstract int SchemaVersion { get; }

    /// <summary>Accounts and device sessions.</summary>
    public abstract IAccountStore Accounts { get; }

    /// <summary>Friends and blocks.</summary>
    public abstract IContactStore Contacts { get; }

    /// <summary>Device cursors.</summary>
    public abstract ICursorStore Cursors { get; }

    /// <summary>Receipts.</summary>
    public abstract IReceiptStore Receipts { get; }

    /// <summary>Pushes that are owed.</summary>
    public abstract IPushOutbox Outbox { get; }

    /// <summary>Users whose absence is to be looked at.</summary>
    public abstract IAbsenceReviews Reviews { get; }

    /// <summary>Which nodes use which numbers.</summary>
    public abstract INodeLeases Leases { get; }

    /// <summary>What nodes leave behind.</summary>
    public abstract INodeRecords Records { get; }

    /// <summary>Raw reads of the journal.</summary>
    public IJournalReader Timelines => _timelines ??= new JournalReader(Journal);

    internal abstract IEventStore Journal { get; }

    internal abstract ISnapshotTable Snapshots { get; }

    internal abstract IStoreContents Contents { get; }

    /// <summary>Opens the configured store, creating or migrating it as needed. The embedded store is this process's alone then.</summary>
    /// <exception cref="StorageOpenException">It is in use, is newer than this program, or can't be accessed.</exception>
    public static async Task<ChatStore> OpenAsync(StorageOptions options, TimeProvider time, CancellationToken cancel) =>
        options.Provider switch
        {
            StorageOptions.Sqlite => SqliteStore.Open(options, time),
            StorageOptions.Postgres => await PostgresStore.ConnectAsync(options, time, cancel).ConfigureAwait(false),
            StorageOptions.Memory => new InMemoryStore(new InMemoryData(), options, time),
            _ => throw new StorageOpenException(string.Join(" ", options.Validate())),
        };

    /// <summary>As <see cref="OpenAsync"/>, but other nodes may have the store open too: those of this machine, if it is the embedded
    /// one.</summary>
    /// <exception cref="StorageOpenException">A process has it to itself, or it is one that can't be shared; or as above.</exception>
    public static async Task<ChatStore> OpenSharedAsync(StorageOptions options, TimeProvider time, CancellationToken cancel) =>
        options.Provider switch
        {
            StorageOptions.Sqlite => SqliteStore.OpenShared(options, time),
            StorageOptions.Memory => throw new StorageOpenException(
                $"{StorageOptions.Section}:{nameof(StorageOptions.Provider)} can't be '{StorageOptions.Memory}' on a node of a cluster: "
                + "what one node keeps in its memory no other can see."),
            _ => await OpenAsync(options, time, cancel).ConfigureAwait(false),
        };

    /// <summary>An import into this store began and didn't finish: it holds no more than a part, and must not be served.</summary>
    public Task<bool> HasUnfinishedImportAsync(CancellationToken cancel) => ImportMark.IsSetAsync(Journal, cancel);

    /// <summary>When users were last active, as a node writes it.</summary>
    /// <param name="node">The node, by its lease.</param>
    public abstract IPresenceStore PresenceOf(NodeLease node);

    /// <summary>Pushes that are owed, as a node sends them.</summary>
    /// <param name="node">The node, by its lease.</param>
    public abstract IPushQueue PushesOf(NodeLease node);

    /// <summary>What no other store has, and this one for ever: nodes that have it in common share a store.</summary>
    /// <exception cref="StorageUnavailableException">The store could not answer.</exception>
    public abstract Task<string> GetIdentityAsync(CancellationToken cancel);

    /// <summary>From now on appends enter their timelines into the table of what is to be delivered.</summary>
    public abstract IUndeliveredTable TrackDelivery();

    /// <summary>Commits what waits and closes the store. Further calls fail as unavailable.</summary>
    public abstract ValueTask DisposeAsync();
}
