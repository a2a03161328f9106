using Benchmarks.Server;
using Npgsql;

namespace Benchmarks.PostgreSql;

/// <summary>The PostgreSQL store by itself, without actors, on the server that CHATAKKA_POSTGRES names.</summary>
internal static class PostgresBenchmarks
{
    private const int Success = 0;
    private const int Failure = 1;
    private const int BadUsage = 2;

    public static async Task<int> RunAsync(string[] arguments)
    {
        try
        {
            if (!PostgresDatabases.IsNamed)
            {
                throw new BenchmarkException($"set {PostgresDatabases.Variable} to the connection string of a PostgreSQL server");
            }

            var options = PostgresBenchmarkOptions.Parse(arguments);
            await (options.Verb switch
            {
                "insert" => Inserts.RunAsync(options),
                "fill" => Filling.RunAsync(options),
                _ => PageReads.RunAsync(options),
            });
            return Success;
        }
        catch (FormatException e)
        {
            Console.Error.WriteLine(e.Message);
            Console.Error.WriteLine(PostgresBenchmarkOptions.Usage);
            return BadUsage;
        }
        catch (Exception e) when (e is BenchmarkException or NpgsqlException)
        {
            Console.Error.WriteLine(e.Message);
            return Failure;
        }
    }
}
