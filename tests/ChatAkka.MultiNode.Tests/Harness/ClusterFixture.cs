using ChatAkka.Replay.Server;
using ChatAkka.Tests.MultiNode;

namespace ChatAkka.MultiNode.Tests.Harness;

/// <summary>Three nodes on a PostgreSQL database of their own, for the tests of one class. Started by the first of them: without a
/// PostgreSQL server there is none, and the test is skipped.</summary>
public abstract class ClusterFixture : IAsyncLifetime
{
    private string? _database;
    private ClusterOfServers? _cluster;

    internal ClusterOfServers Cluster => _cluster ?? throw new InvalidOperationException("no test has asked for the cluster yet");

    /// <summary>The store, if it may be killed.</summary>
    internal PrivatePostgres? Postgres { get; private set; }

    /// <summary>What nodes say to each other can be cut.</summary>
    private protected virtual bool IsLinked => false;

    /// <summary>The store may be killed.</summary>
    private protected virtual bool OwnsPostgres => false;

    /// <summary>Settings of every node.</summary>
    private protected virtual IReadOnlyDictionary<string, string> Options => ClusterSettings.Unlimited;

    public Task InitializeAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        if (_database is not null)
        {
            await PostgresServer.DropAsync(_database);
        }

        if (Postgres is not null)
        {
            await Postgres.DisposeAsync();
        }
    }

    /// <summary>Starts what isn't started yet; skips the test that calls if it can't be.</summary>
    internal async Task StartAsync()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Freezes and stops processes by signals, and gives nodes addresses, as Linux has them.");
        PostgresServer.Require();
        if (_cluster is not null)
        {
            return;
        }

        if (OwnsPostgres)
        {
            Skip.If(PrivatePostgres.Missing is not null, PrivatePostgres.Missing);
            Postgres = await PrivatePostgres.StartAsync();
        }
        else
        {
            _database = await PostgresServer.CreateDatabaseAsync();
        }

        _cluster = await ClusterOfServers.StartAsync(new ClusterSettings(ServerLocation.Find(null))
        {
            Database = Postgres?.ConnectionString ?? _database,
            IsLinked = IsLinked,
            Options = Options,
        });
    }
}

/// <summary>Ordinary ones.</summary>
public sealed class PlainCluster : ClusterFixture;

/// <summary>Nodes that show each other certificates.</summary>
public sealed class TlsCluster : ClusterFixture
{
    private readonly NodeCertificates _certificates = new();

    private protected override IReadOnlyDictionary<string, string> Options => _certificates.Settings;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _certificates.Dispose();
    }
}

/// <summary>Nodes that can be cut off from each other.</summary>
public sealed class LinkedCluster : ClusterFixture
{
    private protected override bool IsLinked => true;
}

/// <summary>Nodes on a PostgreSQL server that may be killed.</summary>
public sealed class ClusterOnOwnPostgres : ClusterFixture
{
    private protected override bool OwnsPostgres => true;
}
