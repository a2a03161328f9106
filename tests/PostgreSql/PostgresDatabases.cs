using Npgsql;

namespace ChatAkka.Tests;

/// <summary>Makes and removes databases of the PostgreSQL server that CHATAKKA_POSTGRES names.</summary>
internal static class PostgresDatabases
{
    /// <summary>The environment variable with the server's connection string.</summary>
    public const string Variable = "CHATAKKA_POSTGRES";

    private static readonly string? Server = Environment.GetEnvironmentVariable(Variable);

    /// <summary>True if a server is named.</summary>
    public static bool IsNamed => !string.IsNullOrEmpty(Server);

    /// <summary>Makes a database of a name that nothing else has, and returns its connection string.</summary>
    /// <param name="clauses">What else <c>CREATE DATABASE</c> is told.</param>
    public static async Task<string> CreateAsync(string clauses = "")
    {
        var name = $"chatakka_test_{Guid.NewGuid():N}";
        await ExecuteAsync($"CREATE DATABASE {name} {clauses}");
        return Named(name);
    }

    /// <summary>Removes a database, whoever uses it.</summary>
    public static Task DropAsync(string database) => ExecuteAsync($"DROP DATABASE IF EXISTS {NameOf(database)} WITH (FORCE)");

    /// <summary>The connection string of the server's database of a name.</summary>
    public static string Named(string name) => new NpgsqlConnectionStringBuilder(Server) { Database = name }.ConnectionString;

    /// <summary>The name of a database.</summary>
    public static string NameOf(string database) => new NpgsqlConnectionStringBuilder(database).Database!;

    /// <summary>Runs a statement outside of any such database.</summary>
    public static async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Server) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
