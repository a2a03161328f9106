using ChatAkka.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ChatAkka.Storage.Contents;

/// <summary>The embedded store's tables, as <see cref="RelationalContents"/> reads and fills them.</summary>
internal sealed class SqliteRelations(SqliteStore store) : IRelationalDatabase
{
    /// <summary>See <see cref="RelationalContents"/>.</summary>
    public const string NextPersistenceIds =
        """
        SELECT p.id FROM persistence p
        WHERE p.id > @p0 AND EXISTS (SELECT 1 FROM event e WHERE e.id BETWEEN (p.key << 32) AND (p.key << 32) + 4294967295)
        ORDER BY p.id LIMIT @p1
        """;

    /// <inheritdoc/>
    public Task<IReadOnlyList<object?[]>> QueryAsync(string sql, IReadOnlyList<object?> parameters, CancellationToken cancel) =>
        store.ReadAsync(session => Query(session, sql, parameters), cancel);

    /// <inheritdoc/>
    public Task ExecuteAsync(string sql, IReadOnlyList<object?[]> parameterSets, CancellationToken cancel) =>
        parameterSets.Count == 0 ? Task.CompletedTask : store.WriteAsync(session => Execute(session, sql, parameterSets), cancel);

    private static IReadOnlyList<object?[]> Query(SqliteSession session, string sql, IReadOnlyList<object?> parameters)
    {
        using var command = Command(session, sql, parameters);
        using var reader = command.ExecuteReader();
        List<object?[]> rows = [];
        while (reader.Read())
        {
            rows.Add(RelationalRow.Of(reader));
        }

        return rows;
    }

    private static bool Execute(SqliteSession session, string sql, IReadOnlyList<object?[]> parameterSets)
    {
        using var command = Command(session, sql, parameterSets[0]);
        try
        {
            foreach (var parameters in parameterSets)
            {
                for (var i = 0; i < parameters.Length; i++)
                {
                    command.Parameters[i].Value = parameters[i] ?? DBNull.Value;
                }

                command.ExecuteNonQuery();
            }

            return true;
        }
        catch (SqliteException e) when (e.SqliteErrorCode == raw.SQLITE_CONSTRAINT)
        {
            throw RelationalRow.Forbidden(e);
        }
    }

    private static SqliteCommand Command(SqliteSession session, string sql, IReadOnlyList<object?> parameters)
    {
        var command = session.Connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < parameters.Count; i++)
        {
            command.Parameters.AddWithValue($"@p{i}", parameters[i] ?? DBNull.Value);
        }

        return command;
    }
}
