using ChatAkka.Domain.Accounts;
using ChatAkka.Domain.Contacts;
using ChatAkka.Domain.Presence;
using ChatAkka.Domain.Push;
using ChatAkka.Domain.Timelines;
using ChatAkka.Domain.Users;
using ChatAkka.Storage;
using ChatAkka.Storage.Contents;
using ChatAkka.Storage.Journals;
using ChatAkka.Storage.Nodes;

namespace ChatAkka.Tests;

/// <summary>A store that is another one, except for what is overridden.</summary>
internal abstract class StoreDecorator(ChatStore inner) : ChatStore
{
    public override event Action<StorageHealth>? HealthChanged
    {
        add => inner.HealthChanged += value;
        remove => inner.HealthChanged -= value;
    }

    public override StorageHealth Health => inner.Health;

    public override string Location => inner.Location;

    public override int SchemaVersion => inner.SchemaVersion;

    public override IAccountStore Accounts => inner.Accounts;

    public override IContactStore Contacts => inner.Contacts;

    public override ICursorStore Cursors => inner.Cursors;

    public override IReceiptStore Receipts => inner.Receipts;

    public override IPushOutbox Outbox => inner.Outbox;

    public override IAbsenceReviews Reviews => inner.Reviews;

    public override INodeLeases Leases => inner.Leases;

    public override INodeRecords Records => inner.Records;

    internal override IEventStore Journal => inner.Journal;

    internal override ISnapshotTable Snapshots => inner.Snapshots;

    internal override IStoreContents Contents => inner.Contents;

    public override IPresenceStore PresenceOf(NodeLease node) => inner.PresenceOf(node);

    public override IPushQueue PushesOf(NodeLease node) => inner.PushesOf(node);

    public override Task<string> GetIdentityAsync(CancellationToken cancel) => inner.GetIdentityAsync(cancel);

    public override IUndeliveredTable TrackDelivery() => inner.TrackDelivery();

    public override ValueTask DisposeAsync() => inner.DisposeAsync();
}
