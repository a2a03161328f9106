using ChatAkka.Storage.Migrations;
using Dapper;
using Npgsql;

namespace ChatAkka.Storage.PostgreSql;

/// <summary>
/// Brings a database to the program's schema, forward only. Each script commits together with its row in <c>schema_version</c>; a crash in
/// between leaves the database at a version that exists. Nodes that start at once take turns, by a lock that ends with its connection.
/// </summary>
internal static class PostgresMigrations
{
    // Any number, as long as every version of the program takes the same.
    private const long LockKey = 0x43686174416b6b61;

    public static async Task RunAsync(
        NpgsqlConnection connection, IReadOnlyList<Migration> migrations, DateTimeOffset now, CancellationToken cancel)
    {
        // As long as it takes: another node may be at a migration of a large table.
        await connection.ExecuteAsync(Command("SELECT pg_advisory_lock(@LockKey)", new { LockKey }, cancel)).ConfigureAwait(false);
        try
        {
            foreach (var migration in Migration.After(await VersionAsync(connection, cancel).ConfigureAwait(false), migrations))
            {
                await ApplyAsync(connection, migration, now, cancel).ConfigureAwait(false);
            }
        }
        finally
        {
            await connection.ExecuteAsync("SELECT pg_advisory_unlock(@LockKey)", new { LockKey }).ConfigureAwait(false);
        }
    }

    private static async Task<int> VersionAsync(NpgsqlConnection connection, CancellationToken cancel) =>
        await connection.QuerySingleAsync<bool>(
            Command("SELECT to_regclass('schema_version') IS NOT NULL", null, cancel)).ConfigureAwait(false)
            ? await connection.QuerySingleAsync<int>(
                Command("SELECT coalesce(max(version), 0) FROM schema_version", null, cancel)).ConfigureAwait(false)
            : 0;

    private static async Task ApplyAsync(NpgsqlConnection connection, Migration migration, DateTimeOffset now, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel).ConfigureAwait(false);
        await connection.ExecuteAsync(Command(
            "CREATE TABLE IF NOT EXISTS schema_version (version integer PRIMARY KEY, name text NOT NULL, applied_at bigint NOT NULL)",
            null,
            cancel))
            .ConfigureAwait(false);
        await connection.ExecuteAsync(Command(migration.Sql, null, cancel)).ConfigureAwait(false);
        var row = new { migration.Version, migration.Name, At = now.ToUnixTimeMilliseconds() };
        await connection.ExecuteAsync(Command(
            "INSERT INTO schema_version (version, name, applied_at) VALUES (@Version, @Name, @At)", row, cancel))
            .ConfigureAwait(false);
        await transaction.CommitAsync(cancel).ConfigureAwait(false);
    }

    private static CommandDefinition Command(string sql, object? parameters, CancellationToken cancel) =>
        new(sql, parameters, commandTimeout: 0, cancellationToken: cancel);
}
