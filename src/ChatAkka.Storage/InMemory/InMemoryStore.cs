using ChatAkka.Domain.Accounts;
using ChatAkka.Domain.Contacts;
using ChatAkka.Domain.Presence;
using ChatAkka.Domain.Push;
using ChatAkka.Domain.Timelines;
using ChatAkka.Domain.Users;
using ChatAkka.Storage.Contents;
using ChatAkka.Storage.Journals;
using ChatAkka.Storage.Nodes;

namespace ChatAkka.Storage.InMemory;

/// <summary>
/// The store for tries and tests: it keeps the contract of every store, except that everything is gone with the process. Each part of its
/// data has one lock, under which a call does all it has to do: what it answers is so when it returns. Thread-safe.
/// </summary>
public sealed class InMemoryStore : ChatStore
{
    private readonly InMemoryData _data;
    private readonly InMemoryJournal _journal;
    private volatile bool _closed;

    /// <param name="data">May outlive the store: another one that is made over it finds what this one has stored.</param>
    internal InMemoryStore(InMemoryData data, StorageOptions options, TimeProvider time)
    {
        _data = data;
        _journal = new InMemoryJournal(this, data.Events, time);
        Health = new StorageHealth(StorageState.Available, time.GetUtcNow(), "The store is available.");
        Snapshots = new InMemorySnapshots(this, data.Snapshots);
        Accounts = new InMemoryAccounts(this, data.Accounts);
        Contacts = new InMemoryContacts(this, data.Contacts, data.Accounts);
        Cursors = new InMemoryCursors(this, data.Cursors);
        Receipts = new InMemoryReceipts(this, data.Receipts);
        Outbox = new InMemoryOutbox(this, data.Outbox);
        Reviews = new InMemoryReviews(this, data.Reviews);
        Leases = new InMemoryNodeLeases(this, data.Leases, new LeaseTerm(options, time));
        Records = new InMemoryNodeRecords(this, data);
        Contents = new InMemoryContents(this, data);
    }

    /// <summary>Never raised: memory is always available.</summary>
    public override event Action<StorageHealth>? HealthChanged
    {
        add { }
        remove { }
    }

    /// <inheritdoc/>
    public override StorageHealth Health { get; }

    /// <inheritdoc/>
    public override string Location => "memory; nothing is kept";

    /// <summary>Always 0: there is no schema.</summary>
    public override int SchemaVersion => 0;

    /// <inheritdoc/>
    public override IAccountStore Accounts { get; }

    /// <inheritdoc/>
    public override IContactStore Contacts { get; }

    /// <inheritdoc/>
    public override ICursorStore Cursors { get; }

    /// <inheritdoc/>
    public override IReceiptStore Receipts { get; }

    /// <inheritdoc/>
    public override IPushOutbox Outbox { get; }

    /// <inheritdoc/>
    public override IAbsenceReviews Reviews { get; }

    /// <inheritdoc/>
    public override INodeLeases Leases { get; }

    /// <inheritdoc/>
    public override INodeRecords Records { get; }

    internal override IEventStore Journal => _journal;

    internal override ISnapshotTable Snapshots { get; }

    internal override IStoreContents Contents { get; }

    /// <inheritdoc/>
    public override IPresenceStore PresenceOf(NodeLease node) => new InMemoryPresence(this, _data.Presence, node);

    /// <inheritdoc/>
    public override IPushQueue PushesOf(NodeLease node) => new InMemoryPushQueue(this, _data.Outbox, node);

    /// <inheritdoc/>
    public override Task<string> GetIdentityAsync(CancellationToken cancel) =>
        UseAsync(_data.Outbox, outbox => outbox.Origin, cancel);

    /// <inheritdoc/>
    public override IUndeliveredTable TrackDelivery()
    {
        _journal.TracksDelivery = true;
        return new InMemoryUndeliveredTable(this, _data.Events);
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _closed = true;
        return ValueTask.CompletedTask;
    }

    /// <summary>Has a call work on a part of the data, which it has to itself meanwhile.</summary>
    internal Task<T> UseAsync<TData, T>(TData part, Func<TData, T> call, CancellationToken cancel) where TData : class
    {
        if (cancel.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancel);
        }

        try
        {
            lock (part)
            {
                return _closed ? throw new StorageUnavailableException("The store is closed.") : Task.FromResult(call(part));
            }
        }
        catch (Exception e)
        {
            return Task.FromException<T>(e);
        }
    }

    /// <inheritdoc cref="UseAsync{TData, T}"/>
    internal Task UseAsync<TData>(TData part, Action<TData> call, CancellationToken cancel) where TData : class => UseAsync(
        part,
        data =>
        {
            call(data);
            return true;
        },
        cancel);
}
