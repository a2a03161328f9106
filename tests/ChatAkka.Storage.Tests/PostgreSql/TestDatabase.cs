using Dapper;
using Npgsql;

namespace ChatAkka.Storage.Tests.PostgreSql;

/// <summary>A database of one test's own; gone with the test.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private static readonly Lazy<Task<string>> Template = new(CreateTemplateAsync);

    private readonly string _connectionString;

    private TestDatabase(string connectionString) => _connectionString = connectionString;

    /// <summary>How a store opens it.</summary>
    public StorageOptions Options => OptionsOf(_connectionString);

    /// <summary>One with the newest schema and nothing in it.</summary>
    public static async Task<TestDatabase> CreateAsync()
    {
        var database = new TestDatabase(await PostgresServer.CreateDatabaseAsync($"TEMPLATE {await Template.Value}"));

        // What makes a store different from all others isn't the template's.
        await database.ExecuteAsync("UPDATE push_origin SET value = substr(md5(current_database()), 1, 16)");
        return database;
    }

    /// <summary>One without any table.</summary>
    public static async Task<TestDatabase> CreateBlankAsync(string clauses = "") => new(await PostgresServer.CreateDatabaseAsync(clauses));

    /// <summary>How a store opens a database.</summary>
    public static StorageOptions OptionsOf(string connectionString) => new()
    {
        Provider = StorageOptions.Postgres,
        ConnectionString = connectionString,
        HealthProbeIntervalMs = 10,
    };

    /// <summary>Opens a database that may not be there.</summary>
    public static Task<ChatStore> OpenAsync(string connectionString) =>
        ChatStore.OpenAsync(OptionsOf(connectionString), TimeProvider.System, CancellationToken.None);

    public Task<ChatStore> OpenAsync() => OpenAsync(_connectionString);

    /// <summary>Asks the database itself, as an outside tool would.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(_connectionString + ";Pooling=false");
        return (await connection.QueryAsync<T>(sql)).AsList();
    }

    /// <summary>Runs a statement, even on a database that was made read-only.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_connectionString + ";Pooling=false;Options=-c default_transaction_read_only=off");
        await connection.ExecuteAsync(sql);
    }

    public async ValueTask DisposeAsync() => await PostgresServer.DropAsync(_connectionString);

    // Copying a migrated database takes a fraction of migrating one.
    private static async Task<string> CreateTemplateAsync()
    {
        var database = await CreateBlankAsync();
        await using (await database.OpenAsync())
        {
        }

        return new NpgsqlConnectionStringBuilder(database._connectionString).Database!;
    }
}
