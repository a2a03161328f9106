using ChatAkka.Storage;
using Npgsql;

namespace Benchmarks.PostgreSql;

/// <summary>Opens what the benchmarks measure.</summary>
internal static class Databases
{
    /// <summary>A store on a database.</summary>
    public static Task<ChatStore> OpenAsync(string database) => ChatStore.OpenAsync(
        new StorageOptions { Provider = StorageOptions.Postgres, ConnectionString = database },
        TimeProvider.System,
        CancellationToken.None);

    /// <summary>A database as the store connects to it, but that no time-out ends a statement.</summary>
    public static string Settings(string database) => new NpgsqlConnectionStringBuilder(database)
    {
        CommandTimeout = 0,
        MaxAutoPrepare = 100,
        AutoPrepareMinUsages = 2,
        NoResetOnClose = true,
    }.ConnectionString;

    /// <summary>A connection to a database.</summary>
    public static async Task<NpgsqlConnection> ConnectAsync(string database)
    {
        var connection = new NpgsqlConnection(Settings(database));
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Runs a statement.</summary>
    /// <returns>Its first value.</returns>
    public static async Task<object?> ExecuteAsync(this NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
