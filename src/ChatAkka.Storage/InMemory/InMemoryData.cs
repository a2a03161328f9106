namespace ChatAkka.Storage.InMemory;

/// <summary>What stores in memory keep, part by part; each part is also its lock.</summary>
internal sealed class InMemoryData
{
    public EventData Events { get; } = new();

    public SnapshotData Snapshots { get; } = [];

    public AccountData Accounts { get; } = new();

    public ContactData Contacts { get; } = [];

    public CursorData Cursors { get; } = [];

    public ReceiptData Receipts { get; } = [];

    public PresenceData Presence { get; } = new();

    public OutboxData Outbox { get; } = new();

    public ReviewData Reviews { get; } = [];

    public LeaseData Leases { get; } = [];
}
