using Npgsql;

namespace ChatAkka.Storage.PostgreSql;

/// <summary>While the server is unavailable, tries at once and then at an interval whether it can write again.</summary>
internal sealed class PostgresProbe : IAsyncDisposable
{
    private const string Write = "INSERT INTO health_probe (id, at) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET at = health_probe.at + 1";

    private readonly NpgsqlDataSource _source;
    private readonly StoreHealth _health;
    private readonly TimeSpan _interval;
    private readonly CancellationTokenSource _closing = new();
    private readonly ITimer _timer;

    public PostgresProbe(NpgsqlDataSource source, StoreHealth health, TimeSpan interval, TimeProvider time)
    {
        (_source, _health, _interval) = (source, health, interval);
        _timer = time.CreateTimer(_ => _ = TryAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        health.Changed += OnChanged;
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _timer.DisposeAsync().ConfigureAwait(false);
    }

    private void OnChanged(StorageHealth health)
    {
        if (health.State == StorageState.Unavailable)
        {
            Arm(TimeSpan.Zero);
        }
    }

    // Armed again only when it has ended, so there is never a second one.
    private async Task TryAsync()
    {
        try
        {
            await using var connection = await _source.OpenConnectionAsync(_closing.Token).ConfigureAwait(false);
            await using var command = new NpgsqlCommand(Write, connection);
            await command.ExecuteNonQueryAsync(_closing.Token).ConfigureAwait(false);
            _health.Good();
        }
        catch (Exception e)
        {
            if (!_closing.IsCancellationRequested)
            {
                _source.Clear();
                _health.Bad(PostgresErrors.Sentence(e));
                Arm(_interval);
            }
        }
    }

    private void Arm(TimeSpan due)
    {
        try
        {
            _timer.Change(due, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // The store is closing.
        }
    }
}
