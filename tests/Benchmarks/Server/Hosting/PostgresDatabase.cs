using Npgsql;

namespace Benchmarks.Server.Hosting;

/// <summary>A fresh database of the PostgreSQL server that CHATAKKA_POSTGRES names; disposing removes it.</summary>
internal sealed class PostgresDatabase : IDisposable
{
    private const string SumOfRelations = """
        SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        """;

    /// <exception cref="BenchmarkException">No server is named.</exception>
    public PostgresDatabase()
    {
        if (!PostgresDatabases.IsNamed)
        {
            throw new BenchmarkException(
                $"set {PostgresDatabases.Variable} to the connection string of a PostgreSQL server on this machine");
        }

        Processes = PostgresProcesses.Find(PostgresDatabases.Named("postgres"));
        ConnectionString = PostgresDatabases.CreateAsync().GetAwaiter().GetResult();
    }

    public string ConnectionString { get; }

    /// <summary>The processes of the whole server: nothing else should use it meanwhile.</summary>
    public PostgresProcesses Processes { get; }

    /// <summary>Bytes of all its tables with their indexes.</summary>
    public long Size
    {
        get
        {
            using var connection = new NpgsqlConnection(ConnectionString);
            connection.Open();
            using var command = new NpgsqlCommand(SumOfRelations, connection);
            return (long)command.ExecuteScalar()!;
        }
    }

    public void Dispose() => PostgresDatabases.DropAsync(ConnectionString).GetAwaiter().GetResult();
}
