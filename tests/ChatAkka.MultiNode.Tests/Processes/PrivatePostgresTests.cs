using ChatAkka.Tests.MultiNode;
using Npgsql;

namespace ChatAkka.MultiNode.Tests.Processes;

/// <summary>The store of the tests in which it is killed.</summary>
public sealed class PrivatePostgresTests
{
    [SkippableFact]
    public async Task Killed_server_comes_back_with_what_it_had_committed()
    {
        Skip.If(PrivatePostgres.Missing is not null, PrivatePostgres.Missing);
        await using var postgres = await PrivatePostgres.StartAsync();
        await ExecuteAsync(postgres, "CREATE TABLE t (x int); INSERT INTO t VALUES (7)");

        await postgres.KillAsync();
        await Should.ThrowAsync<NpgsqlException>(() => ExecuteAsync(postgres, "SELECT 1"));
        await postgres.RunAsync();

        (await ExecuteAsync(postgres, "SELECT x FROM t")).ShouldBe(7);
    }

    private static async Task<object?> ExecuteAsync(PrivatePostgres postgres, string sql)
    {
        var settings = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
