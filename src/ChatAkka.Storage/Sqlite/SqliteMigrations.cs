using System.Globalization;
using System.Reflection;

namespace ChatAkka.Storage.Sqlite;

/// <summary>A numbered script. Numbers start at 1 and have no gap.</summary>
internal sealed record SqliteMigration(int Version, string Name, string Sql)
{
    private const string Prefix = "ChatAkka.Storage.Migrations.Sqlite.";

    /// <summary>The scripts of this program, in order.</summary>
    public static IReadOnlyList<SqliteMigration> All { get; } =
    [
        .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(resource => resource.StartsWith(Prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(Load),
    ];

    private static SqliteMigration Load(string resource)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!);
        var file = resource[Prefix.Length..];
        return new SqliteMigration(int.Parse(file.AsSpan(0, 4), CultureInfo.InvariantCulture), Path.GetFileNameWithoutExtension(file), reader.ReadToEnd());
    }
}

/// <summary>
/// Brings a database to the program's schema, forward only. Each script commits together with its row in
/// <c>schema_version</c>; a crash in between leaves the database at a version that exists.
/// </summary>
internal static class SqliteMigrations
{
    public static void Run(SqliteSession session, IReadOnlyList<SqliteMigration> migrations, DateTimeOffset now)
    {
        var current = CurrentVersion(session);
        var newest = migrations[^1].Version;
        if (current > newest)
        {
            throw new StorageOpenException(
                $"The database has schema version {current}, but this program knows none above {newest}: it was written by a newer version. Run that one.");
        }

        foreach (var migration in migrations.Where(migration => migration.Version > current))
        {
            Apply(session, migration, now);
        }
    }

    private static int CurrentVersion(SqliteSession session)
    {
        var exists = session.Prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'");
        var found = exists.Step();
        exists.Reset();
        if (!found)
        {
            return 0;
        }

        var version = session.Prepare("SELECT coalesce(max(version), 0) FROM schema_version");
        version.Step();
        var current = (int)version.Int64(0);
        version.Reset();
        return current;
    }

    private static void Apply(SqliteSession session, SqliteMigration migration, DateTimeOffset now)
    {
        session.Execute("BEGIN IMMEDIATE");
        try
        {
            session.Execute(
                "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL)");
            session.Execute(migration.Sql);
            var insert = session.Prepare("INSERT INTO schema_version (version, name, applied_at) VALUES (?1, ?2, ?3)");
            insert.Bind(1, migration.Version);
            insert.Bind(2, migration.Name);
            insert.Bind(3, now.ToUnixTimeMilliseconds());
            insert.Execute();
            session.Execute("COMMIT");
        }
        catch
        {
            if (session.InTransaction)
            {
                session.Execute("ROLLBACK");
            }

            throw;
        }
    }
}
