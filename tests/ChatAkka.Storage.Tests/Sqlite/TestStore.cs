using ChatAkka.Storage.Migrations;
using ChatAkka.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace ChatAkka.Storage.Tests.Sqlite;

/// <summary>A store in a directory of its own whose writer thread a test can stop, watch and break.</summary>
internal sealed class TestStore : IAsyncDisposable
{
    private readonly TempDirectory? _directory;
    private readonly ManualResetEventSlim _mayWrite = new(true);
    private readonly ManualResetEventSlim _isHeld = new(false);
    private readonly List<int> _commits = [];
    private volatile string? _pragma;

    public TestStore(StorageOptions? options = null, TempDirectory? directory = null, TimeProvider? time = null)
    {
        _directory = directory is null ? new TempDirectory() : null;
        Path = (directory ?? _directory!).Path;
        Store = SqliteStore.Open(
            (options ?? new StorageOptions { HealthProbeIntervalMs = 10 }) with { DataDirectory = Path },
            time ?? TimeProvider.System,
            new WriterHooks { BeforeGroup = BeforeGroup, Committed = Committed },
            Migration.Sqlite);
    }

    public SqliteStore Store { get; }

    public string Path { get; }

    /// <summary>The number of writes in each commit so far.</summary>
    public int[] Commits
    {
        get
        {
            lock (_commits)
            {
                return [.. _commits];
            }
        }
    }

    /// <summary>A pragma that the writer's connection runs before each group; null for none.</summary>
    public string? WriterPragma
    {
        set => _pragma = value;
    }

    /// <summary>Keeps the writer thread from writing until <see cref="Release"/>; what is written meanwhile waits in its queue.</summary>
    /// <returns>The write, of nothing, with which it was caught.</returns>
    public Task Hold()
    {
        _isHeld.Reset();
        _mayWrite.Reset();
        var write = Store.WriteAsync(static _ => true, CancellationToken.None);
        _isHeld.Wait(TimeSpan.FromSeconds(20)).ShouldBeTrue("the writer thread takes the write");
        return write;
    }

    public void Release() => _mayWrite.Set();

    /// <summary>Asks the file itself, as an outside tool would.</summary>
    public T Scalar<T>(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={System.IO.Path.Combine(Path, "chatakka.db")};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (T)command.ExecuteScalar()!;
    }

    public async ValueTask DisposeAsync()
    {
        Release();
        await Store.DisposeAsync();
        _directory?.Dispose();
    }

    private void BeforeGroup(SqliteSession session)
    {
        _isHeld.Set();
        _mayWrite.Wait();
        session.Execute($"PRAGMA query_only=0; PRAGMA max_page_count=1000000000; {_pragma}");
    }

    private void Committed(int writes)
    {
        lock (_commits)
        {
            _commits.Add(writes);
        }
    }
}
