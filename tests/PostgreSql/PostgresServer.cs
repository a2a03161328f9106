using System.Collections.Concurrent;

namespace ChatAkka.Tests;

/// <summary>The PostgreSQL server of the tests: the one that CHATAKKA_POSTGRES names. Without it the tests that ask for one are skipped, and
/// say so.</summary>
internal static class PostgresServer
{
    private const string HowToEnable =
        $"{PostgresDatabases.Variable} names no PostgreSQL server. Run the tests by 'tests/postgres.sh dotnet test', which starts one.";

    private static readonly ConcurrentDictionary<string, bool> Left = [];

    // Whatever a test leaves behind goes with the process.
    static PostgresServer() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Task.WhenAll(Left.Keys.Select(DropAsync)).GetAwaiter().GetResult();

    /// <summary>Skips the test if no server is named.</summary>
    public static void Require() => Skip.If(!PostgresDatabases.IsNamed, HowToEnable);

    /// <summary>Makes a database and returns its connection string.</summary>
    /// <param name="clauses">What else <c>CREATE DATABASE</c> is told.</param>
    public static async Task<string> CreateDatabaseAsync(string clauses = "")
    {
        Require();
        var database = await PostgresDatabases.CreateAsync(clauses);
        Left[database] = true;
        return database;
    }

    /// <summary>Removes a database, whoever uses it.</summary>
    public static async Task DropAsync(string database)
    {
        await PostgresDatabases.DropAsync(database);
        Left.TryRemove(database, out _);
    }
}
