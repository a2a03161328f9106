using System.Collections.Concurrent;
using Npgsql;

namespace ChatAkka.Storage.PostgreSql;

/// <summary>
/// Small reads, made together when the store is busy: a read takes a connection at once if one is free; those that come while none is wait
/// for the same one, and go in one round trip. When a node has died, and thousands of users and channels are loaded elsewhere, that
/// saves the server and the node most of what a read costs.
/// </summary>
/// <remarks>
/// Each statement sees what was committed when it begins. If the server refuses one of a group the others of that group fail with it:
/// reads are only refused by a server that is in trouble.
/// </remarks>
internal sealed class ReadLane(PostgresDatabase database)
{
    // Enough to make a round trip cheap. A read waits for those before it in its group, so not more.
    private const int MostTogether = 32;

    private readonly ConcurrentQueue<PendingRead> _waiting = new();

    // 1 while a connection is waited for: whatever comes meanwhile goes over that one.
    private int _isAsking;

    /// <summary>Reads rows; completes when each of them was given to <paramref name="receive"/>.</summary>
    /// <exception cref="Domain.Timelines.StorageUnavailableException">The server can't do it, or its answer was lost.</exception>
    public async Task ReadAsync(NpgsqlBatchCommand query, Action<NpgsqlDataReader> receive, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        database.ThrowIfUnavailable();
        var read = new PendingRead(query, receive, cancel);
        _waiting.Enqueue(read);
        AskIfAnyWait();
        await read.Completion.ConfigureAwait(false);
    }

    /// <summary>Reads rows, and makes something of each.</summary>
    /// <exception cref="Domain.Timelines.StorageUnavailableException">The server can't do it, or its answer was lost.</exception>
    public async Task<List<T>> ReadAsync<T>(NpgsqlBatchCommand query, Func<NpgsqlDataReader, T> make, CancellationToken cancel)
    {
        List<T> made = [];
        await ReadAsync(query, reader => made.Add(make(reader)), cancel).ConfigureAwait(false);
        return made;
    }

    // Never faults: every read that it takes gets an outcome.
    private async Task ReadTogetherAsync()
    {
        List<PendingRead> group = [];
        try
        {
            await database.RunAsync(
                async (connection, token) =>
                {
                    Volatile.Write(ref _isAsking, 0);
                    Take(group);
                    AskIfAnyWait();
                    await ExecuteAsync(connection, group, token).ConfigureAwait(false);
                    return group.Count;
                },
                CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            if (group.Count == 0)
            {
                // No connection was to be had: not for those either that have come meanwhile.
                Volatile.Write(ref _isAsking, 0);
                Take(group, int.MaxValue);
            }

            group.ForEach(read => read.Fail(e)); // those that have an outcome keep it
        }
    }

    private void AskIfAnyWait()
    {
        if (!_waiting.IsEmpty && Interlocked.Exchange(ref _isAsking, 1) == 0)
        {
            _ = ReadTogetherAsync();
        }
    }

    private void Take(List<PendingRead> group, int most = MostTogether)
    {
        while (group.Count < most && _waiting.TryDequeue(out var read))
        {
            if (!read.IsCanceled)
            {
                group.Add(read);
            }
            else
            {
                read.Cancel();
            }
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, List<PendingRead> group, CancellationToken cancel)
    {
        if (group.Count == 0)
        {
            return; // another one has taken all
        }

        await using var batch = new NpgsqlBatch(connection);
        group.ForEach(read => batch.BatchCommands.Add(read.Query));
        await using var reader = await batch.ExecuteReaderAsync(cancel).ConfigureAwait(false);
        foreach (var read in group)
        {
            while (await reader.ReadAsync(cancel).ConfigureAwait(false))
            {
                read.Receive(reader);
            }

            read.Succeed();
            await reader.NextResultAsync(cancel).ConfigureAwait(false);
        }
    }

    private sealed class PendingRead(NpgsqlBatchCommand query, Action<NpgsqlDataReader> receive, CancellationToken cancel)
    {
        // Asynchronous continuations: whoever reads must never run its callers' code.
        private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Exception? _fault;

        public NpgsqlBatchCommand Query => query;

        public Task Completion => _completion.Task;

        public bool IsCanceled => cancel.IsCancellationRequested;

        /// <summary>Hands on a row. A caller who chokes on one harms only itself.</summary>
        public void Receive(NpgsqlDataReader row)
        {
            try
            {
                if (_fault is null)
                {
                    receive(row);
                }
            }
            catch (Exception e)
            {
                _fault = e;
            }
        }

        public void Succeed()
        {
            if (_fault is null)
            {
                _completion.TrySetResult();
            }
            else
            {
                _completion.TrySetException(_fault);
            }
        }

        public void Fail(Exception reason) => _completion.TrySetException(reason);

        public void Cancel() => _completion.TrySetCanceled(cancel);
    }
}
