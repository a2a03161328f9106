using ChatAkka.Storage.Migrations;
using ChatAkka.Storage.Sqlite;
using ChatAkka.Storage.Tests.Migrations;
using Microsoft.Data.Sqlite;

namespace ChatAkka.Storage.Tests.Sqlite;

/// <summary>A SQLite file of any version.</summary>
public sealed class MigratedSqlite : IMigratedDatabase
{
    private const string Events =
        """
        INSERT INTO persistence (key, id, deleted_to) VALUES (1, 'channel-7001', 0), (2, 'user-11', 5);
        WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 34)
        INSERT INTO event (id, serializer, manifest, payload) SELECT 1 << 32 | n, 20, 'mp', cast('an event ' || n AS BLOB) FROM number;
        """;

    private const string Snapshots =
        """
        INSERT INTO snapshot (id, taken_at, serializer, manifest, payload)
        VALUES (1 << 32 | 30, 1000, 20, 'mp', cast('an event 30' AS BLOB))
        """;

    private const string Annotations = "INSERT INTO annotation (target, slot, event) VALUES (1 << 32 | 2, 't', 1 << 32 | 3)";

    private static readonly Migration[] Known =
    [
        .. Migration.Sqlite,
        new(
            Migration.Sqlite[^1].Version + 1,
            "9999_made_up",
            "CREATE TABLE made_up (id INTEGER); ALTER TABLE account ADD COLUMN made_up INTEGER NOT NULL DEFAULT 1"),
    ];

    private readonly TempDirectory _directory = new();

    public static int Newest => Known[^1].Version;

    public static IEnumerable<OldRows> RowsSince(int version) => version switch
    {
        1 =>
        [
            OldRows.Events(Events), OldRows.Snapshots(Snapshots), OldRows.Accounts, OldRows.Sessions("x'0001FE'"), OldRows.Cursors,
            OldRows.Leases,
        ],
        2 => [OldRows.Annotations(Annotations)],
        3 => [OldRows.Receipts],
        4 => [OldRows.Presence(until: 7)],
        5 => [OldRows.Contacts],
        6 => [OldRows.Pushes],
        7 => [OldRows.Undelivered],
        8 => [OldRows.Nodes],
        _ => [],
    };

    public Task<ChatStore> OpenAsync(int version) => Task.FromResult<ChatStore>(SqliteStore.Open(
        new StorageOptions { DataDirectory = _directory.Path }, TimeProvider.System, new WriterHooks(), Known[..version]));

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = Connection();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    public Task<IReadOnlyList<string>> SchemaAsync() =>
        QueryAsync("SELECT type || ' ' || name || ' of ' || tbl_name || ': ' || coalesce(sql, '') FROM sqlite_master ORDER BY type, name");

    public Task<IReadOnlyList<string>> TablesAsync() =>
        QueryAsync("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");

    public async Task<long> CountAsync(string table) => long.Parse((await QueryAsync($"SELECT count(*) FROM {table}"))[0]);

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<IReadOnlyList<string>> QueryAsync(string sql)
    {
        await using var connection = Connection();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var row = await command.ExecuteReaderAsync();
        List<string> values = [];
        while (await row.ReadAsync())
        {
            values.Add(row.GetString(0));
        }

        return values;
    }

    private SqliteConnection Connection()
    {
        var connection = new SqliteConnection($"Data Source={_directory.Database};Pooling=False");
        connection.Open();
        return connection;
    }
}

/// <summary>SQLite is migrated from every earlier version.</summary>
public sealed class SqliteMigrationTests : MigrationContract<MigratedSqlite>;
