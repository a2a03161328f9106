using ChatAkka.Storage.Migrations;
using ChatAkka.Storage.PostgreSql;
using ChatAkka.Storage.Tests.Migrations;

namespace ChatAkka.Storage.Tests.PostgreSql;

/// <summary>A PostgreSQL database of any version.</summary>
public sealed class MigratedPostgres : IMigratedDatabase
{
    // 32 of them as a chunk.
    private const string Events =
        """
        INSERT INTO persistence (id, head) VALUES ('channel-7001', 34), ('user-11', 5);
        INSERT INTO event_chunk (key, first, serializers, manifests, payloads)
        SELECT key, 1, array_agg(20), array_agg('mp'::text), array_agg(convert_to('an event ' || n, 'UTF8') ORDER BY n)
        FROM persistence, generate_series(1, 32) AS n WHERE id = 'channel-7001' GROUP BY key;
        INSERT INTO event (key, sequence_nr, serializer, manifest, payload)
        SELECT key, n, 20, 'mp', convert_to('an event ' || n, 'UTF8')
        FROM persistence, generate_series(33, 34) AS n WHERE id = 'channel-7001';
        """;

    private const string Snapshots =
        """
        INSERT INTO snapshot (key, sequence_nr, taken_at, serializer, manifest, payload)
        SELECT key, 30, 1000, 20, 'mp', convert_to('an event 30', 'UTF8') FROM persistence WHERE id = 'channel-7001'
        """;

    private const string Annotations =
        """
        INSERT INTO annotation (key, target, slot, event, serializer, manifest, payload)
        SELECT key, 2, 't', 3, 20, 'mp', convert_to('an event 3', 'UTF8') FROM persistence WHERE id = 'channel-7001'
        """;

    private const string Schema =
        """
        SELECT concat_ws(' ', 'column', table_name, ordinal_position, column_name, data_type, collation_name, is_nullable, column_default,
                         is_identity)
        FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL SELECT concat_ws(' ', 'view', table_name, view_definition) FROM information_schema.views WHERE table_schema = 'public'
        UNION ALL SELECT concat_ws(' ', 'index', indexdef) FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT concat_ws(' ', 'function', pg_get_functiondef(oid)) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT concat_ws(' ', 'storage', attrelid::regclass, attname, attstorage) FROM pg_attribute
        WHERE attnum > 0 AND attrelid IN (SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace)
        UNION ALL SELECT concat_ws(' ', 'options', relname, array_to_string(reloptions, ',')) FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        ORDER BY 1
        """;

    private static readonly Migration[] Known =
    [
        .. Migration.PostgreSql,
        new(
            Migration.PostgreSql[^1].Version + 1,
            "9999_made_up",
            "CREATE TABLE made_up (id bigint); ALTER TABLE account ADD COLUMN made_up bigint NOT NULL DEFAULT 1"),
    ];

    private TestDatabase? _database;

    public static int Newest => Known[^1].Version;

    private TestDatabase Database => _database ?? throw new InvalidOperationException("The database was never opened.");

    public static IEnumerable<OldRows> RowsSince(int version) => version switch
    {
        1 =>
        [
            OldRows.Events(Events), OldRows.Snapshots(Snapshots), OldRows.Annotations(Annotations), OldRows.Undelivered, OldRows.Accounts,
            OldRows.Sessions(@"'\x0001FE'"), OldRows.Cursors, OldRows.Leases, OldRows.Receipts, OldRows.Presence(until: 1), OldRows.Contacts,
            OldRows.Pushes,
        ],
        2 => [OldRows.Nodes],
        _ => [],
    };

    public async Task<ChatStore> OpenAsync(int version)
    {
        _database ??= await TestDatabase.CreateBlankAsync();
        return await PostgresStore.ConnectAsync(Database.Options, TimeProvider.System, Known[..version], CancellationToken.None);
    }

    public Task ExecuteAsync(string sql) => Database.ExecuteAsync(sql);

    public Task<IReadOnlyList<string>> SchemaAsync() => Database.QueryAsync<string>(Schema);

    public Task<IReadOnlyList<string>> TablesAsync() =>
        Database.QueryAsync<string>("SELECT tablename FROM pg_tables WHERE schemaname = 'public'");

    public async Task<long> CountAsync(string table) => (await Database.QueryAsync<long>($"SELECT count(*) FROM {table}"))[0];

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }
}

/// <summary>PostgreSQL is migrated from every earlier version.</summary>
public sealed class PostgresMigrationTests : MigrationContract<MigratedPostgres>;
