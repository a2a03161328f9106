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
using Microsoft.Data.Sqlite;

namespace ChatAkka.Storage.Tests.Sqlite;

/// <summary>SQLite in a directory of its own.</summary>
public class SqliteUnderTest : ConfiguredStore
{
    private readonly TempDirectory _directory = new();

    internal override StorageOptions Configure(StorageOptions options) =>
        options with { Provider = StorageOptions.Sqlite, DataDirectory = _directory.Path };

    internal override async Task<IReadOnlyList<DeadLetter>> DeadLettersAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={_directory.Database};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT push_id, user_id, channel_id, message_id, at, attempts, reason, dead_at FROM push_dead_letter ORDER BY id";
        await using var row = await command.ExecuteReaderAsync();
        List<DeadLetter> letters = [];
        while (await row.ReadAsync())
        {
            letters.Add(new DeadLetter(
                row.GetInt64(0), new UserId($"{row.GetInt64(1)}"), new ChannelId(row.GetString(2)), row.GetInt64(3), row.GetInt64(4),
                row.GetInt32(5), row.GetString(6), row.GetInt64(7)));
        }

        return letters;
    }

    private protected override ValueTask DropAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>SQLite in a directory that several may have open.</summary>
public sealed class SharedSqliteUnderTest : SqliteUnderTest
{
    internal override bool IsShared => true;
}

/// <summary>SQLite that may be shared keeps that contract too, and whatever depends on how writes begin.</summary>
public static class SharedSqliteConformance
{
    public sealed class Events : EventStoreContract<SharedSqliteUnderTest>;

    public sealed class Models : ModelContract<SharedSqliteUnderTest>;

    public sealed class Plugins : StorePluginContract<SharedSqliteUnderTest>;

    public sealed class Calls : CallContract<SharedSqliteUnderTest>;

    public sealed class Shared : SharedStoreContract<SharedSqliteUnderTest>;

    public sealed class Crashes : CrashContract<SharedSqliteUnderTest>;

    public sealed class Races : RaceContract<SharedSqliteUnderTest>;
}

/// <summary>SQLite that one process has to itself keeps every contract but that of stores that several share.</summary>
public static class SqliteConformance
{
    public sealed class Events : EventStoreContract<SqliteUnderTest>;

    public sealed class Annotations : AnnotationContract<SqliteUnderTest>;

    public sealed class Undelivered : UndeliveredTableContract<SqliteUnderTest>;

    public sealed class Snapshots : SnapshotTableContract<SqliteUnderTest>;

    public sealed class Models : ModelContract<SqliteUnderTest>;

    public sealed class Plugins : StorePluginContract<SqliteUnderTest>;

    public sealed class Accounts : AccountStoreContract<SqliteUnderTest>;

    public sealed class Contacts : ContactStoreContract<SqliteUnderTest>;

    public sealed class Cursors : CursorStoreContract<SqliteUnderTest>;

    public sealed class Receipts : ReceiptStoreContract<SqliteUnderTest>;

    public sealed class Presence : PresenceStoreContract<SqliteUnderTest>;

    public sealed class Outbox : PushOutboxContract<SqliteUnderTest>;

    public sealed class Leases : NodeLeasesContract<SqliteUnderTest>;

    public sealed class Records : NodeRecordsContract<SqliteUnderTest>;

    public sealed class Calls : CallContract<SqliteUnderTest>;

    public sealed class Crashes : CrashContract<SqliteUnderTest>;

    public sealed class Contents : StoreContentsContract<SqliteUnderTest>;
}
