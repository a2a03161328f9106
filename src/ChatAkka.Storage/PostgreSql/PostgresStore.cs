using ChatAkka.Domain.Accounts;
using ChatAkka.Domain.Contacts;
using ChatAkka.Domain.Presence;
using ChatAkka.Domain.Push;
using ChatAkka.Domain.Timelines;
using ChatAkka.Domain.Users;
using ChatAkka.Storage.Accounts;
using ChatAkka.Storage.Contacts;
using ChatAkka.Storage.Contents;
using ChatAkka.Storage.Cursors;
using ChatAkka.Storage.Journals;
using ChatAkka.Storage.Journals.PostgreSql;
using ChatAkka.Storage.Migrations;
using ChatAkka.Storage.Nodes;
using ChatAkka.Storage.Presence;
using ChatAkka.Storage.Push;
using Npgsql;

namespace ChatAkka.Storage.PostgreSql;

/// <summary>
/// Everything in one PostgreSQL database, which several nodes may share: what must be fenced between them (a sequence nr, a user name, a
/// node number) is fenced by the database. Thread-safe.
/// </summary>
/// <remarks>
/// Events go through a few lanes with group commit, small writes at the rate of messages through another, what actors are loaded from is
/// read together when much is; everything else runs on a connection of the pool by itself.
/// </remarks>
public sealed class PostgresStore : ChatStore
{
    private readonly PostgresDatabase _database;
    private readonly ReadLane _reads;
    private readonly PostgresJournal _journal;
    private readonly StatementLane _writes;
    private int _disposed;

    private PostgresStore(NpgsqlDataSource source, int version, StorageOptions options, TimeProvider time)
    {
        _database = new PostgresDatabase(source, options, time);
        _reads = new ReadLane(_database);
        _journal = new PostgresJournal(_database, _reads, options, time);
        _writes = new StatementLane(_database, options);
        Snapshots = new PostgresSnapshots(_database, _reads);
        Contents = new RelationalContents(new PostgresRelations(_database), PostgresRelations.NextPersistenceIds);
        SchemaVersion = version;
        Accounts = new PostgresAccountStore(_database);
        Contacts = new PostgresContactStore(_database);
        Cursors = new PostgresCursorStore(_reads, _writes);
        Receipts = new PostgresReceiptStore(_reads, _writes);
        Outbox = new PostgresPushOutbox(_reads, _writes);
        Reviews = new PostgresReviews(_database, _writes);
        Leases = new PostgresNodeLeases(_database, new LeaseTerm(options, time));
        Records = new PostgresNodeRecords(_database);
        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        Location = $"the database '{settings.Database ?? settings.Username}' of the PostgreSQL server at {settings.Host}:{settings.Port}";
    }

    /// <inheritdoc/>
    public override event Action<StorageHealth>? HealthChanged
    {
        add => _database.Health.Changed += value;
        remove => _database.Health.Changed -= value;
    }

    /// <inheritdoc/>
    public override StorageHealth Health => _database.Health.Current;

    /// <inheritdoc/>
    public override string Location { get; }

    /// <inheritdoc/>
    public override int SchemaVersion { get; }

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

    /// <summary>Connects to the configured database, migrating it as needed.</summary>
    /// <exception cref="StorageOpenException">It can't be reached, is newer than this program, or isn't fit to keep a chat.</exception>
    public static Task<PostgresStore> ConnectAsync(StorageOptions options, TimeProvider time, CancellationToken cancel) =>
        ConnectAsync(options, time, Migration.PostgreSql, cancel);

    internal static async Task<PostgresStore> ConnectAsync(
        StorageOptions options, TimeProvider time, IReadOnlyList<Migration> migrations, CancellationToken cancel)
    {
        if (options.Validate() is { Count: > 0 } errors)
        {
            throw new StorageOpenException(string.Join(" ", errors));
        }

        var source = await PostgresOpening.OpenAsync(options, migrations, time.GetUtcNow(), cancel).ConfigureAwait(false);
        return new PostgresStore(source, migrations[^1].Version, options, time);
    }

    /// <inheritdoc/>
    public override IPresenceStore PresenceOf(NodeLease node) => new PostgresPresenceStore(_database, _reads, _writes, node);

    /// <inheritdoc/>
    public override IPushQueue PushesOf(NodeLease node) => new PostgresPushQueue(_database, _writes, node);

    /// <inheritdoc/>
    public override async Task<string> GetIdentityAsync(CancellationToken cancel) =>
        (await _database.QueryAsync<string>("SELECT value FROM push_origin", new { }, cancel).ConfigureAwait(false)).Single();

    /// <inheritdoc/>
    public override IUndeliveredTable TrackDelivery()
    {
        _journal.TrackDelivery();
        return new PostgresUndeliveredTable(_database, _writes);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _journal.DisposeAsync().ConfigureAwait(false);
            await _writes.DisposeAsync().ConfigureAwait(false);
            await _database.DisposeAsync().ConfigureAwait(false);
        }
    }
}
