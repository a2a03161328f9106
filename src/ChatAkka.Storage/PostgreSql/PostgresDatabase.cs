using ChatAkka.Domain.Timelines;
using Dapper;
using Npgsql;

namespace ChatAkka.Storage.PostgreSql;

/// <summary>
/// The connections to the server, and what is known of its health. Every statement goes through here, so that every failure of the server
/// becomes a <see cref="StorageUnavailableException"/> and is noticed.
/// </summary>
/// <remarks>
/// <para>
/// Lanes have a connection each whenever they want one; everybody else waits, in order and without holding a thread, until one
/// of the rest is free. So no number of reads can keep a commit waiting, and a busy store isn't taken for one that has failed.
/// </para>
/// <para>
/// After a failure nothing is tried until a probe has succeeded, which is made at once and then at an interval: who asks
/// meanwhile is told at once instead of waiting for a connection that doesn't come. The pooled connections are dropped, because
/// they most likely broke with it.
/// </para>
/// </remarks>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly StoreHealth _health;
    private readonly PostgresProbe _probe;
    private readonly SemaphoreSlim _free;
    private volatile bool _isClosed;

    public PostgresDatabase(NpgsqlDataSource source, StorageOptions options, TimeProvider time)
    {
        _source = source;
        _free = new SemaphoreSlim(options.MaxConnections - options.ReservedConnections);
        _health = new StoreHealth(time);
        _probe = new PostgresProbe(source, _health, TimeSpan.FromMilliseconds(options.HealthProbeIntervalMs), time);
    }

    public StoreHealth Health => _health;

    /// <summary>Runs something on a connection, as soon as one is free.</summary>
    /// <exception cref="StorageUnavailableException">The server can't do it, or its answer was lost.</exception>
    public async Task<T> RunAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> run, CancellationToken cancel)
    {
        ThrowIfUnavailable();
        await _free.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            return await RunInLaneAsync(run, cancel).ConfigureAwait(false);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>The rows of a query, as Dapper reads them.</summary>
    /// <exception cref="StorageUnavailableException">The server can't do it, or its answer was lost.</exception>
    public Task<List<T>> QueryAsync<T>(string sql, object parameters, CancellationToken cancel) => RunAsync(
        async (connection, token) =>
            (await connection.QueryAsync<T>(
                new CommandDefinition(sql, parameters, cancellationToken: token)).ConfigureAwait(false)).AsList(),
        cancel);

    /// <summary>Runs something for a lane, which never does two things at a time: a connection is there for it.</summary>
    /// <exception cref="StorageUnavailableException">The server can't do it, or its answer was lost.</exception>
    public async Task<T> RunInLaneAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> run, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        ThrowIfUnavailable();
        var recoveries = _health.Recoveries;
        try
        {
            await using var connection = await _source.OpenConnectionAsync(cancel).ConfigureAwait(false);
            return await run(connection, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (PostgresErrors.IsUnavailable(e))
        {
            throw Broken(e, recoveries);
        }
    }

    /// <summary>Runs something in a transaction, which is committed if it ends well. It is repeated if it collides with another, so it must
    /// have no effect but in the database.</summary>
    /// <exception cref="StorageUnavailableException">The server can't do it, or its answer was lost.</exception>
    public Task<T> TransactAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> run, CancellationToken cancel) => RunAsync(
        async (connection, token) =>
        {
            while (true)
            {
                try
                {
                    await using var transaction = await connection.BeginTransactionAsync(token).ConfigureAwait(false);
                    var result = await run(connection, token).ConfigureAwait(false);
                    await transaction.CommitAsync(token).ConfigureAwait(false);
                    return result;
                }
                catch (Exception e) when (PostgresErrors.IsCollision(e))
                {
                    // One of two that wait for each other wins, so this comes to an end.
                }
            }
        },
        cancel);

    /// <exception cref="StorageUnavailableException">The store is closed, or the server has failed and no probe has succeeded
    /// since.</exception>
    public void ThrowIfUnavailable()
    {
        if (_isClosed)
        {
            throw new StorageUnavailableException("The store is closed.");
        }

        if (_health.Current is { State: StorageState.Unavailable } health)
        {
            throw new StorageUnavailableException(health.Sentence);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _isClosed = true;
        await _probe.DisposeAsync().ConfigureAwait(false);
        await _source.DisposeAsync().ConfigureAwait(false);
    }

    // What was begun on a connection from before the last recovery tells of that outage.
    private StorageUnavailableException Broken(Exception e, int recoveries)
    {
        var unavailable = PostgresErrors.Unavailable(e);
        if (!_isClosed && recoveries == _health.Recoveries)
        {
            _source.Clear();
            _health.Bad(unavailable.Message);
        }

        return unavailable;
    }
}
