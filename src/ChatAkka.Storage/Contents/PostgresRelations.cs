using ChatAkka.Storage.PostgreSql;
using Npgsql;

namespace ChatAkka.Storage.Contents;

/// <summary>A PostgreSQL store's tables, as <see cref="RelationalContents"/> reads and fills them.</summary>
internal sealed class PostgresRelations(PostgresDatabase database) : IRelationalDatabase
{
    /// <summary>See <see cref="RelationalContents"/>.</summary>
    public const string NextPersistenceIds =
        """
        SELECT p.id FROM persistence p
        WHERE p.id > @p0 AND EXISTS (SELECT FROM event e WHERE e.key = p.key) ORDER BY p.id LIMIT @p1
        """;

    /// <inheritdoc/>
    public Task<IReadOnlyList<object?[]>> QueryAsync(string sql, IReadOnlyList<object?> parameters, CancellationToken cancel) =>
        database.RunAsync<IReadOnlyList<object?[]>>(
            async (connection, token) =>
            {
                List<object?[]> rows = [];
                await using var command = new NpgsqlCommand(sql, connection);
                Add(command.Parameters, parameters);
                await command.ForEachAsync(reader => rows.Add(RelationalRow.Of(reader)), token).ConfigureAwait(false);
                return rows;
            },
            cancel);

    /// <inheritdoc/>
    public async Task ExecuteAsync(string sql, IReadOnlyList<object?[]> parameterSets, CancellationToken cancel)
    {
        if (parameterSets.Count == 0)
        {
            return;
        }

        try
        {
            await database.RunAsync(
                async (connection, token) =>
                {
                    await using var batch = new NpgsqlBatch(connection);
                    foreach (var parameters in parameterSets)
                    {
                        var command = new NpgsqlBatchCommand(sql);
                        Add(command.Parameters, parameters);
                        batch.BatchCommands.Add(command);
                    }

                    return await batch.ExecuteNonQueryAsync(token).ConfigureAwait(false);
                },
                cancel).ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState.StartsWith("23", StringComparison.Ordinal))
        {
            throw RelationalRow.Forbidden(e);
        }
    }

    private static void Add(NpgsqlParameterCollection parameters, IReadOnlyList<object?> values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            parameters.AddWithValue($"p{i}", values[i] ?? DBNull.Value);
        }
    }
}
