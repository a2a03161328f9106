using ChatAkka.Storage.Writing;
using Npgsql;

namespace ChatAkka.Storage.PostgreSql;

/// <summary>Statements that wait to be executed, together or not at all.</summary>
internal sealed class PendingStatements(NpgsqlBatchCommand[] statements, CancellationToken cancel) : AwaitedWrite(cancel)
{
    public NpgsqlBatchCommand[] Statements => statements;
}

/// <summary>
/// Small writes that come at the rate of messages and are asked for no result: cursors, receipts, presence, pushes, deliveries. They take
/// effect in the order of their calls.
/// </summary>
internal sealed class StatementLane(PostgresDatabase database, StorageOptions options)
    : CommitLane<PendingStatements>(database, options, lanes: 1)
{
    /// <summary>Executes a statement, in a transaction with others that wait.</summary>
    /// <exception cref="Domain.Timelines.StorageUnavailableException">The server can't do it, or its answer was lost.</exception>
    public Task WriteAsync(NpgsqlBatchCommand statement, CancellationToken cancel) => WriteAsync([statement], cancel);

    /// <summary>Executes statements, all or none.</summary>
    /// <exception cref="Domain.Timelines.StorageUnavailableException">The server can't do it, or its answer was lost.</exception>
    public async Task WriteAsync(NpgsqlBatchCommand[] statements, CancellationToken cancel)
    {
        var write = new PendingStatements(statements, cancel);
        Enqueue(write);
        await write.Completion.ConfigureAwait(false);
    }

    protected override List<PendingStatements> Fill(NpgsqlBatch batch, List<PendingStatements> group)
    {
        foreach (var statement in group.SelectMany(write => write.Statements))
        {
            batch.BatchCommands.Add(statement);
        }

        return [];
    }
}
