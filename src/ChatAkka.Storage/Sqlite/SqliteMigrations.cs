using ChatAkka.Storage.Migrations;

namespace ChatAkka.Storage.Sqlite;

/// <summary>
/// Brings a database to the program's schema, forward only. Each script commits together with its row in
/// <c>schema_version</c>; a crash in between leaves the database at a version that exists. Processes that start at once take turns, by the
/// database's write lock.
/// </summary>
internal static class SqliteMigrations
{
    // Ten minutes: another process may be at a migration of a large table.
    private const int Attempts = 600_000 / SqliteDatabase.BusyTimeoutMs;

    public static void Run(SqliteSession session, IReadOnlyList<Migration> migrations, DateTimeOffset now)
    {
        while (Next(session, migrations) is not null)
        {
            Begin(session);
            try
            {
                // Asked again: another process may have applied it meanwhile.
                if (Next(session, migrations) is { } migration)
                {
                    Apply(session, migration, now);
                }

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

    private static Migration? Next(SqliteSession session, IReadOnlyList<Migration> migrations) =>
        Migration.After(CurrentVersion(session), migrations).FirstOrDefault();

    private static void Begin(SqliteSession session)
    {
        for (var left = Attempts; left > 1; left--)
        {
            if (session.Prepare("BEGIN IMMEDIATE").TryExecute())
            {
                return;
            }
        }

        session.Prepare("BEGIN IMMEDIATE").Execute();
    }

    private static int CurrentVersion(SqliteSession session)
    {
        if (!session.Prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'").Any())
        {
            return 0;
        }

        var version = session.Prepare("SELECT coalesce(max(version), 0) FROM schema_version");
        version.Step();
        var current = (int)version.Int64(0);
        version.Reset();
        return current;
    }

    private static void Apply(SqliteSession session, Migration migration, DateTimeOffset now)
    {
        session.Execute(
            "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL)");
        session.Execute(migration.Sql);
        var insert = session.Prepare("INSERT INTO schema_version (version, name, applied_at) VALUES (?1, ?2, ?3)");
        insert.Bind(1, migration.Version);
        insert.Bind(2, migration.Name);
        insert.Bind(3, now.ToUnixTimeMilliseconds());
        insert.Execute();
    }
}
