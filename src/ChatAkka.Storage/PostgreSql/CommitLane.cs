using ChatAkka.Domain.Timelines;
using ChatAkka.Storage.Writing;
using Npgsql;

namespace ChatAkka.Storage.PostgreSql;

/// <summary>
/// Commits writes in the order of their calls, one group at a time: what comes while a commit is under way goes with the next. So a quiet
/// write waits for nothing but its own commit, and a busy time pays one round trip and one sync for many.
/// Invariant: a write succeeds only after the commit that contains it has been answered.
/// </summary>
/// <remarks>
/// A group is one batch of statements, and the server makes a batch one transaction. If it refuses one of them, nothing of the group is
/// stored; then the guilty writes are told, if they can be found, and the others are committed without them; or else each by itself.
/// </remarks>
internal abstract class CommitLane<T> : IAsyncDisposable
    where T : PendingWrite
{
    private readonly PostgresDatabase _database;
    private readonly StorageOptions _options;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly WriteQueue<T> _queue;
    private readonly List<T> _group = [];
    private readonly Task _running;

    protected CommitLane(PostgresDatabase database, StorageOptions options, int lanes)
    {
        (_database, _options) = (database, options);
        _queue = new WriteQueue<T>(
            Math.Max(1, options.WriterQueueItems / lanes), options.WriterQueueMiB * 1024L * 1024 / lanes, () => _wake.Release());
        _running = Task.Run(RunAsync);
    }

    /// <summary>True if every write that was accepted has its outcome.</summary>
    public bool IsIdle => _queue.IsIdle;

    /// <summary>Refuses further writes and waits for the outcome of those that wait.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        await _running.ConfigureAwait(false);
    }

    /// <summary>Accepts a write.</summary>
    /// <exception cref="StorageUnavailableException">The server is known to be unavailable, or too much waits.</exception>
    protected void Enqueue(T write)
    {
        _database.ThrowIfUnavailable();
        _queue.Enqueue(write);
    }

    /// <summary>Brings what the group needs besides its batch. Nothing by default.</summary>
    protected virtual Task PrepareAsync(NpgsqlConnection connection, IReadOnlyList<T> group) => Task.CompletedTask;

    /// <summary>Adds the statements of the group to a batch.</summary>
    /// <param name="group">What can't go together with the rest is taken out of it.</param>
    /// <returns>What was taken out; it is committed next.</returns>
    protected abstract List<T> Fill(NpgsqlBatch batch, List<T> group);

    /// <summary>The server has refused the last batch: tells the writes that are to blame, and takes them out of the group.</summary>
    /// <returns>False if they can't be told from the others.</returns>
    protected virtual bool TryBlame(List<T> group, PostgresException refusal) => false;

    private async Task RunAsync()
    {
        while (true)
        {
            switch (_queue.TryTake(_group, _options.CommitGroupItems, _options.CommitGroupKiB * 1024L))
            {
                case Taken.Closed:
                    return;
                case Taken.Nothing:
                    await _wake.WaitAsync().ConfigureAwait(false);
                    break;
                default:
                    await CommitAllAsync(_group).ConfigureAwait(false);
                    break;
            }
        }
    }

    // Whatever happens here, the lane lives on and every write of the group gets an outcome.
    private async Task CommitAllAsync(List<T> group)
    {
        try
        {
            for (var pending = group; pending.Count > 0;)
            {
                pending = await CommitAsync([.. pending]).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            group.ForEach(write => write.Fail(e)); // those that have an outcome keep it
        }
    }

    /// <returns>What is to be committed next.</returns>
    private async Task<List<T>> CommitAsync(List<T> group)
    {
        List<T> next = [];
        var refusal = await _database.RunInLaneAsync(
            async (connection, _) =>
            {
                await PrepareAsync(connection, group).ConfigureAwait(false);
                await using var batch = new NpgsqlBatch(connection);
                next = Fill(batch, group);
                return batch.BatchCommands.Count == 0 ? null : await ExecuteAsync(batch).ConfigureAwait(false);
            },
            CancellationToken.None).ConfigureAwait(false);
        if (refusal is null)
        {
            group.ForEach(static write => write.Succeed());
            return next;
        }

        if (PostgresErrors.IsCollision(refusal) || TryBlame(group, refusal))
        {
            return [.. group, .. next];
        }

        await CommitEachAsync(group, refusal).ConfigureAwait(false);
        return next;
    }

    private async Task CommitEachAsync(List<T> group, PostgresException refusal)
    {
        if (group.Count == 1)
        {
            group[0].Fail(refusal);
            return;
        }

        foreach (var write in group)
        {
            for (List<T> single = [write]; single.Count > 0;)
            {
                single = await CommitAsync(single).ConfigureAwait(false);
            }
        }
    }

    /// <returns>Null, or why the server stored nothing of the batch.</returns>
    private static async Task<PostgresException?> ExecuteAsync(NpgsqlBatch batch)
    {
        try
        {
            await batch.ExecuteNonQueryAsync().ConfigureAwait(false);
            return null;
        }
        catch (PostgresException refusal) when (!PostgresErrors.IsUnavailable(refusal))
        {
            return refusal;
        }
    }
}
