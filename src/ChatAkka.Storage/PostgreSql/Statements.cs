using Npgsql;

namespace ChatAkka.Storage.PostgreSql;

/// <summary>Statements with their parameters.</summary>
internal static class Statements
{
    /// <summary>A statement of a batch.</summary>
    public static NpgsqlBatchCommand Of(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <summary>A statement on a connection.</summary>
    public static NpgsqlCommand Statement(this NpgsqlConnection connection, string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <summary>Runs a query and hands on each of its rows.</summary>
    public static async Task ForEachAsync(this NpgsqlCommand query, Action<NpgsqlDataReader> receive, CancellationToken cancel)
    {
        await using var reader = await query.ExecuteReaderAsync(cancel).ConfigureAwait(false);
        while (await reader.ReadAsync(cancel).ConfigureAwait(false))
        {
            receive(reader);
        }
    }
}
