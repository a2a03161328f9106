using ChatAkka.Domain.Identity;
using ChatAkka.Storage.Push;
using ChatAkka.Storage.Tests.Accounts;
using ChatAkka.Storage.Tests.Conformance;
using ChatAkka.Storage.Tests.Contacts;
using ChatAkka.Storage.Tests.Contents;
using ChatAkka.Storage.Tests.Cursors;
using ChatAkka.Storage.Tests.Journals;
using ChatAkka.Storage.Tests.Nodes;
using ChatAkka.Storage.Tests.Presence;
using ChatAkka.Storage.Tests.Processes;
using ChatAkka.Storage.Tests.Push;

namespace ChatAkka.Storage.Tests.PostgreSql;

/// <summary>PostgreSQL in a database of its own.</summary>
public sealed class PostgresUnderTest : ConfiguredStore
{
    private TestDatabase? _database;

    internal override bool IsShared => true;

    // Settings are asked for where nothing can be awaited; the database is made beside.
    private TestDatabase Database => _database ??= Task.Run(TestDatabase.CreateAsync).GetAwaiter().GetResult();

    internal override StorageOptions Configure(StorageOptions options) => options with
    {
        Provider = StorageOptions.Postgres,
        ConnectionString = Database.Options.ConnectionString,
    };

    internal override async Task<IReadOnlyList<DeadLetter>> DeadLettersAsync() =>
    [
        .. (await Database.QueryAsync<DeadLetterRow>(
            """
            SELECT push_id AS PushId, user_id AS UserId, channel_id AS ChannelId, message_id AS MessageId, at AS At, attempts AS Attempts,
                   reason AS Reason, dead_at AS DeadAt
            FROM push_dead_letter ORDER BY id
            """)).Select(row => row.ToDeadLetter()),
    ];

    private protected override async ValueTask DropAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    private sealed record DeadLetterRow(
        long PushId, long UserId, string ChannelId, long MessageId, long At, int Attempts, string Reason, long DeadAt)
    {
        public DeadLetter ToDeadLetter() => new(PushId, new UserId($"{UserId}"), new ChannelId(ChannelId), MessageId, At, Attempts, Reason, DeadAt);
    }
}

/// <summary>PostgreSQL keeps every contract.</summary>
public static class PostgresConformance
{
    public sealed class Events : EventStoreContract<PostgresUnderTest>;

    public sealed class Annotations : AnnotationContract<PostgresUnderTest>;

    public sealed class Undelivered : UndeliveredTableContract<PostgresUnderTest>;

    public sealed class Snapshots : SnapshotTableContract<PostgresUnderTest>;

    public sealed class Models : ModelContract<PostgresUnderTest>;

    public sealed class Plugins : StorePluginContract<PostgresUnderTest>;

    public sealed class Accounts : AccountStoreContract<PostgresUnderTest>;

    public sealed class Contacts : ContactStoreContract<PostgresUnderTest>;

    public sealed class Cursors : CursorStoreContract<PostgresUnderTest>;

    public sealed class Receipts : ReceiptStoreContract<PostgresUnderTest>;

    public sealed class Presence : PresenceStoreContract<PostgresUnderTest>;

    public sealed class Outbox : PushOutboxContract<PostgresUnderTest>;

    public sealed class Leases : NodeLeasesContract<PostgresUnderTest>;

    public sealed class Records : NodeRecordsContract<PostgresUnderTest>;

    public sealed class Calls : CallContract<PostgresUnderTest>;

    public sealed class Crashes : CrashContract<PostgresUnderTest>;

    public sealed class Races : RaceContract<PostgresUnderTest>;

    public sealed class Shared : SharedStoreContract<PostgresUnderTest>;

    public sealed class Contents : StoreContentsContract<PostgresUnderTest>;
}
